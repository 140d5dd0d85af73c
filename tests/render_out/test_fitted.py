"""Tables on terminals of any width: ids and amounts whole, nothing beyond the edge."""

from __future__ import annotations

import io
import re
import sys
from datetime import date

import pytest

from billcli.cli import _errors
from billcli.render.table import Column, table
from billcli.render.widths import columns_wide

COLUMNS = (
    Column("Matter", "matter"),
    Column("Title", "title"),
    Column("Arrangement", "arrangement"),
    Column("State", "state"),
    Column("Since", "since", "date"),
    Column("On hold", "held_cents", "money"),
    Column("Realized %", "percent_e4", "percent"),
    Column("Total", "total_cents", "money"),
)
ROWS = [
    {
        "matter": f"2026-0{n}",
        "title": title,
        "arrangement": arrangement,
        "state": "open",
        "since": date(2026, 11, n),
        "held_cents": 0,
        "percent_e4": None,
        "total_cents": cents,
    }
    for n, (title, arrangement, cents) in enumerate(
        [
            ("Lease dispute, Industrial Loop", "hourly", 1_234_567_89),
            ("Coverage claim", "capped_rate_recurring_reserve", 5),
            ("契約書の確認", "fixed", 80_00),
        ],
        10,
    )
]
TOTALS = {"matter": "Total", "total_cents": sum(int(str(row["total_cents"])) for row in ROWS)}
ESCAPES = re.compile(r"\x1b\[[0-9;]*m")


def drawn(width: int, *, rows: list[dict[str, object]] = ROWS, **more: object) -> list[str]:
    shown = table(rows, COLUMNS, 2, rich=True, width=width, totals=TOTALS, **more)  # type: ignore[arg-type]
    return [line.rstrip() for line in ESCAPES.sub("", shown).splitlines()]


@pytest.mark.parametrize("width", [24, 40, 55, 60, 66, 72, 80, 100, 120, 200])
def test_B31_ids_and_amounts_are_whole_on_any_terminal(width: int) -> None:
    lines = drawn(width)
    for row in ROWS:
        assert any(str(row["matter"]) in line for line in lines)
        assert any(str(row["since"]) in line for line in lines)
    for amount in ("1,234,567.89", "80.00", "1,234,647.94"):
        assert any(amount in line for line in lines)
    table_or_blocks = [line for line in lines if not line.startswith(("Nothing in", "In all rows"))]
    assert max(columns_wide(line) for line in table_or_blocks) <= width
    said = "".join("".join(line.split()) for line in lines)
    assert "契約書の確認" in said or width < 100


def test_what_gives_way_first() -> None:
    assert drawn(200)[0].split() == [word for c in COLUMNS for word in c.title.split()]
    # Columns that say nothing, then columns that say the same in every row, then the texts.
    assert drawn(110)[-1] == "Nothing in On hold, Realized %."
    assert drawn(85)[-2:] == ["Nothing in On hold, Realized %.", "In all rows: State open."]
    narrow = drawn(70)
    assert any(line.endswith("1,234,567.89") and "2026-010  Lease" in line for line in narrow)
    assert any("capped_rate_" in line for line in narrow) and any(
        line.strip() == "reserve" or line.split()[-1:] == ["reserve"] for line in narrow
    )


def test_a_block_for_each_row_where_a_table_would_be_nonsense() -> None:
    assert drawn(40)[:4] == [
        "2026-010",
        "  Title        Lease dispute, Industrial",
        "               Loop",
        "  Arrangement  hourly",
    ]
    long = [ROWS[0] | {"title": "word " * 60}, ROWS[1]]
    assert drawn(70, rows=long)[0] == "2026-010", "sixty words aren't put into a narrow column"


@pytest.mark.parametrize(
    ("environ", "ascii_"),
    [
        ({"LANG": "C"}, True),
        ({"LANG": "POSIX"}, True),
        ({"LANG": "C", "LC_CTYPE": "C.UTF-8"}, True),
        ({"LC_ALL": "C", "LANG": "en_US.UTF-8"}, True),
        ({"LANG": "C.UTF-8"}, False),
        ({"LANG": "de_DE.UTF-8"}, False),
        ({"LANG": "C", "LC_ALL": "en_US.UTF-8"}, False),
        ({"LANG": "C", "PYTHONIOENCODING": "utf-8"}, False),
        ({}, False),
    ],
)
def test_a_terminal_in_the_c_locale_gets_ascii(
    environ: dict[str, str], ascii_: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Terminal(io.TextIOWrapper):
        def isatty(self) -> bool:
            return True

    for name in ("LANG", "LC_ALL", "LC_CTYPE", "PYTHONIOENCODING", "PYTHONUTF8"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", Terminal(raw, "utf-8"))
    monkeypatch.setattr(sys, "stderr", Terminal(io.BytesIO(), "utf-8"))

    def said(argv: list[str]) -> int:
        print("a → b … § 4, Müller")
        return 0

    assert _errors.guarded(said, []) == 0
    text = raw.getvalue().decode()
    assert text == ("a -> b ... section  4, M\\xfcller\n" if ascii_ else "a → b … § 4, Müller\n")
