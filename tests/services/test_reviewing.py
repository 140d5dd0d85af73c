"""A draft under review: what is told of it, and what can be done with it (§6.1, D-56)."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from offices import Answer, new_ledger
from practice import DAY, contents, numbers, practice

from billcli.errors import BillError
from billcli.render.json import document
from billcli.render.prebill import prebill_text
from billcli.services.bill import bill_edits, bill_reading, bills
from billcli.services.bill.request import Request
from billcli.services.funds import trust
from billcli.services.matter import holds, matters, options
from billcli.services.milestones import tasks, triggers
from billcli.services.month_end import mass, prebills, reviewing
from billcli.services.month_end.batch import Batch
from billcli.services.month_end.prebills import Prebill, Reviewer
from billcli.services.office import clients, timekeepers
from billcli.services.upkeep import soundness
from billcli.services.work import expenses, time
from billcli.store.ledger import Ledger

H = 10_000
MATTERS = 3
# Per matter: half an hour and an hour at 300.00, and a court fee of 45.00.
WORTH = 495_00


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return practice(tmp_path_factory.mktemp("month") / "ledger.db", matters=MATTERS)


@pytest.fixture
def month(prepared: Path, tmp_path: Path) -> Path:
    """A ledger of this test alone, with a month to bill; `cli` works on it."""
    return Path(shutil.copy(prepared, tmp_path / "ledger.db"))


@pytest.fixture
def office(month: Path, make_ledger: Callable[..., Ledger]) -> Ledger:
    """That ledger, open, with a draft for each matter."""
    ledger = make_ledger(month)
    mass.run(ledger, Batch(DAY, DAY))
    return ledger


def look(ledger: Ledger, reference: str) -> Prebill:
    return Reviewer(ledger).prebill(reference)


def codes(seen: Prebill) -> list[str]:
    return [found["code"] for found in seen.view["warnings"]]


def refused(act: Callable[[], Any]) -> str:
    with pytest.raises(BillError) as problem:
        act()
    return problem.value.code


# -- what is told ----------------------------------------------------------------------------------


def test_D56_a_pre_bill_shows_the_bill_and_moves_nothing(office: Ledger, tmp_path: Path) -> None:
    before = contents(office.path)
    drafts = prebills.references(office, 1)
    assert drafts == ["D-1", "D-2", "D-3"]
    for seen in prebills.prebills_of(office, drafts, []):
        shown = bill_reading.show(office, seen.ref)
        same = [
            "id", "matter", "client", "currency", "date", "due_date", "through", "arrangement",
            "standard_fees_cents", "fee_adjustment_cents", "fees_cents", "discount_cents",
            "costs_cents", "tax_cents", "total_cents", "lines", "edits",
        ]  # fmt: skip
        assert {key: seen.view[key] for key in same} == {key: shown[key] for key in same}
        keys = json.loads(document(seen.view, 2))
        assert len(keys) == len(seen.view), "no two have the same name in JSON"
    written = reviewing.write_texts(office, drafts, tmp_path / "pre", [])
    assert written == [f"{number}.txt" for number in numbers(MATTERS)]
    assert contents(office.path) == before


def test_D56_the_same_draft_makes_the_same_text_on_another_day(
    office: Ledger, make_ledger: Callable[..., Ledger]
) -> None:
    first = prebill_text(look(office, "D-1").view, 2)
    later = make_ledger(office.path, today="2026-12-15")
    assert prebill_text(look(later, "D-1").view, 2) == first
    time.add(later, "2026-001", H, "Something of December", day=date(2026, 12, 1), timekeeper="ma")
    assert prebill_text(look(later, "D-1").view, 2) == first


def test_D56_a_change_of_one_amount_touches_its_own_lines_alone(office: Ledger) -> None:
    before = prebill_text(look(office, "D-1").view, 2).splitlines()
    off = bill_edits.Amount(1, 100_00, "courtesy", "as agreed")
    bill_edits.edit(office, "D-1", bill_edits.Changes((off,)))
    after = prebill_text(look(office, "D-1").view, 2).splitlines()
    gone = [row.split() for row in before if row not in after]
    assert [row[0] for row in gone] == ["Fees", "Total", "1"]
    come = [" ".join(row.split()) for row in after if row not in before]
    assert come == [
        "T-1 courtesy: as agreed -50.00",
        "Written down -50.00",
        "Fees 400.00",
        "Total 445.00 USD",
        "1 T-1 2026-11-30 ma 0.50 h x 300.00 100.00",
    ]


def test_D56_what_is_gathered_makes_each_warning(office: Ledger) -> None:
    options.set_options(office, "2026-001", {"email": ["ana@rivera.example"]})
    assert codes(look(office, "D-1")) == ["narrative", "narrative"], "Work 0, Work 1"
    # Eleven more hours on the same day make twelve and a half, wherever they are.
    time.add(office, "2026-002", 11 * H, "All day in court", day=DAY, timekeeper="ma")
    assert codes(look(office, "D-1")).count("long_day") == 1
    expenses.add(office, "2026-003", 80_00, "Taxi to court", day=DAY)
    time.add(office, "2026-003", H, "Never on a Sunday", day=date(2026, 11, 29), timekeeper="ma")
    time.add(office, "2026-003", H, "Long ago it was", day=date(2026, 9, 30), timekeeper="ma")
    bills.refresh(office, "D-3")
    found = codes(look(office, "D-3"))
    assert {"no_receipt", "weekend", "old", "no_address"} <= set(found)


def test_D56_a_receipt_is_noted_seen_and_taken_back(office: Ledger) -> None:
    taxi = expenses.add(office, "2026-001", 80_00, "Taxi to court", day=DAY, receipt="folder 7")
    fare = expenses.add(office, "2026-001", 90_00, "Train to court", day=DAY)
    assert (taxi.receipt, fare.receipt) == ("folder 7", None)
    bills.refresh(office, "D-1")

    def missing() -> list[str]:
        seen = look(office, "D-1")
        flagged = [row["entry"] for row in seen.view["cost_lines"] if row["receipt"] is False]
        warned = [w["entry"] for w in seen.view["warnings"] if w["code"] == "no_receipt"]
        assert set(warned) <= set(flagged)
        return warned

    assert missing() == [fare.id]
    assert expenses.edit(office, fare.id, receipt="e-mail of 30 November").receipt
    assert missing() == [], "a receipt doesn't make a draft stale"
    assert "stale" not in codes(look(office, "D-1"))
    assert expenses.edit(office, taxi.id, receipt=" ").receipt is None
    assert missing() == [taxi.id]


def test_D56_milestones_caps_and_write_downs_are_seen(office: Ledger) -> None:
    terms = {"value_cents": 400_00}
    matters.add(office, "2026-009", "Cap", client="rivera", kind="capped", terms=terms)
    tasks.add(office, "2026-009", "Hearing", trigger_kind="amount", trigger_cents=100_00)
    triggers.done(office, "2026-009", 1)
    for hours in (1, 1):
        time.add(office, "2026-009", hours * H, f"Work of {hours} hour", day=DAY, timekeeper="ma")
    seen = look(office, bills.create(office, "2026-009", Request(DAY, DAY))["id"])
    assert {"cap", "write_down", "milestone", "duplicate"} <= set(codes(seen))
    where = seen.view["position"]
    assert (where["value_cents"], where["used_cents"]) == (400_00, 600_00)
    assert seen.view["adjustment_reasons"] == [
        {
            "entry": None,
            "reason": "cap",
            "text": "Fee cap adjustment",
            "amount_cents": -200_00,
        }
    ]
    # Charged and on the draft, the milestone is no longer forgotten.
    triggers.fire(office, "2026-009", 1)
    assert "milestone" in codes(look(office, seen.ref)), "its charge is on no draft yet"
    bills.refresh(office, seen.ref)
    assert "milestone" not in codes(look(office, seen.ref))


def test_D56_client_money_is_planned_and_its_lack_is_seen(
    tmp_path: Path, make_ledger: Callable[..., Ledger]
) -> None:
    day = date(2026, 10, 30)
    ledger = make_ledger(new_ledger(tmp_path / "other.db"), today=day.isoformat())
    timekeepers.add(ledger, "ma", "M. Alvarez", rate_e4=300 * H)
    clients.add(ledger, "rivera", "Ana Rivera")
    matters.add(ledger, "2026-001", "Lease", client="rivera", opened_on=date(2026, 10, 1))
    time.add(ledger, "2026-001", 2 * H, "Review of the lease", day=day, timekeeper="ma")
    draft = bills.create(ledger, "2026-001", Request(day, day))["id"]
    assert "trust_short" not in codes(look(ledger, draft)), "nobody agreed on trust money"
    topped = {"minimum_cents": 500_00, "trigger_cents": 300_00}
    options.set_options(ledger, "2026-001", {"replenish": topped})
    trust.deposit(ledger, "2026-001", 400_00, method="cash", day=date(2026, 10, 2))
    seen = look(ledger, draft)
    view = seen.view
    assert [(row["source"], row["amount_cents"]) for row in view["planned"]] == [("trust", 400_00)]
    assert (view["to_pay_cents"], view["trust_after_cents"]) == (200_00, 0)
    assert view["top_up_cents"] == 500_00
    assert "trust_short" in codes(seen)
    assert "  Left to pay" in prebill_text(view, 2)
    trust.deposit(ledger, "2026-001", 200_00, method="cash", day=date(2026, 10, 3))
    assert "trust_short" not in codes(look(ledger, draft))


def test_D56_what_was_open_before_is_shown_by_age(
    office: Ledger, make_ledger: Callable[..., Ledger]
) -> None:
    bills.approve(office, "D-1")
    bills.issue(office, "2026-0001")
    later = make_ledger(office.path, today="2027-01-31")
    time.add(later, "2026-001", H, "Later work on it", day=DAY, timekeeper="ma")
    draft = bills.create(later, "2026-001", Request(date(2027, 1, 31), DAY))["id"]
    ages = look(later, draft).view["open_before"]
    assert {name: cents for name, cents in ages.items() if cents} == {
        "d31_60_cents": WORTH,
        "total_cents": WORTH,
    }


def test_a_draft_whose_work_changed_is_stale_and_made_anew(office: Ledger) -> None:
    time.edit(office, "T-1", hours_e4=2 * H)
    seen = look(office, "D-1")
    assert codes(seen)[0] == "stale"
    assert refused(lambda: reviewing.approve(office, seen)) == "draft.stale"
    reviewing.refresh(office, seen)
    again = look(office, "D-1")
    assert "stale" not in codes(again)
    assert again.view["total_cents"] == WORTH + 450_00


# -- what is done ----------------------------------------------------------------------------------


def test_what_was_looked_at_is_what_is_approved(office: Ledger) -> None:
    seen = look(office, "D-1")
    bill_edits.edit(office, "D-1", bill_edits.Changes(note="From another desk."))
    for act in (reviewing.approve, reviewing.refresh):
        assert refused(lambda act=act: act(office, seen)) == "draft.changed"  # type: ignore[misc]
    text = reviewing.text_of(office, seen).replace("discount none", "discount 10%")
    assert refused(lambda: reviewing.take_over(office, seen, text)) == "draft.changed"
    assert reviewing.approve(office, look(office, "D-1"))["number"] == "2026-0001"
    assert refused(lambda: reviewing.approve(office, seen)) == "bill.not-draft"


def test_a_text_is_taken_over_whole(office: Ledger) -> None:
    seen = look(office, "D-1")
    text = reviewing.text_of(office, seen)
    for old, new in (
        ("keep 1  150.00", "keep 1  100 courtesy: a slow start"),
        ("keep 3  45.00", "drop 3"),
        ("discount none", "discount 10%"),
        ("\nnote\n", "\nnote\nThank you.\n"),
    ):
        assert text.count(old) == 1
        text = text.replace(old, new)
    assert reviewing.take_over(office, seen, text) == ()
    view = bill_reading.show(office, "D-1")
    assert (view["fees_cents"], view["discount_cents"], view["total_cents"]) == (
        400_00,
        40_00,
        360_00,
    )
    assert [edit["what"] for edit in view["edits"]] == ["amount", "drop", "discount", "note"]
    # Opened again, it shows what was changed, and as it is changes nothing.
    again = look(office, "D-1")
    text = reviewing.text_of(office, again)
    assert "keep 1  100.00  courtesy: a slow start" in text
    assert "# Dropped before: E-1." in text
    there = contents(office.path)
    assert reviewing.take_over(office, again, text) == ()
    assert contents(office.path) == there
    assert soundness.check(office.path).findings == ()


@pytest.mark.parametrize(
    ("pairs", "code"),
    [
        ([("keep 1  150.00", "keep 1  -900 error"), ("discount none", "discount 5")], "edit.below"),
        ([("keep 1", "drop 1"), ("keep 2", "drop 2"), ("keep 3", "drop 3")], "bill.nothing"),
        ([("keep 1  150.00", "keep 1  100"), ("discount none", "discount 5")], None),
    ],
)
def test_nothing_of_a_text_is_taken_over_by_half(
    office: Ledger, pairs: list[tuple[str, str]], code: str | None
) -> None:
    before = contents(office.path)
    seen = look(office, "D-1")
    text = reviewing.text_of(office, seen)
    for old, new in pairs:
        text = text.replace(old, new)
    if code:
        assert refused(lambda: reviewing.take_over(office, seen, text)) == code
    else:
        assert len(reviewing.take_over(office, seen, text)) == 1
    assert contents(office.path) == before


def test_B26_a_held_draft_waits_and_is_released(office: Ledger) -> None:
    reviewing.hold(office, look(office, "D-1"))
    held = look(office, "D-1")
    assert held.view["held"]
    assert refused(lambda: reviewing.approve(office, held)) == "bill.held"
    reviewing.hold(office, held)
    assert reviewing.approve(office, look(office, "D-1"))["number"] == "2026-0001"
    assert refused(lambda: holds.unhold(office, "2026-001")) == "hold.off"


# -- on the command line ---------------------------------------------------------------------------


def test_B23_without_a_terminal_a_review_names_what_to_give(
    office: Ledger, cli: Callable[..., Answer]
) -> None:
    told = cli("--no-input", "mass", "review", "1")
    assert (told.code, told.out) == (2, "")
    assert told.err.splitlines()[-1] == "hint: Give --json or --out DIR."


def test_json_has_each_draft_with_its_warnings(office: Ledger, cli: Callable[..., Answer]) -> None:
    answer = cli("mass", "review", "--json")
    assert (answer.code, [row["id"] for row in answer.json]) == (0, ["D-1", "D-2", "D-3"])
    first = answer.json[0]
    assert (first["total"], first["costs"], first["work"]) == (
        "495.00",
        "45.00",
        [{"timekeeper": "ma", "name": "M. Alvarez", "hours": "1.50", "value": "450.00"}],
    )
    assert first["warnings"][0] == {
        "code": "narrative",
        "text": "its narrative has 2 words",
        "entry": "T-1",
    }
    bills.approve(office, "D-2")
    assert [row["id"] for row in cli("mass", "review", "1", "--json").json] == ["D-1", "D-3"]
    assert cli("mass", "review", "7", "--json").code == 4


def test_B10_a_pre_bill_shows_typed_text_and_obeys_none_of_it(office: Ledger) -> None:
    matters.edit(office, "2026-001", {"title": "[b]x[/b] \x1b[31m\u202eגבר"})
    time.edit(office, "T-1", description="a\nb \x07 " + "long " * 80)
    bills.refresh(office, "D-1")
    text = prebill_text(look(office, "D-1").view, 2)
    assert "[b]x[/b] \\x1b[31m\\u202e" in text
    assert "a\\nb \\x07 long" in text
    assert all(char >= " " or char == "\n" for char in text)
    assert max(map(len, text.splitlines())) <= 80


@pytest.mark.parametrize(
    ("sql", "code"),
    [
        ("INSERT INTO matter_option VALUES (2, 'discount', '\"10\"')", "stale"),
        ("INSERT INTO matter_option VALUES (2, 'replenish', '[1]')", None),
    ],
)
def test_B24_a_record_that_makes_no_sense_stops_its_own_draft_alone(
    office: Ledger, cli: Callable[..., Answer], sql: str, code: str | None
) -> None:
    with office.write() as session:
        session.connection().exec_driver_sql(sql)
    answer = cli("mass", "review", "1", "--json")
    ids = [row["id"] for row in answer.json]
    if code:
        assert (answer.code, ids) == (0, ["D-1", "D-2", "D-3"])
        assert answer.json[1]["warnings"][0]["code"] == code
    else:
        assert (answer.code, ids) == (6, ["D-1", "D-3"])
        assert "D-2" in answer.err
