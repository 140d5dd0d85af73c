"""A bill as the rows of a file, and rows as bytes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from billcli.errors import Refused
from billcli.formats.ledes.columns import CLASSIFICATIONS, COLUMNS, FIRST_LINES
from billcli.formats.ledes.lines import Row, rows_of
from billcli.formats.ledes.model import Note, Order, Place, Timekeeper
from billcli.formats.ledes.words import Words
from billcli.values.money import grouped, plain, plain_e4
from billcli.values.text import did_you_mean, shown

_MAY_BE_CUT = {
    "INVOICE_DESCRIPTION",
    "LINE_ITEM_DESCRIPTION",
    "TIMEKEEPER_NAME",
    "TIMEKEEPER_LAST_NAME",
    "TIMEKEEPER_FIRST_NAME",
    "MATTER_NAME",
    "LAW_FIRM_NAME",
    "LAW_FIRM_ADDRESS_1",
    "LAW_FIRM_ADDRESS_2",
    "LAW_FIRM_CITY",
    "LAW_FIRM_STATEorREGION",
    "CLIENT_NAME",
    "CLIENT_ADDRESS_1",
    "CLIENT_ADDRESS_2",
    "CLIENT_CITY",
    "CLIENT_STATEorREGION",
    "LINE_ITEM_TAX_TYPE",
}
_NOT_IN_NUMBERS = re.compile(r"[^A-Za-z0-9]")


@dataclass(frozen=True, slots=True)
class Invoice:
    """A bill as rows of fields, with what had to be changed on the way."""

    number: str
    format: str
    encoding: str
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[Note, ...]


def invoice(order: Order, *, format: str | None = None) -> Invoice:
    """One bill in a format's columns; the same bill gives the same rows.

    Refused `ledes.tax` (1998B has no tax), `ledes.missing`, `ledes.classification`,
    `ledes.character`, `ledes.too-long`, `ledes.empty`.
    """
    kind = format or order.profile.format
    document = order.document
    _refuse(order, kind)
    words = Words(order.profile.encoding)
    rows, left_out = rows_of(document, flat_fee=order.profile.flat_fee)
    if left_out:
        told = f"{left_out} {'entry that prints' if left_out == 1 else 'entries that print'}"
        words.notes.append(Note(None, "Left out", f"{told} on no bill."))
    same = _same_on_all(order, rows, words, kind)
    made = [_fields(order, row, n, same, words, kind) for n, row in enumerate(rows, 1)]
    names = COLUMNS[kind]
    return Invoice(
        number=same["INVOICE_NUMBER"],
        format=kind,
        encoding=words.encoding,
        rows=tuple(tuple(fields.get(name, "") for name in names) for fields in made),
        notes=tuple(words.notes),
    )


def file_of(invoices: Sequence[Invoice], *, end_of_line: str = "\r\n") -> bytes:
    """The bytes of a file that holds these bills, which are of one format and one encoding."""
    kind, encoding = invoices[0].format, invoices[0].encoding
    rows = [(FIRST_LINES[kind],), tuple(COLUMNS[kind])]
    rows += [row for one in invoices for row in one.rows]
    return "".join(f"{'|'.join(row)}[]{end_of_line}" for row in rows).encode(encoding)


def safe_number(number: str) -> str:
    """A bill's number of letters and digits alone, as strict receivers want it."""
    return _NOT_IN_NUMBERS.sub("", number)


def _refuse(order: Order, kind: str) -> None:
    document, profile = order.document, order.profile
    tax = document.bill.tax_cents
    if kind == "1998B" and tax:
        raise Refused(
            "ledes.tax",
            f"Bill {document.number} has {grouped(tax, document.decimals)} of tax, "
            "for which LEDES 1998B has no place.",
            hint="1998BI has: --format 1998BI.",
        )
    if not (profile.law_firm_id or order.firm.tax_id):
        raise Refused(
            "ledes.missing",
            "The firm has no tax number, which LAW_FIRM_ID takes.",
            hint="billcli firm set firm.tax_id NUMBER",
        )
    if profile.require_client_matter_id and not (document.client_matter_id or "").strip():
        raise Refused(
            "ledes.missing",
            f"{document.client.name} has no number of its own for {document.matter_number}, "
            "which CLIENT_MATTER_ID takes.",
            hint=f"billcli matter edit {document.matter_number} --client-matter-id NUMBER; "
            f"or: billcli client edit {document.client.id} "
            "--ebilling require_client_matter_id=off",
        )


def _same_on_all(order: Order, rows: Sequence[Row], words: Words, kind: str) -> dict[str, str]:
    """What every row of the bill repeats."""
    document, profile = order.document, order.profile
    bill, cents = document.bill, document.decimals
    number = safe_number(document.number or document.id)
    days = [row.day for row in rows] + [bill.through]
    days += [day for day in (bill.period_start, bill.period_end) if day]
    first, last = min(days), max(days)
    given = {
        "INVOICE_NUMBER": number,
        "CLIENT_ID": profile.client_id or document.client.id,
        "LAW_FIRM_MATTER_ID": document.matter_number,
        "INVOICE_DESCRIPTION": document.note or f"Legal services from {first} to {last}",
        "LAW_FIRM_ID": profile.law_firm_id or order.firm.tax_id,
        "CLIENT_MATTER_ID": document.client_matter_id or "",
    }
    made = {
        "INVOICE_DATE": _day(bill.day),
        "INVOICE_TOTAL": plain(bill.total_cents, cents),
        "BILLING_START_DATE": _day(first),
        "BILLING_END_DATE": _day(last),
    }
    if kind == "1998BI":
        given |= {
            "MATTER_NAME": document.matter_title,
            "CLIENT_TAX_ID": order.client.tax_id,
            **_address("LAW_FIRM", order.firm),
            **_address("CLIENT", order.client),
        }
        taxes = plain(bill.tax_cents, cents)
        made |= {
            "INVOICE_TAX_TOTAL": taxes,
            "INVOICE_NET_TOTAL": plain(bill.total_cents - bill.tax_cents, cents),
            "INVOICE_CURRENCY": document.currency,
            "ACCOUNT_TYPE": "O",
            "INVOICE_REPORTED_TAX_TOTAL": taxes,
            "INVOICE_TAX_CURRENCY": document.currency,
        }
    lengths = {**COLUMNS[kind], "INVOICE_DESCRIPTION": profile.max_desc}
    return made | {
        name: words.fit(text, name, lengths[name], cut=name in _MAY_BE_CUT)
        for name, text in given.items()
    }


def _address(prefix: str, place: Place) -> dict[str, str]:
    """The seven columns of a name and its address; what is over goes to the second line."""
    return {
        f"{prefix}_NAME": place.name,
        f"{prefix}_ADDRESS_1": place.lines[0] if place.lines else "",
        f"{prefix}_ADDRESS_2": ", ".join(place.lines[1:]),
        f"{prefix}_CITY": place.city,
        f"{prefix}_STATEorREGION": place.region,
        f"{prefix}_POSTCODE": place.postcode,
        f"{prefix}_COUNTRY": place.country,
    }


def _fields(
    order: Order, row: Row, number: int, same: dict[str, str], words: Words, kind: str
) -> dict[str, str]:
    document, line = order.document, row.line
    lengths = {**COLUMNS[kind], "LINE_ITEM_DESCRIPTION": order.profile.max_desc}
    given = {"LINE_ITEM_DESCRIPTION": row.words}
    made = {
        "LINE_ITEM_NUMBER": str(number),
        "EXP/FEE/INV_ADJ_TYPE": row.kind,
        "LINE_ITEM_NUMBER_OF_UNITS": "" if row.units_e4 is None else plain_e4(row.units_e4, 2),
        "LINE_ITEM_ADJUSTMENT_AMOUNT": plain_e4(row.adjustment_e4, 2),
        "LINE_ITEM_TOTAL": plain(row.total_cents, document.decimals),
        "LINE_ITEM_DATE": _day(row.day),
        "LINE_ITEM_UNIT_COST": "" if row.cost_e4 is None else plain_e4(row.cost_e4, 2),
    }
    if line is not None and row.kind == "F":
        given |= {
            "LINE_ITEM_TASK_CODE": line.task_code or "",
            "LINE_ITEM_ACTIVITY_CODE": line.activity_code or "",
        } | _worker(order, line.timekeeper, line.timekeeper_name, kind)
    elif line is not None and row.kind == "E":
        given["LINE_ITEM_EXPENSE_CODE"] = line.expense_code or ""
    if kind == "1998BI":
        made["LINE_ITEM_TAX_TOTAL"] = plain(row.tax_cents, document.decimals)
        if row.tax is not None:
            made["LINE_ITEM_TAX_RATE"] = _fraction(row.tax.percent_e4)
            given["LINE_ITEM_TAX_TYPE"] = row.tax.code
    fitted = {
        name: words.fit(text, name, lengths[name], row=number, cut=name in _MAY_BE_CUT)
        for name, text in given.items()
    }
    return same | made | fitted


def _worker(order: Order, id: str | None, name: str | None, kind: str) -> dict[str, str]:
    """The timekeeper's columns. Refused `ledes.classification`."""
    if id is None:
        return {}
    who = order.timekeepers.get(id) or Timekeeper(id, name or id)
    surname, first = names_of(who)
    given = {
        "TIMEKEEPER_ID": who.id,
        "TIMEKEEPER_NAME": f"{surname}, {first}" if first else surname,
        "TIMEKEEPER_CLASSIFICATION": classification(who),
    }
    if kind == "1998BI":
        given |= {"TIMEKEEPER_LAST_NAME": surname, "TIMEKEEPER_FIRST_NAME": first}
    return given


def classification(who: Timekeeper) -> str:
    """What a timekeeper is; PARTNR where nothing was said. Refused `ledes.classification`."""
    word = (who.classification or "PARTNR").strip().upper()
    if word not in CLASSIFICATIONS:
        raise Refused(
            "ledes.classification",
            f"{who.name} is {shown(word)}, which is no classification of a timekeeper.",
            hint=f"billcli timekeeper edit {who.id} --classification WORD, one of "
            f"{', '.join(_usual(word))} and others.",
        )
    return word


def _usual(word: str) -> Iterable[str]:
    usual = ["PARTNR", "ASSOC", "OFCOUN", "PARALG", "LGLAST", "CLKSEC"]
    near = did_you_mean(word, CLASSIFICATIONS)
    found = near.split('"')[1] if near else None
    return [found, *(each for each in usual if each != found)] if found else usual


def names_of(who: Timekeeper) -> tuple[str, str]:
    """Surname and first name; of one name alone, the last word is the surname."""
    if who.surname:
        return who.surname, who.first_name or ""
    first, _, last = who.name.strip().rpartition(" ")
    return last, who.first_name or first


def _fraction(percent_e4: int) -> str:
    whole, rest = divmod(percent_e4, 1_000_000)
    return f"{whole}.{rest:06d}".rstrip("0").rstrip(".")


def _day(day: date) -> str:
    return f"{day:%Y%m%d}" if day.year >= 1000 else day.isoformat().replace("-", "")
