"""The ledger itself on the command line: proved, copied, put back, brought up to date, read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from typer import Argument, Option

from billcli.cli import _options as o
from billcli.cli._ledger import opened
from billcli.cli._noun import Noun
from billcli.cli._progress import progress
from billcli.cli._prompt import Interrupted, confirm
from billcli.cli._root import run
from billcli.cli._show import at_a_terminal, say, show_list, show_one, warn
from billcli.errors import CheckFailed
from billcli.render.table import Column

if TYPE_CHECKING:
    from billcli.services.upkeep.soundness import Change

app = Noun("")

LOG = (
    Column("Row", "id", "number"),
    Column("When (UTC)", "at"),
    Column("Day", "day", "date"),
    Column("Who", "actor"),
    Column("Command", "command"),
    Column("What", "object"),
    Column("Matter", "matter"),
    Column("Change", "change"),
)

File = Annotated[str, Argument(metavar="FILE", help="The file of the backup.")]


@app.command("init", example="billcli init\nbillcli init --firm sample-firm.toml")
def init(
    firm: Annotated[
        str | None,
        Option("--firm", metavar="FILE.toml", help="A firm file to begin with."),
    ] = None,
    json: o.Json = False,
) -> None:
    """Make the ledger, which only you can read, and take in a firm file.

    Refused where a ledger exists. Where the firm file has a fault, no ledger is left behind.
    """
    from pathlib import Path

    from billcli.cli._firm_file import read_confirmed, told
    from billcli.services.upkeep import setup

    now = run()
    setup.refuse_existing(now.ledger)
    file, confirmed = read_confirmed(Path(firm)) if firm is not None else (None, None)
    view = setup.init(
        now.ledger,
        file,
        today=now.today,
        actor=now.actor,
        command=now.command,
        password_command=confirmed,
    )
    brought = f" It has {told(view.imported)}." if view.imported and view.imported.changed else ""
    sentence = f"The ledger is at {view.ledger}, in {view.currency}.{brought}"
    show_one(view, json=json, sentence=sentence)


@app.command("check", example="billcli check --json")
def check(json: o.Json = False) -> None:
    """Prove the ledger sound: one line for each finding, exit code 7 if there is one."""
    from billcli.services.upkeep import soundness

    path = run().ledger
    with progress("Proving") as tick:
        found = soundness.check(path, tick=tick)
    for warning in found.warnings:
        warn(warning)
    if json:
        show_one(found, json=True, sentence="")
    elif found.ok:
        say(f"The ledger is sound: {len(found.checks)} proofs, no findings.")
    else:
        for finding in found.findings:
            print_finding(finding)
    if not found.ok:
        count = len(found.findings)
        raise CheckFailed(
            "check.findings",
            f"The ledger {path} is not sound: {count} {'finding' if count == 1 else 'findings'}.",
            hint="Keep the file as it is, and restore a backup: billcli restore FILE.",
        )


def print_finding(finding: str) -> None:
    """A finding is a result: --quiet doesn't mute it."""
    from billcli.cli._show import print_text
    from billcli.values.text import visible

    print_text(visible(finding))


@app.command("backup", example="billcli backup ~/backups/ledger-2026-11-30.db")
def backup(
    file: File,
    force: Annotated[bool, Option("--force", help="Replace an older backup in FILE.")] = False,
    json: o.Json = False,
) -> None:
    """Copy the ledger to a file, while others work on, and read the copy again."""
    from pathlib import Path

    from billcli.services.upkeep import backups

    with progress("Copying and reading the copy"):
        made = backups.backup(run().ledger, Path(file).expanduser(), force=force)
    show_one(
        made,
        json=json,
        sentence=f"Backup {made.file} made: {made.changes} changes, {made.bytes} bytes.",
    )


@app.command("restore", example="billcli restore ~/backups/ledger-2026-11-30.db --yes")
def restore(file: File, json: o.Json = False) -> None:
    """Put a backup in the ledger's place; what was there is kept beside it."""
    from pathlib import Path

    from billcli.services.upkeep import backups

    now, source = run(), Path(file).expanduser()
    changes = backups.examine(source)
    if now.ledger.exists() and not now.yes:
        question = f"Replace {now.ledger} by {source}, which holds {changes} changes?"
        if not confirm(question, default=False):
            raise Interrupted
    with progress("Restoring"):
        done = backups.restore(
            now.ledger, source, actor=now.actor, today=now.today, command=now.command
        )
    kept = f" What was there is kept as {done.replaced}." if done.replaced else ""
    show_one(
        done,
        json=json,
        sentence=f"Ledger restored from {source}: {done.changes} changes.{kept}",
    )


@app.command("migrate", example="billcli migrate")
def migrate(json: o.Json = False) -> None:
    """Bring an older ledger up to this program, after a copy beside it."""
    from billcli.services.upkeep import soundness

    with progress("Copying and migrating"):
        done = soundness.migrated(run().ledger)
    if done.backup is None:
        sentence = f"The ledger has schema {done.now}, the newest; nothing to do."
    else:
        sentence = (
            f"The ledger went from schema {done.before} to {done.now};"
            f" as it was it is kept in {done.backup}."
        )
    show_one(done, json=json, sentence=sentence)


@app.command("log", example="billcli log --matter 2026-001 --since 2026-11-01")
def log(
    matter: o.MatterOption = None,
    since: o.Since = None,
    json: o.Json = False,
    csv: o.Csv = False,
) -> None:
    """List who did what, and when."""
    from billcli.services.upkeep import soundness
    from billcli.values.dates import read_day

    with opened() as ledger:
        day = read_day(since, ledger.today, what="first day", past=True) if since else None
        changes = soundness.log(ledger, matter=matter, since=day)
        whole = csv or not at_a_terminal()
        rows = changes if json else [_line(change, ledger.decimals, whole) for change in changes]
        show_list(
            rows,
            LOG,
            json=json,
            csv=csv,
            empty="Nothing was changed yet.",
            decimals=ledger.decimals,
        )


def _line(change: Change, decimals: int, whole: bool) -> dict[str, object]:
    from dataclasses import asdict

    row = asdict(change)
    row["at"] = change.at[:19].replace("T", " ")
    row["change"] = _told(change, decimals, whole)
    return row


def _told(change: Change, decimals: int, whole: bool) -> str:
    """What a change did, in a line: `terms_days: 30 → 14`; long values are cut on a terminal only.

    A spreadsheet and a pipe have room for all of it (B31).
    """
    from billcli.render.json import jsonable

    before, after = (jsonable(said or {}, decimals) for said in (change.before, change.after))
    told = []
    for name in dict.fromkeys([*before, *after]):
        was, now = (_short(said.get(name), whole) for said in (before, after))
        both = name in before and name in after
        one = was if name in before else now
        told.append(f"{name}: {f'{was} → {now}' if both else one}")
    return "; ".join(told)


def _short(value: object, whole: bool) -> str:
    import json

    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    if value is None:
        text = "-"
    return text if whole or len(text) <= 60 else text[:59] + "…"
