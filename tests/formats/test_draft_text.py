"""A draft as text: read back as it was written, strictly, and every fault with its line."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billcli.core.discount import Discount
from billcli.core.edits import REASONS, Edit
from billcli.core.lines import Line
from billcli.formats.draft_text import Amount, Editable, Revision, read, written

DAY = date(2026, 11, 30)


def line(kind: str, n: int | None, cents: int, words: str, **more: Any) -> Line:
    letter = {"time": "T", "expense": "E"}.get(kind)
    class_ = "cost" if kind == "expense" else "fee"
    source = f"{letter}-{n}" if n else None
    return Line(kind, class_, words, cents, cents, cents, n, source, DAY if n else None, **more)


DRAFT = Editable(
    lines=(
        line("time", 1, 525_00, "Draft declaration", timekeeper="MA", hours_e4=15_000),
        line("time", 2, 300_00, "Call\nwith \x1b[31mclient", timekeeper="MA", hours_e4=10_000),
        line("adjustment", None, -100_00, "Fee cap adjustment"),
        line("expense", 4, 45_00, "Court fee"),
    ),
    edits=(
        Edit("amount", line="T-2", cents=300_00, reason="courtesy", text="as agreed: on the phone"),
        Edit("drop", line="T-9"),
    ),
    discount=Discount(percent_e4=100_000),
    note="Thank you.\n\nSee the list.",
)
TITLE = "Draft D-7: 2026-001, Lease, for Ana \x1b[31mRivera"
TEXT = written(DRAFT, title=TITLE)


def changed(*pairs: tuple[str, str]) -> str:
    text = TEXT
    for old, new in pairs:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def number_of(words: str) -> int:
    """On which line of the text these words stand."""
    return next(n for n, row in enumerate(TEXT.splitlines(), 1) if row.startswith(words))


def test_the_text_as_it_was_written_changes_nothing() -> None:
    assert read(TEXT, DRAFT) == (Revision(), ())
    assert read(TEXT, DRAFT)[0].empty
    assert read("\n \n", DRAFT) == (Revision(), ())


def test_the_text_shows_what_there_is_and_nothing_a_screen_would_obey() -> None:
    rows = [row for row in TEXT.splitlines() if not row.startswith("#")]
    assert rows == [
        "",
        "keep 1  525.00",
        "keep 2  300.00  courtesy: as agreed: on the phone",
        "keep 3  -100.00",
        "keep 4  45.00",
        "",
        "discount 10%",
        "",
        "note",
        "Thank you.",
        "",
        "See the list.",
    ]
    assert "#   2026-11-30  MA  1.50 h  Draft declaration\nkeep 1" in TEXT
    assert "# Dropped before: T-9." in TEXT
    assert all(char >= " " or char == "\n" for char in TEXT)


CHANGES = [
    ([("keep 1  525.00", "keep 1  400 courtesy")],
     Revision((Amount(1, 400_00, "courtesy"),))),
    ([("keep 1  525.00", "\tkeep\t1\t1,400.50   Fixed-Fee : by  word ")],
     Revision((Amount(1, 1_400_50, "fixed_fee", "by  word"),))),
    ([("courtesy: as agreed: on the phone", "error")],
     Revision((Amount(2, 300_00, "error"),))),
    ([("keep 1  525.00", "drop 1  525.00"), ("keep 4", "drop  4")], Revision((), (1, 4))),
    ([("discount 10%", "discount none")], Revision(discount=Discount(amount_cents=0))),
    ([("discount 10%", "discount 12.5 %")], Revision(discount=Discount(percent_e4=125_000))),
    ([("discount 10%", "discount 1,150")], Revision(discount=Discount(amount_cents=1_150_00))),
    ([("Thank you.\n\nSee the list.", "")], Revision(note="")),
    ([("Thank you.", "keep 1 is for you.")],
     Revision(note="keep 1 is for you.\n\nSee the list.")),
    ([("See the list.", "# not this\nSee my list.")], Revision(note="Thank you.\n\nSee my list.")),
]  # fmt: skip


@pytest.mark.parametrize(("pairs", "revision"), CHANGES)
def test_what_is_changed_is_read(pairs: list[tuple[str, str]], revision: Revision) -> None:
    assert read(changed(*pairs), DRAFT) == (revision, ())


ONE, TWO, THREE, FOUR = (number_of(f"keep {n}") for n in (1, 2, 3, 4))
OFF = number_of("discount")
FAULTS = [
    ([("keep 1  525.00", "keep 1  400")],
     [f"line {ONE}: a changed amount needs its reason, and none is given"]),
    ([("keep 1  525.00", "keep 1  400 mercy")],
     [f'line {ONE}: a changed amount needs its reason, and "mercy" isn\'t one']),
    ([("keep 1  525.00", "keep 1  525.00 courtesy")],
     [f"line {ONE}: the amount is as it was, so there is no reason to give"]),
    ([("keep 1  525.00", "keep 1  4oo courtesy")],
     [f'line {ONE}: the amount "4oo" can\'t be read']),
    ([("keep 1  525.00", "keep 1")], [f'line {ONE}: the amount "" can\'t be read']),
    ([("keep 1  525.00", "keep 1  400.001 error")],
     [f'line {ONE}: the amount "400.001" has 3 decimals; it may have at most 2']),
    ([("keep 1  525.00", "keep 5  525.00")],
     [f'line {ONE}: "5" isn\'t a line of the bill, which has 4',
      "line 1 of the bill is missing: write keep 1 or drop 1"]),
    ([("keep 1  525.00", "keep ²  525.00")],
     [f'line {ONE}: "²" isn\'t a line of the bill, which has 4',
      "line 1 of the bill is missing: write keep 1 or drop 1"]),
    ([("keep 2", "keep 1")],
     [f"line {TWO}: line 1 of the bill stands on line {ONE} already",
      "line 2 of the bill is missing: write keep 2 or drop 2"]),
    ([("keep 1  525.00", "kept 1  525.00")],
     [f'line {ONE}: "kept" isn\'t keep, drop, discount or note',
      "line 1 of the bill is missing: write keep 1 or drop 1"]),
    ([("keep 3  -100.00", "keep 3  -50 courtesy")],
     [f"line {THREE}: line 3 of the bill keeps its amount: it follows from the arrangement"]),
    ([("keep 4  45.00", "keep 4  40 courtesy")],
     [f"line {FOUR}: line 4 of the bill keeps its amount: a cost is billed at what was laid out"]),
    ([("keep 3", "drop 3")],
     [f"line {THREE}: line 3 of the bill can't be dropped: it stands for no entry"]),
    ([("discount 10%", "discount")], [f'line {OFF}: the discount "" can\'t be read']),
    ([("discount 10%", "discount -5")], [f'line {OFF}: the discount "-5" is below zero']),
    ([("discount 10%", "discount 101%")],
     [f'line {OFF}: the discount "101%" isn\'t between 0 and 100']),
    ([("discount 10%", "discount 10%\ndiscount none")],
     [f"line {OFF + 1}: the discount stands on line {OFF} already"]),
    ([("discount 10%\n", "")], ["the discount is missing: write discount none for none"]),
    ([("note\nThank you.\n\nSee the list.\n", "")],
     ["the word note is missing: the note stands below it"]),
    ([("note\nThank you.", "note Thank you.\nnote\n")],
     [f"line {number_of('note')}: the note stands in the lines below the word"]),
    ([("Thank you.", "x" * 2001)], ["the note has 2,016 characters; at most 2,000 are kept"]),
    ([("Thank you.", "a\0b")], ['the note holds a NUL character, which no text can keep']),
]  # fmt: skip


@pytest.mark.parametrize(("pairs", "wanted"), FAULTS)
def test_every_fault_is_named_with_its_line(
    pairs: list[tuple[str, str]], wanted: list[str]
) -> None:
    _, faults = read(changed(*pairs), DRAFT)
    assert len(faults) == len(wanted), faults
    for fault, words in zip(faults, wanted, strict=True):
        assert fault.startswith(words), fault


def test_all_faults_come_at_once() -> None:
    _, faults = read("keep 1 x\nfoo\n", DRAFT)
    assert len(faults) == 7, faults


reasons = st.sampled_from(REASONS)
words = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=30
)


@given(
    st.lists(
        st.tuples(st.integers(-(10**9), 10**9), st.none() | reasons, words.map(str.strip)),
        min_size=1, max_size=4,
    ),
    words,
    st.none() | st.integers(0, 10**6).map(lambda e4: Discount(percent_e4=e4))
    | st.integers(0, 10**9).map(lambda cents: Discount(amount_cents=cents)),
)  # fmt: skip
@settings(max_examples=25, deadline=None)
def test_any_draft_comes_back_unchanged(
    rows: list[tuple[int, str | None, str]], note: str, discount: Discount | None
) -> None:
    lines = tuple(line("time", n, cents, "Work") for n, (cents, _, _) in enumerate(rows, 1))
    edits = tuple(
        Edit("amount", line=f"T-{n}", cents=cents, reason=reason, text=text or None)
        for n, (cents, reason, text) in enumerate(rows, 1)
        if reason
    )
    held = Editable(lines, edits, discount, note)
    assert read(written(held, title="D-1"), held) == (Revision(), ())


@given(st.text(max_size=300))
@settings(max_examples=25, deadline=None)
def test_any_text_at_all_is_read_or_faulty(text: str) -> None:
    for typed in (text, changed(("keep 1  525.00", text)), TEXT + text):
        revision, faults = read(typed, DRAFT)
        assert faults or isinstance(revision, Revision)


def test_a_line_without_an_entry_is_known_by_its_words() -> None:
    fee = line("fixed_fee", None, 900_00, "Fixed fee")
    held = replace(DRAFT, lines=(fee,), edits=())
    text = written(held, title="D-1").replace("keep 1  900.00", "keep 1  800 courtesy")
    assert read(text, held) == (Revision((Amount(1, 800_00, "courtesy"),)), ())
