"""What was read from another program's file, and where in it a fault is."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date

from billcli.errors import BillError, UsageProblem


@dataclass(frozen=True, slots=True)
class Place:
    """A row of a file, as a spreadsheet counts it, or the n-th item of one without rows."""

    row: int
    what: str = "Row"

    def fault(self, column: str, problem: BillError) -> UsageProblem:
        """The problem with its row and its column. Nothing of the file is taken in then."""
        return UsageProblem(
            "import.row",
            f"{self.what} {self.row}, {column}: {problem.sentence}",
            hint=problem.hint or "Nothing was imported; put the row right and import again.",
        )

    def missing(self, column: str, sentence: str, hint: str | None = None) -> UsageProblem:
        """A fault in words of its own."""
        return self.fault(column, UsageProblem("import.row", sentence, hint))


@dataclass(frozen=True, slots=True)
class Named:
    """What a column says of whose work it is, such as a project or a tag."""

    column: str
    text: str


@dataclass(frozen=True, slots=True)
class TimeRow:
    """Time as another program kept it; `key` is its own id, or the hash of all it says."""

    place: Place
    key: str
    day: date
    hours_e4: int
    matter: tuple[Named, ...]
    tags: tuple[Named, ...]
    description: str
    description_column: str
    task: str = ""
    who: str = ""
    who_column: str = ""
    email: str = ""
    billable: bool | None = None
    behavior: str | None = None
    rate_e4: int | None = None
    task_code: str | None = None
    activity_code: str | None = None


@dataclass(frozen=True, slots=True)
class ExpenseRow:
    """A cost as a spreadsheet has it."""

    place: Place
    key: str
    day: date
    amount_cents: int
    matter: Named
    description: str
    category: str | None
    code: str | None
    bill: bool
    taxable: bool | None
    who: str
    who_column: str


@dataclass(frozen=True, slots=True)
class BankRow:
    """A movement on a bank account; money in is above zero."""

    place: Place
    key: str
    day: date
    amount_cents: int
    payer: str
    memo: str
    reference: str


def hashed(*said: str | int) -> str:
    """The key of a row that has no id: a hash of what it says."""
    told = json.dumps(said, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(told.encode()).hexdigest()


class Counted:
    """Keys of rows that say the same are told apart by their number, so that all are kept."""

    def __init__(self) -> None:
        self._seen: dict[str, int] = {}

    def key(self, key: str) -> str:
        """The key of the next row of that kind."""
        n = self._seen[key] = self._seen.get(key, 0) + 1
        return key if n == 1 else f"{key}#{n}"
