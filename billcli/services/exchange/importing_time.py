"""Time from other programs: read whole, priced by our own rules, kept once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from billcli.core import options
from billcli.core.matter import Version, in_force
from billcli.errors import BillError
from billcli.formats.imports import time_sheets, timewarrior
from billcli.formats.imports.model import Place, TimeRow
from billcli.services.exchange.importing import Matters, Timekeepers, placed
from billcli.services.work import time as time_service
from billcli.services.work.recording import FREE, priced
from billcli.store import entries, imports, matters, recording, settings
from billcli.store.models import MatterRow
from billcli.store.rate_book import RateBook

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger

SOURCES = (*time_sheets.PRESETS, "timewarrior")


@dataclass(frozen=True, slots=True)
class Asked:
    """How a file of time is to be read."""

    source: str
    columns: Mapping[str, str]
    mapped: Mapping[str, str]
    order: str | None = None
    timekeeper: str | None = None
    bill_all: bool = False
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class Imported:
    """A row that came in, or would; `id` is None as long as nothing is kept."""

    row: int
    id: str | None
    date: date
    matter: str
    timekeeper: str
    hours_e4: int
    rate_e4: int
    amount_cents: int
    behavior: str
    description: str


@dataclass(frozen=True, slots=True)
class TimeImport:
    """What an import of time brought; `known` rows were imported before, `running` ones go on."""

    source: str
    dry_run: bool
    new: int
    known: int
    running: int
    hours_e4: int
    amount_cents: int
    entries: tuple[Imported, ...]
    warnings: tuple[str, ...] = ()


def take(ledger: Ledger, content: bytes, asked: Asked) -> TimeImport:
    """Import a file of time: all of it, or nothing. What was imported before stays as it is.

    UsageProblem: `import.unreadable`, `import.columns`, `import.row`. NotFound `matter.missing`,
    `timekeeper.missing`.
    """
    with ledger.write():
        made = _Making(ledger, asked)
        found = made.all(_read(ledger, content, asked))
        kept: dict[str, int] = {}
        if not asked.dry_run and made.values:
            ids = imports.add_entries(ledger, "time", made.values)
            kept = dict(zip(made.keys, ids, strict=True))
            imports.keep(ledger, "time", asked.source, kept)
            told = {"source": asked.source, "entries": len(ids), "first": ids[0], "last": ids[-1]}
            ledger.record("import of time", after=told)
        lines = tuple(
            _line(row, matter, values, kept.get(key))
            for (row, matter, values), key in zip(found, made.keys, strict=True)
        )
        return TimeImport(
            source=asked.source,
            dry_run=asked.dry_run,
            new=len(lines),
            known=made.known_rows,
            running=made.running,
            hours_e4=sum(line.hours_e4 for line in lines),
            amount_cents=sum(line.amount_cents for line in lines if line.behavior == "bill"),
            entries=lines,
            warnings=_warnings(ledger, lines, made.agreed) if kept else (),
        )


def _read(ledger: Ledger, content: bytes, asked: Asked) -> Iterable[TimeRow | Place]:
    if asked.source == "timewarrior":
        return timewarrior.time_rows(content, timezone=str(settings.get(ledger, "firm.timezone")))
    return time_sheets.time_rows(content, asked.source, columns=asked.columns, order=asked.order)


@dataclass(frozen=True, slots=True)
class _Terms:
    """What a matter says of its time."""

    increment_minutes: int
    rounding: str
    behavior: str
    versions: tuple[Version, ...]


class _Making:
    """Entries of time from rows, as time.add makes each of them, with every question asked once."""

    def __init__(self, ledger: Ledger, asked: Asked) -> None:
        self._ledger, self._asked = ledger, asked
        self._matters = Matters(ledger, asked.mapped)
        self._who = Timekeepers(ledger, asked.timekeeper)
        self._rates = RateBook(ledger)
        self._firm = settings.all_(ledger)
        self._terms: dict[int, _Terms] = {}
        self._versions = matters.versions(ledger)
        self._known = imports.known(ledger, "time", asked.source)
        self._places: dict[str, Place] = {}
        self.keys: list[str] = []
        self.values: list[dict[str, Any]] = []
        self.agreed: set[str] = set()
        self.known_rows = self.running = 0

    def all(self, rows: Iterable[TimeRow | Place]) -> list[tuple[TimeRow, str, dict[str, Any]]]:
        """Each new row with its matter's number and the entry that it becomes."""
        found = []
        for row in rows:
            if isinstance(row, Place):
                self.running += 1
                continue
            matter, others = self._matters.of(row.place, row.matter, row.tags)
            if any(version.kind != "hourly" for version in self._versions[matter.id or 0]):
                self.agreed.add(matter.number)
            values = self._entry(row, matter, others)
            key = f"{values['timekeeper_id']}:{row.key}" if self._personal else row.key
            if key in self._places:
                other = self._places[key]
                raise row.place.missing("its id", f"{other.what.lower()} {other.row} has it too.")
            self._places[key] = row.place
            if key in self._known:
                self.known_rows += 1
                continue
            self.keys.append(key)
            self.values.append(values)
            found.append((row, matter.number, values))
        return found

    @property
    def _personal(self) -> bool:
        # Its file doesn't say whose it is, and two people may begin at the same second.
        return self._asked.source == "timewarrior"

    def _entry(self, row: TimeRow, matter: MatterRow, others: tuple[str, ...]) -> dict[str, Any]:
        place = row.place
        assert matter.id is not None
        who = self._who.of(place, row.who_column or "the timekeeper", matter, row.email, row.who)
        if row.day > self._ledger.today:
            today = self._ledger.today
            raise place.missing("the date", f"{row.day} is in the future; today is {today}.")
        description = row.description or row.task or ", ".join(others)
        if not description:
            raise place.missing(row.description_column, "nothing says what was done.")
        terms = self._terms_of(matter.id)
        try:
            behavior = self._behavior(row, terms)
            values = self._priced(row, matter, who, terms)
        except BillError as problem:
            raise placed(place, row.description_column, problem) from None
        return {
            **values,
            "behavior": behavior,
            "description": description,
            "task_code": row.task_code,
            "activity_code": row.activity_code,
        }

    def _priced(self, row: TimeRow, matter: MatterRow, who: str, terms: _Terms) -> dict[str, Any]:
        rate_e4 = row.rate_e4
        if rate_e4 is None:
            rate_e4 = self._rates.in_force(
                who,
                client=matter.client_id,
                matter=matter.number,
                activity=row.activity_code,
                day=row.day,
            )
        if rate_e4 is None:
            raise row.place.missing(
                row.who_column or "the rate",
                f"timekeeper {who} has no rate for {matter.number} on {row.day}.",
                f"Set one: `billcli timekeeper edit {who} --rate R`.",
            )
        free = in_force(terms.versions, row.day).kind in FREE
        values = {
            "matter_id": matter.id,
            "timekeeper_id": who,
            "day": row.day.isoformat(),
            "logged_e4": row.hours_e4,
            "increment_minutes": terms.increment_minutes,
            "rounding": terms.rounding,
            "rate_e4": 0 if free else rate_e4,
            "standard_rate_e4": rate_e4 if free else None,
            "rate_typed": int(row.rate_e4 is not None),
        }
        return priced(self._ledger, values)

    def _behavior(self, row: TimeRow, terms: _Terms) -> str:
        if row.behavior is not None:
            return time_service.read_behavior(row.behavior)
        if row.billable is False and not self._asked.bill_all:
            return "non-billable"
        return terms.behavior

    def _terms_of(self, matter_id: int) -> _Terms:
        if matter_id not in self._terms:
            own = recording.options_of(self._ledger, matter_id)
            self._terms[matter_id] = _Terms(
                int(options.effective("increment_minutes", own, self._firm)),
                str(options.effective("rounding", own, self._firm)),
                str(options.effective("default_behavior", own, self._firm)),
                self._versions[matter_id],
            )
        return self._terms[matter_id]


def _line(row: TimeRow, matter: str, values: Mapping[str, Any], entry_id: int | None) -> Imported:
    return Imported(
        row.place.row,
        None if entry_id is None else f"T-{entry_id}",
        row.day,
        matter,
        values["timekeeper_id"],
        values["hours_e4"],
        values["rate_e4"],
        values["standard_cents"],
        values["behavior"].replace("-", "_"),
        values["description"],
    )


def _warnings(
    ledger: Ledger, lines: Iterable[Imported], agreed: Collection[str]
) -> tuple[str, ...]:
    """The agreed values that the import brought near their end, one sentence a matter."""
    newest: dict[str, Imported] = {}
    added: dict[str, int] = {}
    for line in lines:
        if line.behavior == "bill" and line.matter in agreed:
            added[line.matter] = added.get(line.matter, 0) + line.amount_cents
            if line.matter not in newest or newest[line.matter].date <= line.date:
                newest[line.matter] = line
    found: list[str] = []
    for matter, line in newest.items():
        item = entries.one(ledger, "time", int(str(line.id).removeprefix("T-")))
        found += time_service.warnings(ledger, item, added_cents=added[matter])
    return tuple(found)


def fields(source: str) -> tuple[str, ...]:
    """The columns that --column may name; timewarrior has none."""
    return tuple(time_sheets.PRESETS.get(source, {}))
