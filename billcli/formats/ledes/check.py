"""What receivers refuse, looked for in a file before it is sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import lru_cache
from itertools import groupby

from billcli.formats.ledes import columns as c
from billcli.formats.ledes.numbers import e4, plain, rate_e10
from billcli.formats.ledes.reader import Finding, Row, Sheet, read
from billcli.values.text import shown, visible

Fault = tuple[str, str, str]
"""A column, a code and the words."""

HALF_A_CENT_E8 = 500_000
WARNINGS = {"residue", "date-outside", "decimals", "name-order", "repeated", "blank-task"}


def check(content: bytes) -> tuple[Finding, ...]:
    """Every finding in its order; nothing where a receiver would take the file as it is."""
    sheet = read(content)
    for row in sheet.rows:
        for rule in _ROW_RULES:
            _keep(sheet, row, rule(row))
    for _, rows in groupby(sheet.rows, key=lambda row: row["INVOICE_NUMBER"]):
        _invoice(sheet, list(rows))
    _numbers_once(sheet)
    return tuple(sorted(sheet.findings, key=lambda found: found.line))


def _keep(sheet: Sheet, row: Row, faults: Iterable[Fault]) -> None:
    for column, code, words in faults:
        sheet.fault(row.line, column, code, words, error=code not in WARNINGS)


def _blank(row: Row) -> Iterator[Fault]:
    wanted: tuple[str, ...] = c.NEVER_BLANK
    if "INVOICE_CURRENCY" in row.fields:
        wanted = (*wanted, *c.NEVER_BLANK_INTERNATIONAL)
    kind = row["EXP/FEE/INV_ADJ_TYPE"]
    if kind in ("F", "E"):
        wanted = (*wanted, "LINE_ITEM_NUMBER_OF_UNITS", "LINE_ITEM_UNIT_COST")
    if kind == "E":
        wanted = (*wanted, "LINE_ITEM_EXPENSE_CODE")
    if kind == "F":
        wanted = (*wanted, "TIMEKEEPER_ID", "TIMEKEEPER_NAME", "TIMEKEEPER_CLASSIFICATION")
    for column in wanted:
        if not row[column].strip():
            yield column, "blank", "may not be blank."
    if kind == "F" and not row["LINE_ITEM_TASK_CODE"].strip():
        yield "LINE_ITEM_TASK_CODE", "blank-task", "is blank; many clients want a task code."


def _shape(row: Row) -> Iterator[Fault]:
    international = "INVOICE_CURRENCY" in row.fields
    lengths = c.INTERNATIONAL if international else c.BASIC
    for column, text in row.fields.items():
        if len(text) > lengths[column]:
            yield column, "length", f"{len(text):,} characters; at most {lengths[column]:,}."
        if text == "NULL":
            yield column, "null", "says NULL; what is missing is left blank."
        if visible(text) != text:
            yield column, "control", f"{shown(text)} holds a control character."
    for column in c.DATES:
        if row[column] and not _is_day(row[column]):
            yield column, "date", f"{shown(row[column])} is no date of the form YYYYMMDD."
    for column in c.NUMBERS:
        if row[column] and e4(row[column]) is None:
            yield column, "number", f"{shown(row[column])} is no number: digits, one point, a minus"
    number = row["INVOICE_NUMBER"]
    if number and not (number.isascii() and number.isalnum()):
        yield "INVOICE_NUMBER", "letters", f"{shown(number)}: letters and digits alone are safe."


def _words(row: Row) -> Iterator[Fault]:
    kind = row["EXP/FEE/INV_ADJ_TYPE"]
    if kind and kind not in ("F", "E", "IF", "IE"):
        yield "EXP/FEE/INV_ADJ_TYPE", "type", f"{shown(kind)} is none of F, E, IF and IE."
    if kind in ("E", "IE"):
        for column in ("LINE_ITEM_TASK_CODE", "LINE_ITEM_ACTIVITY_CODE"):
            if row[column]:
                yield column, "code", "is left blank for an expense."
    elif kind and row["LINE_ITEM_EXPENSE_CODE"]:
        yield "LINE_ITEM_EXPENSE_CODE", "code", "belongs to expenses alone."
    word = row["TIMEKEEPER_CLASSIFICATION"]
    if word and word not in c.CLASSIFICATIONS:
        yield "TIMEKEEPER_CLASSIFICATION", "classification", f"{shown(word)} isn't in the list."
    if row["TIMEKEEPER_NAME"] and "," not in row["TIMEKEEPER_NAME"]:
        yield "TIMEKEEPER_NAME", "name-order", "the surname comes first: Doe, Jane."
    if len(row["LINE_ITEM_DESCRIPTION"]) >= 1024:
        yield "LINE_ITEM_DESCRIPTION", "description", "1,024 characters or more are refused by some"
    first, last, day = (
        row[name] for name in ("BILLING_START_DATE", "BILLING_END_DATE", "LINE_ITEM_DATE")
    )
    if all(_is_day(text) for text in (first, last)):
        if first > last:
            yield "BILLING_END_DATE", "date", f"{last} is before the first day, {first}."
        elif _is_day(day) and not first <= day <= last:
            yield "LINE_ITEM_DATE", "date-outside", f"{day} isn't within {first} to {last}."
    cost = row["LINE_ITEM_UNIT_COST"]
    if e4(cost) is not None and (e4(cost) or 0) % 100:
        yield "LINE_ITEM_UNIT_COST", "decimals", f"{shown(cost)} has more than two decimals."


def _sums(row: Row) -> Iterator[Fault]:
    """Units times cost, and the adjustment, and the tax, are the total: to half a cent."""
    units, cost, adjustment, total, tax = (
        e4(row[name]) if row[name] else 0
        for name in (
            "LINE_ITEM_NUMBER_OF_UNITS",
            "LINE_ITEM_UNIT_COST",
            "LINE_ITEM_ADJUSTMENT_AMOUNT",
            "LINE_ITEM_TOTAL",
            "LINE_ITEM_TAX_TOTAL",
        )
    )
    kind = row["EXP/FEE/INV_ADJ_TYPE"]
    if units is not None and units < 0:
        yield "LINE_ITEM_NUMBER_OF_UNITS", "negative", "is below zero; adjust the amount instead."
    if units == 0 and kind in ("F", "E") and row["LINE_ITEM_NUMBER_OF_UNITS"]:
        yield "LINE_ITEM_NUMBER_OF_UNITS", "units", "is zero; only IF and IE do without units."
    if units is None or cost is None or adjustment is None or total is None or tax is None:
        return
    net_e8 = units * cost + adjustment * 10_000
    gap = abs(net_e8 + (tax - total) * 10_000)
    if gap >= HALF_A_CENT_E8:
        wanted = plain((net_e8 + tax * 10_000) // 10_000)
        yield "LINE_ITEM_TOTAL", "sum", f"is {plain(total)}; the row comes to {wanted}."
    elif gap:
        yield "LINE_ITEM_TOTAL", "residue", "isn't exactly units times cost and the adjustment."
    rate = rate_e10(row["LINE_ITEM_TAX_RATE"]) if row["LINE_ITEM_TAX_RATE"] else 0
    if rate is None:
        words = f"{shown(row['LINE_ITEM_TAX_RATE'])} is no fraction from 0 to below 1."
        yield "LINE_ITEM_TAX_RATE", "number", words
    elif rate and abs(tax * 10**14 - net_e8 * rate) >= 15 * 10**15:
        words = f"is {plain(tax)}; the rate makes {plain(net_e8 * rate // 10**14)}."
        yield "LINE_ITEM_TAX_TOTAL", "tax", words


_ROW_RULES: tuple[Callable[[Row], Iterator[Fault]], ...] = (_blank, _shape, _words, _sums)


def _invoice(sheet: Sheet, rows: list[Row]) -> None:
    """What the rows of one bill say together."""
    first = rows[0]
    for row in rows[1:]:
        for column in c.SAME_ON_EVERY_ROW:
            if row[column] != first[column]:
                words = f"{shown(row[column])} differs from line {first.line}."
                sheet.fault(row.line, column, "differs", words)
    for column, parts in (
        ("INVOICE_TOTAL", "LINE_ITEM_TOTAL"),
        ("INVOICE_TAX_TOTAL", "LINE_ITEM_TAX_TOTAL"),
    ):
        said, sums = e4(first[column]), [e4(row[parts]) for row in rows]
        known = [value for value in sums if value is not None]
        if said is not None and len(known) == len(sums) and said != sum(known):
            words = f"is {plain(said)}; the rows come to {plain(sum(known))}."
            sheet.fault(first.line, column, "total", words)
    net, tax, total = (
        e4(first[name]) for name in ("INVOICE_NET_TOTAL", "INVOICE_TAX_TOTAL", "INVOICE_TOTAL")
    )
    if net is not None and tax is not None and total is not None and net + tax != total:
        words = f"is {plain(net)}; the total less the tax is {plain(total - tax)}."
        sheet.fault(first.line, "INVOICE_NET_TOTAL", "total", words)
    if (total or 0) < 0:
        sheet.fault(first.line, "INVOICE_TOTAL", "negative", "is below zero.")
    items = Counter(row["LINE_ITEM_NUMBER"] for row in rows)
    seen: dict[tuple[str, ...], int] = {}
    for row in rows:
        if row["LINE_ITEM_NUMBER"] and items[row["LINE_ITEM_NUMBER"]] > 1:
            words = f"{shown(row['LINE_ITEM_NUMBER'])} stands on several rows."
            sheet.fault(row.line, "LINE_ITEM_NUMBER", "repeated-number", words)
        if row["EXP/FEE/INV_ADJ_TYPE"] != "F":
            continue
        same = tuple(row[name] for name in _SAME_WORK)
        if same in seen:
            words = f"the same person, day, codes and words as on line {seen[same]}."
            sheet.fault(row.line, "LINE_ITEM_DESCRIPTION", "repeated", words, error=False)
        seen.setdefault(same, row.line)


_SAME_WORK = (
    "TIMEKEEPER_ID",
    "LINE_ITEM_DATE",
    "LINE_ITEM_TASK_CODE",
    "LINE_ITEM_ACTIVITY_CODE",
    "LINE_ITEM_DESCRIPTION",
)


def _numbers_once(sheet: Sheet) -> None:
    """A number of a bill that comes back after another one is a second bill of that number."""
    starts: dict[str, int] = {}
    for number, rows in groupby(sheet.rows, key=lambda row: row["INVOICE_NUMBER"]):
        line = next(rows).line
        if number in starts:
            words = f"{shown(number)} was a bill already, on line {starts[number]}."
            sheet.fault(line, "INVOICE_NUMBER", "duplicate", words)
        starts.setdefault(number, line)


@lru_cache(maxsize=4096)
def _is_day(text: str) -> bool:
    if len(text) != 8 or not (text.isascii() and text.isdigit()):
        return False
    try:
        date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return False
    return True
