"""What a file needs besides the bill: whom it is for, who sends it, and who worked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from billcli.core.document import BillDocument


@dataclass(frozen=True, slots=True)
class Profile:
    """How a client wants its files, and the rules it pays by.

    `flat_fee` is spec (an adjustment) or brightflag (one unit); `encoding` is ascii, cp1252 or
    utf-8. `client_id` and `law_firm_id` replace the firm's own names for them.
    """

    format: str = "1998B"
    flat_fee: str = "spec"
    encoding: str = "ascii"
    client_id: str | None = None
    law_firm_id: str | None = None
    require_client_matter_id: bool = True
    require_task: bool = False
    require_activity: bool = False
    require_expense: bool = False
    require_description: bool = False
    allowed_codes: tuple[str, ...] = ()
    max_desc: int = 1000
    min_increment_e4: int | None = None
    max_hours_per_day_e4: int | None = None
    rate_cap_e4: int | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A name with its address, in the parts that 1998BI asks for."""

    name: str
    lines: tuple[str, ...] = ()
    city: str = ""
    region: str = ""
    postcode: str = ""
    country: str = ""
    tax_id: str = ""


@dataclass(frozen=True, slots=True)
class Timekeeper:
    """Who worked; a classification is a word of six letters, such as PARTNR."""

    id: str
    name: str
    surname: str | None = None
    first_name: str | None = None
    classification: str | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """One bill with everything a file says of it."""

    document: BillDocument
    firm: Place
    client: Place
    timekeepers: Mapping[str, Timekeeper] = field(default_factory=dict)
    profile: Profile = Profile()


@dataclass(frozen=True, slots=True)
class Note:
    """Something that was changed or left out on the way into the file."""

    row: int | None
    column: str
    words: str

    def __str__(self) -> str:
        where = f"Row {self.row}, {self.column}" if self.row else self.column
        return f"{where}: {self.words}"
