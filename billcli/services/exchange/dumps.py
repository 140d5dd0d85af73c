"""The whole ledger out as one document, and such a document in as a new ledger."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from billcli.deliver import files
from billcli.errors import Refused
from billcli.formats.dump import model, reader, writer
from billcli.store import checks, copies, dump_shape, dumping, filling, making, migrate, refusals
from billcli.store.dumping import Moment
from billcli.values.money import decimals_of


@dataclass(frozen=True, slots=True)
class Exported:
    """A dump that was written: what is in it, and the file that it is in."""

    schema: int
    tables: int
    rows: int
    bills: int
    changes: int
    file: Path | None


@dataclass(frozen=True, slots=True)
class Imported:
    """A dump that became a ledger; `replaced` is where the empty one that was there is kept."""

    ledger: Path
    schema: int
    rows: int
    bills: int
    changes: int
    dry_run: bool
    replaced: Path | None


def export(
    path: Path,
    *,
    out: Path | None = None,
    sink: Callable[[bytes], object] = bytes,
    force: bool = False,
) -> Exported:
    """Write everything that a ledger holds at this moment, to a file or piece by piece to `sink`.

    It is read in one transaction and never held in memory as a whole. UsageProblem `file.exists`.
    """
    with refusals.translated(path), dumping.moment(path) as now:
        counted = _Counted()
        lines = writer.lines(_head(now), counted.of(now))
        if out is None:
            for line in lines:
                sink(line)
        else:
            files.pour(out, lines, force=force)
        rows = counted.rows
        total = sum(rows.values())
        return Exported(now.schema, len(rows), total, rows["bill"], rows["audit"], out)


class _Counted:
    """The tables on their way out, and how many rows they had."""

    def __init__(self) -> None:
        self.rows: dict[str, int] = {}

    def of(self, now: Moment) -> Iterator[tuple[model.Table, Iterator[tuple[model.Value, ...]]]]:
        abouts = dump_shape.abouts()
        for table in now.tables:
            columns = tuple(model.Column(c.name, c.type, c.unit) for c in table.columns)
            said = model.Table(table.name, abouts.get(table.name, ""), columns)
            yield said, self._count(table.name, now.rows(table))

    def _count(self, table: str, rows: dumping.Rows) -> dumping.Rows:
        self.rows[table] = 0
        for row in rows:
            self.rows[table] += 1
            yield row


def _head(now: Moment) -> model.Head:
    return model.Head(now.schema, now.currency, decimals_of(now.currency), now.counters)


def import_(path: Path, source: Path, *, dry_run: bool = False) -> Imported:
    """Make a ledger of a dump: every row as it was, proved by all of `check`, or nothing.

    Refused `dump.newer`, `dump.row`, `dump.unsound`, `dump.not-empty`; UsageProblem `dump.damaged`,
    `dump.format`.
    """
    with source.open("rb") as lines:
        dump = reader.Dump(lines, source.name)
        if dump.head.schema > migrate.newest():
            raise reader.newer(dump.name, "schema", dump.head.schema, migrate.newest())
        there = path.exists()
        if there:
            _refuse_full(path)
        elif not dry_run:
            making.refuse_existing(path)
        replaced = None
        with (
            refusals.translated(path),
            _in_the_making(path, dump, there=there, dry_run=dry_run) as part,
        ):
            held = _fill(part, dump)
            if there and not dry_run:
                replaced = _take_the_place(part, path)
        count = dict(held.rows)
        return Imported(
            path,
            dump.head.schema,
            sum(count.values()),
            count.get("bill", 0),
            held.changes,
            dry_run,
            replaced,
        )


@contextmanager
def _in_the_making(path: Path, dump: reader.Dump, *, there: bool, dry_run: bool) -> Iterator[Path]:
    """A file for the new ledger: beside it, or where nothing is kept of it."""
    if not there and not dry_run:
        with making.in_the_making(path, schema=dump.head.schema) as part:
            yield part
        return
    near = path.parent if not dry_run else None
    with TemporaryDirectory(dir=near, prefix=".billcli-") as folder:
        part = Path(folder) / "ledger.db"
        migrate.create(part, version=dump.head.schema)
        yield part


def _fill(part: Path, dump: reader.Dump) -> copies.Contents:
    """The rows into the new file, and every proof over it."""
    with filling.filling(part, dump.name) as new:
        missing = dict(new.tables)
        for table, rows in dump.tables():
            shape = missing.pop(table.name, None)
            if shape is None or shape.names != tuple(column.name for column in table.columns):
                raise dump.damaged(
                    f"{table.name} isn't a table as schema {dump.head.schema} has it"
                )
            for row in rows:
                new.put(table.name, row.line, row.values)
        if missing:
            raise dump.damaged(f"the table {next(iter(missing))} is missing")
        new.play(dump.head.counters)
    migrate.bring_up(part, keep=False)
    findings = [f"{proof.name}: {said}" for proof in checks.prove(part) for said in proof.findings]
    if findings:
        raise Refused(
            "dump.unsound",
            f"{dump.name} would make no sound ledger ({len(findings)} findings): {findings[0]}",
            hint="Nothing was kept. `billcli check` proves the ledger that it came from.",
        )
    with dumping.moment(part) as now:
        if now.currency != dump.head.currency:
            raise dump.damaged(f"its settings say {now.currency}, its head {dump.head.currency}", 1)
        return copies.contents(now.dbapi)


def _refuse_full(path: Path) -> None:
    with refusals.translated(path):
        migrate.version_of(path)
        held = filling.holds(path)
    if held is not None:
        raise Refused(
            "dump.not-empty",
            f"The ledger {path} holds {held}; a dump becomes a ledger of its own.",
            hint="Name one that isn't there yet: billcli --ledger PATH import json FILE",
        )


def _take_the_place(part: Path, path: Path) -> Path:
    """Put the new ledger where an empty one is, of which a copy stays, as `restore` does."""
    kept = path.with_name(f"{path.name}.replaced-{datetime.now(UTC):%Y%m%dT%H%M%S%f}")
    copies.copy(path, kept)
    try:
        _refuse_full(kept)
        copies.put_back(part, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(kept)
        raise
    return kept
