"""Backups of the ledger, and a backup put back in its place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from billcli.errors import LedgerProblem, Refused, UsageProblem
from billcli.services.upkeep.soundness import refuse_missing
from billcli.store import checks, copies, migrate, refusals
from billcli.store.ledger import open_ledger


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was made and read again."""

    file: Path
    changes: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Restored:
    """A backup that took the ledger's place; `replaced` is where the old one is kept."""

    file: Path
    changes: int
    replaced: Path | None


def backup(path: Path, target: Path, *, force: bool = False) -> Backup:
    """Copy the ledger to a file, as of one moment, and read the copy again.

    Refused: `backup.exists`, `backup.smaller`, `backup.other`, `backup.same`.
    """
    refuse_missing(path)
    if target.is_dir():
        raise _folder(target)
    if not target.parent.is_dir():
        raise UsageProblem("file.no-folder", f"There is no folder {target.parent}.")
    with refusals.translated(path):
        migrate.version_of(path)
        there = _may_take(path, target, force=force)
        try:
            held = copies.copy(path, target, anew=not there)
        except FileExistsError:
            raise _exists(target) from None
    return Backup(target, held.changes, target.stat().st_size)


def restore(path: Path, source: Path, *, actor: str, today: str | None, command: str) -> Restored:
    """Put a backup in the ledger's place; what was there is kept beside it, named by the moment.

    Refused: `restore.unsound`, `restore.same`.
    """
    changes = examine(source)
    if path.is_dir():
        raise _folder(path)
    if path.exists() and path.samefile(source):
        raise Refused("restore.same", f"{source} is the ledger itself.")
    replaced = None
    if path.exists():
        replaced = _free(path.with_name(f"{path.name}.replaced-{datetime.now(UTC):%Y%m%dT%H%M%S}"))
        with refusals.translated(path):
            _put_back(source, path, replaced)
    else:
        copies.drop_strays(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        with refusals.translated(path):
            copies.copy(source, path)
            copies.write_ahead(path)
    ledger = open_ledger(path, today=today, actor=actor, command=command)
    try:
        with ledger.write():
            ledger.record("ledger", before=None, after={"restored": str(source)})
    finally:
        ledger.close()
    return Restored(source, changes, replaced)


def examine(source: Path) -> int:
    """Refuse a backup that is no sound ledger of a known version; returns its changes."""
    if not source.exists():
        raise UsageProblem("backup.missing", f"There is no file {source}.")
    with refusals.translated(source):
        if migrate.version_of(source) == migrate.newest():
            findings = [said for proof in checks.prove(source) for said in proof.findings]
        else:
            findings = copies.faults_of(source)
        if findings:
            raise Refused(
                "restore.unsound",
                f"{source} is no sound ledger ({len(findings)} findings): {findings[0]}",
                hint=f"See all of them: billcli --ledger {source} check",
            )
        return copies.contents_of(source).changes


def _put_back(source: Path, path: Path, replaced: Path) -> None:
    try:
        copies.copy(path, replaced, proved=False)
    except copies.FAILURES as error:
        said = refusals.refusal(error, path)
        if said is not None and said.code in ("ledger.busy", "ledger.full"):
            raise
        # What SQLite can't read is kept as it lies there, logs and all.
        copies.set_aside(path, replaced)
        copies.copy(source, path)
        copies.write_ahead(path)
        return
    try:
        copies.put_back(source, path)
    except copies.FAILURES:
        replaced.unlink(missing_ok=True)
        raise


def _may_take(path: Path, target: Path, *, force: bool) -> bool:
    """Whether a file is there that may be replaced."""
    if not target.exists():
        return False
    if target.samefile(path):
        raise Refused("backup.same", f"{target} is the ledger itself.")
    if not force:
        raise _exists(target)
    try:
        migrate.version_of(target)
        there = copies.contents_of(target).changes
    except (LedgerProblem, *copies.FAILURES):
        raise Refused(
            "backup.other",
            f"{target} is no backup of a ledger; it is left alone.",
            hint="Name another file.",
        ) from None
    here = copies.contents_of(path).changes
    if there > here:
        raise Refused(
            "backup.smaller",
            f"{target} holds {there} changes, the ledger {here}; the fuller one is kept.",
            hint="Name another file.",
        )
    return True


def _exists(target: Path) -> Refused:
    return Refused(
        "backup.exists",
        f"There is a file {target} already.",
        hint="Name another, or replace it with --force.",
    )


def _free(path: Path) -> Path:
    n, free = 1, path
    while free.exists():
        n += 1
        free = path.with_name(f"{path.name}-{n}")
    return free


def _folder(path: Path) -> UsageProblem:
    return UsageProblem("file.folder", f"{path} is a folder.", hint="Name a file in it.")
