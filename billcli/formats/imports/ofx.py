"""Statements in OFX: the tagged text of version 1 and the XML of version 2, read alike.

Only what a payment needs is read: the account, the currency, and of each movement its day, amount,
id, name, memo and check number. Version 1 closes no element that holds text.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from billcli.errors import BillError, UsageProblem
from billcli.formats.imports.cells import to_day
from billcli.formats.imports.model import BankRow, Place
from billcli.values.money import read_cents
from billcli.values.text import read_text, shown

# A name that has no end isn't tried at each of its letters.
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9._]{0,31})(?![A-Za-z0-9._])[^<>]*>([^<]*)")
_CHARSET = re.compile(rb"^CHARSET:\s*(\S+)", re.MULTILINE)
_POSTED = re.compile(r"(\d{4})(\d\d)(\d\d)(?:\d{2,6}.*)?", re.ASCII | re.DOTALL)
_ACCOUNTS = ("BANKACCTFROM", "CCACCTFROM")
_INNER = ("PAYEE", "BANKACCTTO", "CCACCTTO", "CURRENCY", "ORIGCURRENCY")


_Said = tuple[date, int, str, str, str]


@dataclass
class _Movement:
    account: str
    currency: str
    fields: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Statement:
    """The movements of one account."""

    account: str
    currency: str
    rows: tuple[BankRow, ...]


def statements(content: bytes, *, decimals: int) -> list[Statement]:
    """Each account's movements. UsageProblem: `import.unreadable`, `import.row`."""
    text = _decoded(content)
    if "<OFX" not in text.upper():
        raise UsageProblem(
            "import.unreadable", "The file isn't an OFX statement.", hint="Ask the bank for OFX."
        )
    found: dict[tuple[str, str], list[BankRow]] = {}
    known: dict[str, _Said] = {}
    for number, movement in enumerate(_movements(text), start=1):
        row = _row(movement, Place(number, "Transaction"), decimals, known)
        rows = found.setdefault((movement.account, movement.currency), [])
        if row is not None:
            rows.append(row)
    return [Statement(account, money, tuple(rows)) for (account, money), rows in found.items()]


def _movements(text: str) -> Iterator[_Movement]:
    account = currency = ""
    inside: _Movement | None = None
    within = ""
    for closing, name, value in _TAG.findall(text):
        tag, said = name.upper(), html.unescape(value).strip()
        if tag in (*_ACCOUNTS, *_INNER) and not said:
            within = "" if closing else tag
        elif tag == "STMTTRN":
            if inside is not None:
                yield inside
            inside = None if closing else _Movement(account, currency)
            within = ""
        elif closing:
            continue
        elif inside is not None:
            # The name of a payee with an address stands within it; other accounts don't count.
            if within in ("", "PAYEE"):
                inside.fields.setdefault(tag, said)
        elif tag == "ACCTID" and within in _ACCOUNTS:
            account = said
        elif tag == "CURDEF":
            currency = said.upper()
    if inside is not None:
        raise UsageProblem(
            "import.unreadable",
            "The OFX file ends within a transaction.",
            hint="Get it from the bank again.",
        )


def _row(
    movement: _Movement, place: Place, decimals: int, known: dict[str, _Said]
) -> BankRow | None:
    """The movement; None where the file has the very same one twice."""

    def of(name: str) -> str:
        try:
            return read_text(movement.fields.get(name, ""), name, longest=1_000, required=False)
        except UsageProblem as problem:
            raise place.fault(name, problem) from None

    own, posted, amount = of("FITID"), of("DTPOSTED"), of("TRNAMT")
    if not own:
        raise place.missing("FITID", "there is none, so it can't be told from others.")
    try:
        day = _POSTED.fullmatch(posted)
        on = to_day("-".join(day.groups()) if day else posted, None)
    except BillError as problem:
        raise place.fault("DTPOSTED", problem) from None
    try:
        cents = _cents(amount, decimals)
    except BillError as problem:
        raise place.fault("TRNAMT", problem) from None
    said = (on, cents, of("NAME"), of("MEMO"), of("CHECKNUM"))
    key = f"{movement.account}/{own}"
    # Banks are meant to give an id once; where one doesn't, both movements are kept.
    n = 1
    while known.get(key, said) != said:
        n += 1
        key = f"{movement.account}/{own}#{n}"
    if key in known:
        return None
    known[key] = said
    return BankRow(place, key, *said)


def _cents(text: str, decimals: int) -> int:
    """An amount with a point or a comma before its decimals, and zeros beyond them."""
    number = text.removeprefix("+")
    if "," in number and "." not in number:
        number = number.replace(",", ".")
    whole, point, fraction = number.partition(".")
    if "," in whole:
        raise UsageProblem("money.unreadable", f"The amount {shown(text)} can't be read.")
    kept = fraction[:decimals] + fraction[decimals:].rstrip("0")
    return read_cents(f"{whole}.{kept}" if point and kept else whole, decimals)


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        told = _CHARSET.search(content[:1_000])
        encoding = "latin-1" if told and told[1].upper().startswith(b"ISO-8859-1") else "cp1252"
        return content.decode(encoding, errors="replace")
