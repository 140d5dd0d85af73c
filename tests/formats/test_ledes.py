"""Electronic bills: every file adds up, whatever is billed; and what receivers refuse is found."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from golden import cases
from hypothesis import example, given, settings
from hypothesis import strategies as st
from ledes_bills import order_of

from billcli.core.arrangements.capped import Capped
from billcli.core.arrangements.fixed import Fixed
from billcli.core.arrangements.hourly import Hourly
from billcli.core.bill import compute
from billcli.core.discount import Discount
from billcli.core.document import BillDocument
from billcli.core.splitting import split
from billcli.core.tax import TaxRules
from billcli.errors import Refused
from billcli.formats.ledes.check import check
from billcli.formats.ledes.columns import BASIC, CLASSIFICATIONS, INTERNATIONAL
from billcli.formats.ledes.rules import against
from billcli.formats.ledes.writer import file_of, invoice

NAMES = (
    "INVOICE_DATE|INVOICE_NUMBER|CLIENT_ID|LAW_FIRM_MATTER_ID|INVOICE_TOTAL|BILLING_START_DATE|"
    "BILLING_END_DATE|INVOICE_DESCRIPTION|LINE_ITEM_NUMBER|EXP/FEE/INV_ADJ_TYPE|"
    "LINE_ITEM_NUMBER_OF_UNITS|LINE_ITEM_ADJUSTMENT_AMOUNT|LINE_ITEM_TOTAL|LINE_ITEM_DATE|"
    "LINE_ITEM_TASK_CODE|LINE_ITEM_EXPENSE_CODE|LINE_ITEM_ACTIVITY_CODE|TIMEKEEPER_ID|"
    "LINE_ITEM_DESCRIPTION|LAW_FIRM_ID|LINE_ITEM_UNIT_COST|TIMEKEEPER_NAME|"
    "TIMEKEEPER_CLASSIFICATION|CLIENT_MATTER_ID"
)
SAMPLE = (
    "20260131|20260007|ACME|2026-003|300.00|20260101|20260131|January services|2|F|1.20|-60.00|"
    "300.00|20260107|L210||A103|JD1|Draft answer; courtesy discount|12-3456789|300.00|Doe, Jane|"
    "PARTNR|AC-77"
)
ANYTHING = st.text(
    st.characters(blacklist_categories=("Cs",)) | st.sampled_from("|[]\r\n\0“—é\u202eß"),
    max_size=60,
)


def written(document: BillDocument, **profile: Any) -> bytes:
    return file_of([invoice(order_of(document, **profile))])


def parsed(content: bytes, encoding: str = "ascii") -> list[dict[str, str]]:
    """The rows by column, read without any code of the exporter."""
    text = content.decode(encoding)
    assert text.endswith("[]\r\n")
    _, head, *rows = [line.removesuffix("[]") for line in text.removesuffix("\r\n").split("\r\n")]
    return [dict(zip(head.split("|"), row.split("|"), strict=True)) for row in rows]


def file_with(row: str) -> bytes:
    return f"LEDES1998B[]\r\n{NAMES}[]\r\n{row}[]\r\n".encode()


def found(content: bytes) -> list[tuple[str, str]]:
    return [(each.column, each.code) for each in check(content)]


entries = st.lists(
    st.tuples(
        st.integers(1, 100_000), st.integers(0, 9_999_999),
        st.sampled_from(["bill", "bill", "no-charge", "hide"]),
    ),
    min_size=1, max_size=6,
)  # fmt: skip
bills = st.fixed_dictionaries(
    {
        "entries": entries,
        "costs": st.lists(st.tuples(st.integers(1, 10**7), st.booleans()), max_size=4),
        "kind": st.sampled_from(["hourly", "capped", "fixed"]),
        "value": st.integers(1, 10**7),
        "percent_e4": st.sampled_from([0, 100_000, 333_333]),
        "taxed": st.booleans(),
        "flat_fee": st.sampled_from(["spec", "brightflag"]),
        "shares": st.sampled_from([(10_000,), (6_667, 3_333), (3_334, 3_333, 3_333)]),
    }
)


@settings(max_examples=120, deadline=None)
@given(bills)
@example(
    {
        "entries": [(1_000, 3_333_300, "bill"), (3_333, 3_333_333, "no-charge")],
        "costs": [(1, True), (12_345, False)],
        "kind": "hourly",
        "value": 1,
        "percent_e4": 333_333,
        "taxed": True,
        "flat_fee": "spec",
        "shares": (6_667, 3_333),
    }
)
# 20 % of 0.02 is no tax at all, though 20 % of the row's 0.03 would be a cent.
@example(
    {
        "entries": [(52, 48_243, "bill")], "costs": [], "kind": "capped", "value": 148,
        "percent_e4": 333_333, "taxed": True, "flat_fee": "brightflag", "shares": (10_000,),
    }
)  # fmt: skip
def test_rows_add_up_to_the_bill_whatever_is_billed(made: dict[str, Any]) -> None:
    kinds = {
        "hourly": Hourly(), "capped": Capped(made["value"]), "fixed": Fixed(made["value"]),
    }  # fmt: skip
    order = cases.order(
        kinds[made["kind"]],
        *(
            cases.worked(n, hours, rate, f"Work {n}", behavior=how)
            for n, (hours, rate, how) in enumerate(made["entries"], 1)
        ),
        costs=tuple(
            cases.spent(n, cents, f"Cost {n}", taxable=taxable)
            for n, (cents, taxable) in enumerate(made["costs"], 1)
        ),
    )
    if made["percent_e4"]:
        order = replace(order, discount=Discount(percent_e4=made["percent_e4"]))
    bill = compute(replace(order, tax=cases.VAT if made["taxed"] else TaxRules()))
    if not bill.total_cents:
        return
    for portion in split(bill, (), made["shares"]):
        document = cases.document(portion.bill)
        kind = "1998BI" if document.bill.tax_cents else "1998B"
        content = written(document, flat_fee=made["flat_fee"], format=kind)
        rows = parsed(content)
        _adds_up(rows, document)
        hidden = sum(line.behavior == "hide" for line in bill.lines)
        lines = len(bill.lines) - hidden + bool(document.bill.discount_cents)
        # The tax of the rows and of the bill may differ, which is a row of its own.
        assert lines <= len(rows) <= lines + bool(document.bill.tax_cents)
        errors = [each for each in check(content) if each.severity == "error"]
        assert {each.column for each in errors} <= {"LINE_ITEM_EXPENSE_CODE"}


def _adds_up(rows: list[dict[str, str]], document: BillDocument) -> None:
    bill = document.bill
    total = Decimal(bill.total_cents) / 100
    assert sum(Decimal(row["LINE_ITEM_TOTAL"]) for row in rows) == total
    taxes = [Decimal(row.get("LINE_ITEM_TAX_TOTAL") or 0) for row in rows]
    assert sum(taxes) == Decimal(bill.tax_cents) / 100
    for n, row in enumerate(rows, 1):
        units, cost, adjustment, amount, tax = (
            Fraction(row.get(name) or "0")
            for name in (
                "LINE_ITEM_NUMBER_OF_UNITS", "LINE_ITEM_UNIT_COST", "LINE_ITEM_ADJUSTMENT_AMOUNT",
                "LINE_ITEM_TOTAL", "LINE_ITEM_TAX_TOTAL",
            )
        )  # fmt: skip
        assert abs(units * cost + adjustment + tax - amount) <= Fraction(1, 20_000)
        assert units >= 0
        assert (row["INVOICE_TOTAL"], row["LINE_ITEM_NUMBER"]) == (f"{total:.2f}", str(n))
        rate = Fraction(row.get("LINE_ITEM_TAX_RATE") or "0")
        if rate:
            assert abs((amount - tax) * rate - tax) <= Fraction(1, 200)


def test_the_columns_are_those_of_the_formats() -> None:
    assert "|".join(BASIC) == NAMES
    assert (len(BASIC), len(INTERNATIONAL), len(CLASSIFICATIONS)) == (24, 52, 51)
    content = written(cases.hourly_with_discount_tax_and_costs(), format="1998BI")
    first, head, row, *_ = content.decode().split("\r\n")
    assert first == "LEDES98BI V2[]"
    assert head.split("|")[37] == "LAW_FIRM_STATEorREGION"
    assert row.count("|") == 51


def test_tax_goes_with_its_rows_and_1998b_takes_none() -> None:
    """V25: 1,746.00 with 241.00 of tax."""
    document = cases.hourly_with_discount_tax_and_costs()
    with pytest.raises(Refused) as refused:
        written(document)
    assert refused.value.code == "ledes.tax"
    rows = parsed(written(document, format="1998BI"))
    assert {row["INVOICE_TOTAL"] for row in rows} == {"1746.00"}
    assert {row["INVOICE_TAX_TOTAL"] for row in rows} == {"241.00"}
    assert {row["INVOICE_NET_TOTAL"] for row in rows} == {"1505.00"}
    assert {row["INVOICE_CURRENCY"] for row in rows} == {"USD"}
    court = next(row for row in rows if row["LINE_ITEM_DESCRIPTION"] == "Court fee")
    assert (court["LINE_ITEM_TAX_TOTAL"], court["LINE_ITEM_TAX_RATE"]) == ("0.00", "")
    work = rows[0]
    assert (work["LINE_ITEM_TAX_TOTAL"], work["LINE_ITEM_TAX_RATE"]) == ("140.00", "0.2")
    assert (work["TIMEKEEPER_LAST_NAME"], work["LAW_FIRM_CITY"]) == ("Alvarez", "Austin")


@pytest.mark.parametrize(
    ("flat_fee", "units", "cost", "adjustment"),
    [("spec", "", "", "4000.00"), ("brightflag", "1.00", "4000.00", "0.00")],
)
def test_a_flat_fee_in_both_dialects(flat_fee: str, units: str, cost: str, adjustment: str) -> None:
    *work, fee = parsed(written(cases.fixed_with_included_time(), flat_fee=flat_fee))
    assert [(row["EXP/FEE/INV_ADJ_TYPE"], row["LINE_ITEM_TOTAL"]) for row in work] == [
        ("F", "0.00"), ("F", "0.00")
    ]  # fmt: skip
    assert work[0]["LINE_ITEM_ADJUSTMENT_AMOUNT"] == "-1200.00"
    assert fee["EXP/FEE/INV_ADJ_TYPE"] == "IF"
    said = tuple(fee[name] for name in ("LINE_ITEM_NUMBER_OF_UNITS", "LINE_ITEM_UNIT_COST"))
    assert (*said, fee["LINE_ITEM_ADJUSTMENT_AMOUNT"]) == (units, cost, adjustment)


@pytest.mark.parametrize(
    ("currency", "decimals", "total"), [("JPY", 0, "1650"), ("KWD", 3, "1.650")]
)
def test_amounts_have_the_currencys_decimals(currency: str, decimals: int, total: str) -> None:
    bill = compute(cases.order(Hourly(), cases.worked(1, 11_000, 150_000, "Review")))
    document = replace(cases.document(bill), currency=currency, decimals=decimals)
    (row,) = parsed(written(document, format="1998BI"))
    assert (row["INVOICE_TOTAL"], row["LINE_ITEM_TOTAL"]) == (total, total)
    said = (row["LINE_ITEM_NUMBER_OF_UNITS"], row["LINE_ITEM_UNIT_COST"])
    made = Decimal(said[0]) * Decimal(said[1]) + Decimal(row["LINE_ITEM_ADJUSTMENT_AMOUNT"])
    assert made == Decimal(total)


def test_an_adjustment_and_a_discount_are_rows_of_the_whole_bill() -> None:
    rows = parsed(written(cases.capped_with_an_adjustment()))
    assert [row["EXP/FEE/INV_ADJ_TYPE"] for row in rows] == ["F", "F", "IF"]
    assert rows[-1]["LINE_ITEM_ADJUSTMENT_AMOUNT"] == "-800.00"
    assert rows[0]["TIMEKEEPER_NAME"] == "Alvarez, Maria"
    # A name in one piece: the last word is the surname.
    assert rows[1]["TIMEKEEPER_NAME"] == "Berg, Jonas"


def test_a_bill_of_hidden_lines_alone_is_refused() -> None:
    bill = compute(cases.order(Hourly(), cases.worked(1, 10_000, 0, "Note", behavior="hide")))
    with pytest.raises(Refused) as refused:
        written(cases.document(bill))
    assert refused.value.code == "ledes.empty"


def test_lines_that_dont_make_the_bill_are_refused() -> None:
    document = cases.capped_with_an_adjustment()
    with pytest.raises(Refused) as refused:
        written(replace(document, bill=replace(document.bill, fees_cents=1)))
    assert refused.value.code == "ledes.sum"


@settings(max_examples=150, deadline=None)
@given(ANYTHING, ANYTHING, st.sampled_from(["ascii", "cp1252", "utf-8"]))
@example("a|b[]c\r\nd “e” été", "Ⅷ ½ ﬁ", "ascii")
def test_hostile_text_never_breaks_the_file(words: str, note: str, encoding: str) -> None:
    bill = compute(cases.order(Hourly(), cases.worked(1, 10_000, 3_000_000, words)))
    document = replace(cases.document(bill), note=note, matter_title=words)
    order = order_of(document, encoding=encoding, format="1998BI", max_desc=40)
    try:
        made = invoice(order)
    except Refused as refused:
        assert refused.code == "ledes.character"
        assert encoding != "utf-8"
        return
    content = file_of([made])
    (row,) = parsed(content, encoding)
    assert row["LINE_ITEM_TOTAL"] == "300.00"
    assert len(row["LINE_ITEM_DESCRIPTION"]) <= 40
    assert "[]" not in content.decode(encoding).replace("[]\r\n", "")
    if row["LINE_ITEM_DESCRIPTION"] != words.strip():
        assert any(note.column == "LINE_ITEM_DESCRIPTION" for note in made.notes)
    assert not [each for each in check(content) if each.severity == "error"]


def test_what_is_changed_is_told_with_row_and_column() -> None:
    words = "Draft “answer”|été" + "x" * 1000
    bill = compute(cases.order(Hourly(), cases.worked(1, 10_000, 3_000_000, words)))
    made = invoice(order_of(cases.document(bill)))
    told = [str(note) for note in made.notes]
    assert told == [
        "Row 1, LINE_ITEM_DESCRIPTION: letters were written as ASCII has them.",
        'Row 1, LINE_ITEM_DESCRIPTION: "|" became "/".',
        "Row 1, LINE_ITEM_DESCRIPTION: cut from 1,018 to 1,000 characters.",
    ]
    (row,) = parsed(file_of([made]))
    assert row["LINE_ITEM_DESCRIPTION"].startswith('Draft "answer"/etexxx')


def test_a_sound_row_has_no_finding() -> None:
    assert found(file_with(SAMPLE)) == []
    assert found(file_with(SAMPLE).replace(b"\r\n", b"\n")) == []


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        ("20260107", "20260230", ("LINE_ITEM_DATE", "date")),
        ("|1.20|", "|1,20|", ("LINE_ITEM_NUMBER_OF_UNITS", "number")),
        ("|300.00|Doe", "|$300|Doe", ("LINE_ITEM_UNIT_COST", "number")),
        ("|-60.00|", "|60.00-|", ("LINE_ITEM_ADJUSTMENT_AMOUNT", "number")),
        ("|ACME|", "||", ("CLIENT_ID", "blank")),
        ("|JD1|", "||", ("TIMEKEEPER_ID", "blank")),
        ("|AC-77", "|", ("CLIENT_MATTER_ID", "blank")),
        ("|-60.00|", "|-59.00|", ("LINE_ITEM_TOTAL", "sum")),
        ("|-60.00|", "|-59.9970|", ("LINE_ITEM_TOTAL", "residue")),
        ("|300.00|20260101", "|301.00|20260101", ("INVOICE_TOTAL", "total")),
        ("|1.20|-60.00|", "|-1.20|660.00|", ("LINE_ITEM_NUMBER_OF_UNITS", "negative")),
        ("|F|", "|X|", ("EXP/FEE/INV_ADJ_TYPE", "type")),
        ("20260007", "2026-0007", ("INVOICE_NUMBER", "letters")),
        ("|L210|", "|NULL|", ("LINE_ITEM_TASK_CODE", "null")),
        ("|L210||", "|L210|E101|", ("LINE_ITEM_EXPENSE_CODE", "code")),
        ("PARTNR", "PT", ("TIMEKEEPER_CLASSIFICATION", "classification")),
        ("Doe, Jane", "Jane Doe", ("TIMEKEEPER_NAME", "name-order")),
        ("20260107", "20260207", ("LINE_ITEM_DATE", "date-outside")),
        ("|ACME|", "|" + "A" * 21 + "|", ("CLIENT_ID", "length")),
        ("Draft answer", "x" * 1024, ("LINE_ITEM_DESCRIPTION", "description")),
        ("|ACME|", "|AC|ME|", ("columns", "count")),
        ("Draft answer", "Draft\r\nanswer", ("record", "line-end")),
        ("LEDES1998B", "LEDES2000", ("first line", "format")),
        ("CLIENT_ID|", "CLIENTID|", ("header", "header")),
    ],
)
def test_what_a_receiver_refuses_is_found(old: str, new: str, finding: tuple[str, str]) -> None:
    content = file_with(SAMPLE)
    assert old.encode() in content
    changed = content.decode().replace(old, new, 1)
    assert finding in found(changed.encode())


def test_rows_of_a_bill_are_held_against_each_other() -> None:
    other = SAMPLE.replace("|300.00|20260101", "|301.00|20260101", 1)
    second = SAMPLE.replace("20260007", "20260008", 1)
    content = "\r\n".join(f"{row}[]" for row in (SAMPLE, other, second, SAMPLE))
    text = f"LEDES1998B[]\r\n{NAMES}[]\r\n{content}\r\n"
    told = found(text.encode())
    for wanted in (
        ("INVOICE_TOTAL", "differs"),
        ("LINE_ITEM_NUMBER", "repeated-number"),
        ("LINE_ITEM_DESCRIPTION", "repeated"),
        ("INVOICE_NUMBER", "duplicate"),
    ):
        assert wanted in told
    marked = found(b"\xef\xbb\xbf" + file_with(SAMPLE.replace("Draft", "Entwürfe")))
    assert marked == [("first line", "bom"), ("encoding", "encoding")]


@settings(max_examples=200, deadline=None)
@given(
    st.binary(max_size=300)
    | st.lists(st.tuples(st.integers(0, 900), st.binary(max_size=4)), min_size=1, max_size=6)
)
def test_check_never_fails_over_any_bytes(damage: bytes | list[tuple[int, bytes]]) -> None:
    if isinstance(damage, bytes):
        content = damage
    else:
        content = file_with(SAMPLE)
        for place, put in damage:
            content = content[:place] + put + content[place + len(put) :]
    for each in check(content):
        assert each.severity in ("error", "warning")
        assert str(each)


def test_a_clients_rules_are_held_against_the_bill() -> None:
    document = cases.hourly_with_discount_tax_and_costs()
    order = order_of(
        document, require_task=True, require_expense=True, max_hours_per_day_e4=10_000,
        min_increment_e4=1_000, rate_cap_e4=3_000_000, require_description=True,
    )  # fmt: skip
    told = "\n".join(against(document, order.profile))
    for words in (
        "T-1 (Review of the petition and its exhibits) has no task code",
        "E-1 (Travel to the interview) has no expense code",
        "2.00 hours of MA on 2026-11-03; the client pays at most 1.00 a day.",
        "T-4 (Letter to the consulate) is 0.3125 hours; the client takes steps of 0.10.",
        "is at 350.00; the client pays 300.00.",
        "this one has no note",
    ):
        assert words in told
    assert "Internal note" not in told
    listed = order_of(document, allowed_codes=("L110",)).profile
    coded = [line._replace(task_code="L110", activity_code="A103") for line in document.bill.lines]
    bill = replace(document.bill, lines=tuple(coded))
    assert "A103, which isn't on the client's list" in next(
        against(replace(document, bill=bill), listed)
    )
