"""The ledger proved sound, brought up to date, and its log read."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from billcli.errors import LedgerProblem
from billcli.store import audit, checks, find, migrate, refusals
from billcli.store.checks import Proof

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Soundness:
    """What the proofs came to; warnings are no findings."""

    ok: bool
    checks: tuple[Proof, ...]
    warnings: tuple[str, ...]

    @property
    def findings(self) -> tuple[str, ...]:
        """Every fault, after the name of its proof."""
        return tuple(f"{proof.name}: {said}" for proof in self.checks for said in proof.findings)


@dataclass(frozen=True, slots=True)
class Migrated:
    """The schema before and after; `backup` is the copy made first."""

    before: int
    now: int
    backup: Path | None


@dataclass(frozen=True, slots=True)
class Change:
    """A row of the audit log; `at` is the real moment in UTC, `day` the day of the run."""

    id: int
    at: str
    day: date
    actor: str
    command: str
    object: str
    matter: str | None
    before: dict[str, Any] | None
    after: dict[str, Any] | None


def check(path: Path, *, tick: Callable[[int, int], None] | None = None) -> Soundness:
    """Prove the ledger sound; changes nothing, and waits for nobody."""
    refuse_missing(path)
    with refusals.translated(path):
        version = migrate.version_of(path)
        if version < migrate.newest():
            raise LedgerProblem(
                "ledger.older",
                f"The ledger {path} has schema {version}; this program proves {migrate.newest()}.",
                hint="Bring it up first: billcli migrate",
            )
        proved = tuple(checks.prove(path, tick=tick))
    return Soundness(all(proof.ok for proof in proved), proved, _warnings(path))


def log(ledger: Ledger, *, matter: str | None = None, since: date | None = None) -> list[Change]:
    """Who did what and when, oldest first; `since` is a day of a run."""
    matter_id = find.matter(ledger, matter).id if matter else None
    return [
        Change(
            row.id,
            row.at,
            date.fromisoformat(row.today),
            row.actor,
            row.command,
            row.object,
            row.matter,
            _said(row.before),
            _said(row.after),
        )
        for row in audit.rows(ledger, matter_id=matter_id, since=since)
    ]


def migrated(path: Path) -> Migrated:
    """Bring an older ledger up to this program's schema, after a copy beside it."""
    refuse_missing(path)
    with refusals.translated(path):
        before = migrate.version_of(path)
        kept = migrate.bring_up(path)
        return Migrated(before, migrate.version_of(path), kept)


def refuse_missing(path: Path) -> None:
    """A command of care makes no ledger where there is none."""
    if not path.exists():
        raise LedgerProblem(
            "ledger.missing",
            f"There is no ledger at {path}.",
            hint="Make one with `billcli init`, or name another with --ledger PATH.",
        )


def _warnings(path: Path) -> tuple[str, ...]:
    """What is no fault of the ledger, but ought to be seen."""
    if os.name != "posix":
        return ()
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        return (f"{path} can be read by others (mode {mode:o}); `chmod 600` keeps it yours.",)
    return ()


def _said(text: str | None) -> dict[str, Any] | None:
    """The fields of a change; a number that JSON writes with a point stays text."""
    if text is None:
        return None
    said = json.loads(text, parse_float=str)
    return said if isinstance(said, dict) else {"value": said}
