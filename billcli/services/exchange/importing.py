"""What imports have in common: the file, the options, whose matter and whose work a row means."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from billcli.errors import BillError, NotFound, Refused, UsageProblem
from billcli.formats.imports.model import Named, Place
from billcli.services.work import _entries as rules
from billcli.store import find, people
from billcli.values.text import did_you_mean, shown

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger
    from billcli.store.models import MatterRow, TimekeeperRow


def read_file(path: Path) -> bytes:
    """What the file holds; - is stdin. UsageProblem `import.unreadable`, or OSError."""
    if str(path) != "-":
        return path.expanduser().read_bytes()
    try:
        return sys.stdin.buffer.read()
    except (AttributeError, OSError, ValueError):
        raise UsageProblem(
            "import.unreadable", "There is nothing to read on stdin.", hint="Name a file."
        ) from None


def pairs(
    texts: Iterable[str], option: str, *, known: Sequence[str] | None = None
) -> dict[str, str]:
    """The NAME=VALUE of a repeated option, whose names may be fixed.

    UsageProblem `import.option`.
    """
    found: dict[str, str] = {}
    for text in texts:
        name, mark, value = text.rpartition("=") if known is None else text.partition("=")
        name, value = name.strip(), value.strip()
        if not (mark and name and value):
            raise UsageProblem(
                "import.option",
                f"{shown(text)} isn't what {option} takes.",
                hint=f"Write {option} 'NAME=VALUE'.",
            )
        if known is not None and name.lower() not in known:
            raise UsageProblem(
                "import.option",
                f"{shown(name)} is no column of this import.",
                hint=did_you_mean(name, known)
                or (f"There are {', '.join(known)}." if known else "Leave the option out."),
            )
        found[name.casefold() if known is None else name.lower()] = value
    return found


def read_order(text: str | None) -> str | None:
    """What comes first in the file's dates: ymd, mdy or dmy. UsageProblem `import.option`."""
    order = text.strip().lower() if text is not None else None
    if order not in (None, "ymd", "mdy", "dmy"):
        raise UsageProblem(
            "import.option",
            f"{shown(text or '')} is no order of dates.",
            hint="It is mdy for 11/21/2026, or dmy for 21/11/2026.",
        )
    return order


def one_of(text: str, known: Iterable[str]) -> str:
    """The program that wrote the file. UsageProblem `import.option`."""
    names, source = tuple(known), text.strip().lower()
    if source not in names:
        raise UsageProblem(
            "import.option",
            f"{shown(text)} isn't a program that this import knows.",
            hint=did_you_mean(source, names) or f"--from takes {', '.join(names)}.",
        )
    return source


@dataclass
class Matters:
    """Whose work a row means: its matter by number, by the client's own number, or as mapped."""

    ledger: Ledger
    mapped: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._by_name: dict[str, MatterRow] = {}
        shared: set[str] = set()
        rows = list(people.matters(self.ledger))
        for row in rows:
            if row.client_matter_id:
                name = row.client_matter_id.casefold()
                if name in self._by_name:
                    shared.add(name)
                self._by_name[name] = row
        for name in shared:
            del self._by_name[name]
        # A number of our own comes before the same number of a client.
        self._by_name |= {row.number.casefold(): row for row in rows}
        self._mapped = {
            name.casefold(): find.matter(self.ledger, number)
            for name, number in self.mapped.items()
        }
        self._found: dict[tuple[Named, ...], tuple[MatterRow, tuple[str, ...]]] = {}

    def of(
        self, place: Place, named: tuple[Named, ...], tags: tuple[Named, ...] = ()
    ) -> tuple[MatterRow, tuple[str, ...]]:
        """The open matter that the row is of, and the tags that didn't name it.

        UsageProblem `import.row`.
        """
        asked = (*named, *tags)
        if asked not in self._found:
            self._found[asked] = self._look(place, named, tags)
        return self._found[asked]

    def _look(
        self, place: Place, named: tuple[Named, ...], tags: tuple[Named, ...]
    ) -> tuple[MatterRow, tuple[str, ...]]:
        row = next((row for each in named if (row := self._named(each.text))), None)
        column = named[-1].column if named else (tags[0].column if tags else "the matter")
        others = tuple(tag.text for tag in tags)
        if row is None:
            found = {tag: row for tag in tags if (row := self._named(tag.text, tagged=True))}
            numbers = {row.number for row in found.values()}
            if len(numbers) > 1:
                said = " and ".join(sorted(numbers))
                raise place.missing(column, f"it names two matters, {said}.")
            row = next(iter(found.values()), None)
            others = tuple(tag.text for tag in tags if tag not in found)
        if row is None:
            raise self._unknown(place, column, [*named, *tags])
        if row.closed_on is not None:
            try:
                rules.open_matter(self.ledger, row.number)
            except Refused as closed:
                raise place.fault(column, closed) from None
        return row, others

    def _named(self, text: str, *, tagged: bool = False) -> MatterRow | None:
        name = text.casefold()
        known = self._mapped.get(name) or self._by_name.get(name)
        if known is None and tagged and name.startswith("m"):
            # Timewarrior takes a bare 2026-003 for a date, so there it is tagged m2026-003.
            return self._by_name.get(name[1:].removeprefix(":"))
        if known is None and not tagged:
            # A project is often called by its number and its title: 2026-003 Rivera v. Ohm.
            known = self._by_name.get(name.partition(" ")[0])
        return known

    def _unknown(self, place: Place, column: str, named: list[Named]) -> UsageProblem:
        if not named:
            return place.missing(column, "no matter is named.")
        told = ", ".join(shown(each.text) for each in named[:3])
        sentence = f"there is no matter {told}."
        return place.missing(
            column, sentence, f"Say which it is: --map '{named[0].text[:40]}=2026-001'."
        )


@dataclass
class Timekeepers:
    """Whose work it is, by id, by e-mail or by name; or the same for every row."""

    ledger: Ledger
    everyone: str | None = None

    def __post_init__(self) -> None:
        self._rows = list(people.timekeepers(self.ledger))
        self._by_name: dict[str, set[str]] = {}
        for row in self._rows:
            for name in _names(row):
                self._by_name.setdefault(name.casefold(), set()).add(row.id)
        self._active = {row.id for row in self._rows if row.archived_on is None}
        if self.everyone is not None:
            self.everyone = rules.active_timekeeper(self.ledger, self.everyone)

    def named(self, place: Place, column: str, *texts: str) -> str | None:
        """Who the row names, None where it names nobody. UsageProblem `import.row`."""
        if self.everyone is not None:
            return self.everyone
        said = [text for text in texts if text]
        for text in said:
            # The id, and nothing else that somebody is called, where it is one.
            exact = {row.id for row in self._rows if row.id == text}
            found = exact or self._by_name.get(text.casefold(), set())
            if len(found) > 1:
                raise place.missing(column, f"{shown(text)} may be {' or '.join(sorted(found))}.")
            if found:
                return self._working(place, column, found.copy().pop())
        if not said:
            return None
        raise place.missing(
            column,
            f"there is no timekeeper {shown(said[0])}.",
            "Take all rows as one person's with --tk, or give that person's e-mail: "
            "billcli timekeeper edit.",
        )

    def of(self, place: Place, column: str, matter: MatterRow, *texts: str) -> str:
        """Who worked: as named, else the matter's responsible, else the only one there is."""
        who = self.named(place, column, *texts)
        if who is not None:
            return who
        if matter.responsible_id is not None:
            return self._working(place, column, matter.responsible_id)
        if len(self._active) == 1:
            return next(iter(self._active))
        raise place.missing(
            column,
            f"whose time is it? Matter {matter.number} has nobody responsible.",
            "Take all rows as one person's with --tk.",
        )

    def _working(self, place: Place, column: str, who: str) -> str:
        if who not in self._active:
            try:
                rules.active_timekeeper(self.ledger, who)
            except (Refused, NotFound) as away:
                raise place.fault(column, away) from None
        return who


def _names(row: TimekeeperRow) -> set[str]:
    both = " ".join(part for part in (row.first_name, row.surname) if part)
    return {name for name in (row.id, row.email, row.name, both) if name}


def placed(place: Place, column: str, problem: BillError) -> UsageProblem:
    """The problem as it is told of a row; one that names its row stays as it is."""
    if isinstance(problem, UsageProblem) and problem.code == "import.row":
        return problem
    return place.fault(column, problem)
