"""Views as JSON, CSV and tables: the name of a field decides how it is written."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest

from billcli.render.csv import csv_text
from billcli.render.json import document, jsonable
from billcli.render.table import Column, table
from billcli.render.widths import columns_wide


@dataclass(frozen=True, slots=True)
class Line:
    text: str
    hours_e4: int
    rate_e4: int | None
    amount_cents: int


@dataclass(frozen=True, slots=True)
class Bill:
    number: str | None
    date: date
    total_cents: int
    share_percent_e4: int
    lines: tuple[Line, ...]
    by_age_cents: dict[str, int]
    open: bool


BILL = Bill(
    number=None,
    date=date(2026, 11, 21),
    total_cents=-150_005,
    share_percent_e4=125_000,
    lines=(Line("a", 15_000, 3_500_000, 52_500), Line("b", 16_667, None, 0)),
    by_age_cents={"current": 1, "30": 200},
    open=True,
)


def test_units_are_written_out_and_leave_the_name() -> None:
    assert jsonable(BILL, 2) == {
        "number": None,
        "date": "2026-11-21",
        "total": "-1500.05",
        "share_percent": "12.5",
        "lines": [
            {"text": "a", "hours": "1.50", "rate": "350.00", "amount": "525.00"},
            {"text": "b", "hours": "1.6667", "rate": None, "amount": "0.00"},
        ],
        "by_age": {"current": "0.01", "30": "2.00"},
        "open": True,
    }


def test_a_currency_without_decimals_has_none() -> None:
    assert jsonable({"total_cents": 1500}, 0) == {"total": "1500"}
    assert jsonable({"rate_e4": 3_500_000}, 0) == {"rate": "350"}


@pytest.mark.parametrize("value", [1.5, Decimal("1.5"), b"x", {"size_e4": 1}])
def test_what_has_no_unit_has_no_place(value: object) -> None:
    with pytest.raises(TypeError):
        jsonable({"value": value}, 2)


def test_a_document_is_one_and_obeyed_characters_are_escaped() -> None:
    shown = document({"name": "Zoë 山田 \x1b \x9b \u202e \u2028"}, 2)
    assert shown.endswith("}\n") and "Zoë 山田" in shown
    assert not set(shown) & set("\x1b\x9b\u202e\u2028")
    assert json.loads(shown) == {"name": "Zoë 山田 \x1b \x9b \u202e \u2028"}
    assert document({"name": "Zoë 😀"}, 2, ascii_only=True).isascii()


COLUMNS = (
    Column("Text", "text"),
    Column("Hours", "hours_e4", "hours"),
    Column("Amount", "amount_cents", "money"),
)
ROWS = (
    Line("=cmd|'x'!A1", 15_000, None, 123_456),
    Line('a "b", c\nd \x1b', 0, None, -5),
    Line("山田", 1, None, 0),
)


def test_csv_reads_back_and_starts_no_formula() -> None:
    text = csv_text(ROWS, COLUMNS)
    assert "\r" not in text and "\x1b" not in text
    assert list(csv.reader(io.StringIO(text))) == [
        ["text", "hours", "amount"],
        ["'=cmd|'x'!A1", "1.50", "1234.56"],
        ['a "b", c\nd \\x1b', "0.00", "-0.05"],
        ["山田", "0.0001", "0.00"],
    ]
    assert csv_text([], COLUMNS) == "text,hours,amount\n"


def test_a_plain_table_is_aligned_also_with_wide_characters() -> None:
    shown = table(ROWS, COLUMNS, 2, totals={"text": "Total", "amount_cents": 123_451})
    assert shown.splitlines() == [
        "Text               Hours    Amount",
        "=cmd|'x'!A1         1.50  1,234.56",
        'a "b", c\\nd \\x1b    0.00     -0.05',
        "山田              0.0001      0.00",
        "Total                     1,234.51",
    ]
    assert len({columns_wide(line) for line in shown.splitlines()}) == 1


def test_B31_a_terminal_table_wraps_and_reads_no_markup() -> None:
    row = {"text": "[red]Rivera[/red] \x1b[31m" + " word" * 30, "amount_cents": 5}
    columns = (Column("Text", "text"), Column("Amount", "amount_cents", "money"))
    shown = table([row], columns, 2, rich=True, width=40, colour=False)
    assert "[red]Rivera[/red]" in shown and "\x1b[31m" not in shown
    assert shown.count("word") == 30
    assert "\x1b[3" not in table([row], columns, 2, rich=True, width=40)


def test_a_field_may_lie_deeper() -> None:
    columns = (Column("State", "trigger.state"), Column("Sum", "trigger.amount_cents", "money"))
    rows = [{"trigger": {"state": "ready", "amount_cents": 150_000}}, {"trigger": None}]
    assert table(rows, columns, 2).splitlines()[1] == "ready  1,500.00"
    assert csv_text(rows, columns) == "trigger_state,trigger_amount\nready,1500.00\n,\n"


def test_every_unit_that_the_log_holds_is_written() -> None:
    told = {"rate_cap_e4": 250_0000, "release_e4": 50_0000, "standard_rate_e4": None}
    assert json.loads(document(told, 2)) == {
        "rate_cap": "250.00",
        "release": "50",
        "standard_rate": None,
    }
