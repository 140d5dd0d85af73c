"""Which bills a run leaves out, leaves as drafts, or makes anew (D-57, D-58, §6.3)."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from offices import Answer
from practice import DAY, billed, contents, numbers, practice, work

from billcli.core.mass import Breakers
from billcli.errors import NotFound
from billcli.services.bill import bill_edits, bill_reading, bills
from billcli.services.bill.request import Request
from billcli.services.matter import matters, options
from billcli.services.milestones import tasks, triggers
from billcli.services.month_end import ahead, mass, mass_reports
from billcli.services.month_end.batch import Batch
from billcli.services.office import clients, timekeepers
from billcli.services.upkeep import soundness
from billcli.services.work import expenses, time
from billcli.store import settings
from billcli.store.ledger import Ledger

H = 10_000
MATTERS = 5
ISSUED = Batch(DAY, DAY, issued=True)
DRAFTS = Batch(DAY, DAY)
RUN = ("mass", "run", "--through", "2026-11", "--json")
# What each matter of the practice comes to: 0.5 h and 1 h at 300, and a court fee.
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
    """That ledger, open."""
    return make_ledger(month)


def more(ledger: Ledger, number: str, hours: int = 10) -> None:
    time.add(ledger, number, hours * H, "Preparation of the trial", day=DAY, timekeeper="ma")


def of_run(report: dict[str, Any]) -> list[str]:
    return [bill["matter"] for bill in report["bills"]]


def reason(report: dict[str, Any], number: str) -> list[str]:
    return [skip["reason"] for skip in report["skipped"] if skip["matter"] == number]


# -- which matters ---------------------------------------------------------------------------------


@pytest.fixture
def varied(office: Ledger) -> Ledger:
    """Five matters: of two clients, two lawyers, two areas and two arrangements."""
    timekeepers.add(office, "ro", "R. Ohm", rate_e4=300 * H)
    clients.add(office, "odum", "Odum & Co")
    matters.edit(office, "2026-001", {"responsible": "ma", "practice_area": "Family"})
    matters.edit(office, "2026-002", {"responsible": "ro", "practice_area": "family"})
    matters.edit(office, "2026-003", {"responsible": "ma", "practice_area": "Real estate"})
    matters.add(
        office, "2026-006", "Cap", client="odum", kind="capped", terms={"value_cents": 900_00}
    )
    work(office, "2026-006")
    return office


FILTERS = [
    ({}, ["2026-001", "2026-002", "2026-003", "2026-004", "2026-005", "2026-006"]),
    ({"client": "odum"}, ["2026-006"]),
    ({"responsible": "ma"}, ["2026-001", "2026-003"]),
    ({"practice_area": "FAMILY"}, ["2026-001", "2026-002"]),
    ({"practice_area": "family", "responsible": "ro"}, ["2026-002"]),
    ({"arrangement": "capped"}, ["2026-006"]),
    ({"arrangement": "fixed"}, []),
    ({"matters": ("2026-002", "2026-003"), "responsible": "ma"}, ["2026-003"]),
]


@pytest.mark.parametrize(("asked", "found"), FILTERS, ids=[str(f[0]) for f in FILTERS])
def test_a_run_and_its_preview_take_the_same_matters(
    varied: Ledger, asked: dict[str, Any], found: list[str]
) -> None:
    batch = replace(DRAFTS, **asked)
    rows = mass.preview(varied, batch)
    assert [row["matter"] for row in rows if row["total_cents"]] == found
    dry = mass.run(varied, replace(batch, dry=True))
    assert of_run(dry) == of_run(mass.run(varied, batch)) == found


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"client": "nobody"}, "client.missing"),
        ({"responsible": "zz"}, "timekeeper.missing"),
        ({"practice_area": "Famly"}, "practice-area.missing"),
        ({"matters": ("2026-999",)}, "matter.missing"),
    ],
)
def test_a_filter_that_names_nobody_is_said_not_taken_for_an_empty_month(
    varied: Ledger, asked: dict[str, Any], code: str
) -> None:
    batch = replace(DRAFTS, **asked)
    for act in (mass.preview, mass.run):
        with pytest.raises(NotFound) as missing:
            act(varied, batch)
        assert missing.value.code == code


# -- the least bill (D-57) -------------------------------------------------------------------------


def least(ledger: Ledger, cents: int, matter: str | None = None) -> None:
    if matter:
        options.set_options(ledger, matter, {"min_bill_cents": cents})
        return
    with ledger.write():
        settings.put(ledger, "billing.min_bill_cents", cents)


@pytest.mark.parametrize(
    ("firm", "own", "made"),
    [
        (WORTH, None, True),
        (WORTH + 1, None, False),
        (None, WORTH + 1, False),
        (None, WORTH, True),
        (WORTH + 1, 0, True),
        (1, WORTH + 1, False),
    ],
)
def test_D57_fees_and_costs_below_the_minimum_wait(
    office: Ledger, firm: int | None, own: int | None, made: bool
) -> None:
    if firm is not None:
        least(office, firm)
    if own is not None:
        least(office, own, "2026-001")
    for picked in ((), ("2026-001",)):
        report = mass.run(office, replace(DRAFTS, dry=True, matters=picked))
        assert ("2026-001" in of_run(report)) == made, "picking by hand doesn't override it"
        small = "below minimum: 495.00 of 495.01"
        assert reason(report, "2026-001") == ([] if made else [small])
    rows = mass.preview(office, replace(DRAFTS, matters=("2026-001",)))
    assert [row["skipped"] for row in rows] == ([None] if made else [small])


def test_D57_the_discount_doesn_t_count(office: Ledger) -> None:
    least(office, WORTH)
    options.set_options(office, "2026-001", {"discount": {"percent_e4": 50 * H}})
    assert "2026-001" in of_run(mass.run(office, DRAFTS))


def test_D57_what_waited_is_billed_once_it_is_enough(office: Ledger) -> None:
    least(office, WORTH + 1, "2026-001")
    keyed = replace(ISSUED, key="2026-11")
    assert "2026-001" not in of_run(mass.run(office, keyed))
    more(office, "2026-001", 1)
    assert of_run(mass.run(office, keyed)) == ["2026-001"]


def test_D57_a_bill_by_hand_asks_for_no_minimum(office: Ledger) -> None:
    least(office, 10_000_00)
    assert bills.create(office, "2026-001", Request(DAY, DAY))["total_cents"] == WORTH


def test_D57_the_last_bill_of_a_closed_matter_is_made(office: Ledger) -> None:
    least(office, 10_000_00)
    with office.write() as session:
        session.connection().exec_driver_sql(
            "UPDATE matter SET closed_on = '2026-11-15' WHERE number = '2026-001'"
        )
    options.set_options(office, "2026-001", {"status": "active"})
    assert of_run(mass.run(office, DRAFTS)) == ["2026-001"]


@pytest.mark.parametrize("both", [False, True])
def test_D57_the_last_of_a_fixed_fee_is_billed_and_an_earlier_part_is_not(
    office: Ledger, both: bool
) -> None:
    least(office, 10_000_00)
    terms = {"value_cents": 300_00, "bill_when": "milestones"}
    matters.add(office, "2026-009", "Petition", client="rivera", kind="fixed", terms=terms)
    for n, cents in ((1, 100_00), (2, 200_00)):
        tasks.add(office, "2026-009", f"Part {n}", trigger_kind="amount", trigger_cents=cents)
        if n == 1 or both:
            triggers.done(office, "2026-009", n, charge=True)
    report = mass.run(office, DRAFTS)
    assert of_run(report) == (["2026-009"] if both else [])
    assert reason(report, "2026-009") == ([] if both else ["below minimum: 100.00 of 10,000.00"])


# -- circuit breakers (D-58) -----------------------------------------------------------------------


@pytest.mark.parametrize(("limit", "left"), [(WORTH, False), (WORTH - 1, True)])
@pytest.mark.parametrize("issued", [False, True])
def test_D58_a_bill_over_the_limit_stays_a_draft(
    office: Ledger, limit: int, left: bool, issued: bool
) -> None:
    batch = replace(DRAFTS, approved=True, issued=issued, breakers=Breakers(limit))
    dry = mass.run(office, replace(batch, dry=True))
    report = mass.run(office, batch)
    assert of_run(dry) == of_run(report) == numbers(MATTERS)
    assert [bill["number"] is None for bill in report["bills"]] == [left] * MATTERS
    over = "its total of 495.00 is over the limit of 494.99"
    wanted = [(number, over) for number in numbers(MATTERS)] if left else []
    for each in (dry, report):
        assert [(row["matter"], row["reason"]) for row in each["left_as_draft"]] == wanted
    assert (report["failed"], report["created"]) == ([], MATTERS)
    drafts = [bill["id"] for bill in bill_reading.list_(office, state="draft")]
    assert drafts == ([row["id"] for row in report["left_as_draft"]])


def test_D58_the_others_are_issued_and_their_numbers_have_no_gap(office: Ledger) -> None:
    more(office, "2026-002")
    more(office, "2026-004")
    report = mass.run(office, replace(ISSUED, breakers=Breakers(1_000_00)))
    assert [row["matter"] for row in report["left_as_draft"]] == ["2026-002", "2026-004"]
    assert [(number, matter) for number, matter, _ in billed(office.path)] == [
        ("2026-0001", "2026-001"),
        ("2026-0002", "2026-003"),
        ("2026-0003", "2026-005"),
    ]
    assert soundness.check(office.path).findings == ()


@pytest.mark.parametrize(("limit", "left"), [(0, True), (504_99, True), (505_00, False)])
def test_D58_a_write_up_over_the_limit_stays_a_draft(
    office: Ledger, limit: int, left: bool
) -> None:
    """A monthly fee of 955.00 for work of 450.00 charges 505.00 more."""
    from billcli.services.arrangement import arrangements

    arrangements.set_(
        office, "2026-003", "fixed-recurring", {"value_cents": 955_00, "anchor": "2026-11-01"}
    )
    report = mass.run(office, replace(ISSUED, breakers=Breakers(None, limit)))
    cents = {0: "0.00", 504_99: "504.99"}.get(limit)
    assert [(row["matter"], row["reason"]) for row in report["left_as_draft"]] == (
        [("2026-003", f"it writes up 505.00, which is over the limit of {cents}")] if left else []
    )
    assert len(billed(office.path)) == MATTERS - left


def test_B01_D58_what_was_left_under_a_key_is_not_made_again(
    month: Path, cli: Callable[..., Answer], office: Ledger
) -> None:
    more(office, "2026-002")
    words = (*RUN, "--issue", "--key", "2026-11", "--max-total", "1000")
    first = cli(*words)
    assert (first.code, first.json["created"]) == (0, MATTERS)
    (left,) = first.json["left_as_draft"]
    assert left == {
        "matter": "2026-002",
        "id": "D-2",
        "reason": "its total of 3,495.00 is over the limit of 1,000.00",
    }
    there = contents(month)
    for again in (cli(*words), cli(*RUN, "--issue", "--key", "2026-11")):
        assert (again.code, again.json["created"], again.json["bills"]) == (0, 0, [])
        assert {
            "matter": "2026-002",
            "reason": "billed under key 2026-11 already, D-2",
        } in again.json["skipped"]
    assert contents(month) == there


def test_B04_D58_a_long_run_that_leaves_some_prints_the_same_pages(
    office: Ledger, prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    make_ledger: Callable[..., Ledger],
) -> None:  # fmt: skip
    other = make_ledger(Path(shutil.copy(prepared, tmp_path / "other.db")))
    for ledger in (office, other):
        more(ledger, "2026-001")
        more(ledger, "2026-003")
    batch = replace(ISSUED, breakers=Breakers(1_000_00))
    mass.run(other, batch)
    monkeypatch.setattr(ahead, "_cores", lambda: 2)
    monkeypatch.setattr(ahead, "ENOUGH", 2)
    monkeypatch.setattr(ahead, "GROUP", 2)
    mass.run(office, batch)
    assert billed(office.path) == billed(other.path)
    for bill, _, _ in billed(office.path):
        mine, theirs = (bill_reading.render(each, bill, form="md") for each in (office, other))
        assert mine == theirs


# -- drafts made again -----------------------------------------------------------------------------


def edited(ledger: Ledger) -> str:
    """A draft whose first line was written down by hand."""
    draft = bills.create(ledger, "2026-001", Request(DAY, DAY))["id"]
    off = bill_edits.Amount(1, 100_00, "courtesy")
    bill_edits.edit(ledger, draft, bill_edits.Changes((off,)))
    return str(draft)


def test_an_open_draft_is_left_alone_without_refresh(office: Ledger) -> None:
    edited(office)
    more(office, "2026-001")
    report = mass.run(office, ISSUED)
    assert reason(report, "2026-001") == ["draft D-1 exists"]
    assert (report["refreshed"], len(billed(office.path))) == ([], MATTERS - 1)


@pytest.mark.parametrize("discard", [False, True])
@pytest.mark.parametrize("issued", [False, True])
def test_refresh_takes_new_work_in_and_keeps_what_was_changed_by_hand(
    office: Ledger, discard: bool, issued: bool
) -> None:
    draft = edited(office)
    more(office, "2026-001", 1)
    batch = replace(ISSUED if issued else DRAFTS, refresh=True, discard_edits=discard)
    dry = mass.run(office, replace(batch, dry=True))
    report = mass.run(office, batch)
    # 150.00 of half an hour became 100.00; an hour of 300.00 came.
    total = WORTH + 300_00 - (0 if discard else 50_00)
    for each in (dry, report):
        assert each["refreshed"] == [{"matter": "2026-001", "id": draft, "edited": not discard}]
        assert each["created"] == MATTERS - 1
        (mine,) = [bill for bill in each["bills"] if bill["matter"] == "2026-001"]
        assert (mine["id"], mine["total_cents"]) == (draft, total)
    shown = bill_reading.show(office, draft)
    assert (shown["total_cents"], shown["state"]) == (total, "issued" if issued else "draft")
    assert soundness.check(office.path).findings == ()


def test_a_draft_that_is_up_to_date_stays_as_it_is(office: Ledger) -> None:
    edited(office)
    mass.run(office, DRAFTS)
    there = contents(office.path)
    report = mass.run(office, replace(DRAFTS, refresh=True))
    assert reason(report, "2026-001") == ["draft D-1 exists, and is up to date"]
    assert (report["created"], report["refreshed"], report["run"]) == (0, [], None)
    assert contents(office.path) == there


def test_refresh_takes_the_days_of_the_run_and_keeps_what_was_asked_by_hand(
    office: Ledger,
) -> None:
    october, december = date(2026, 10, 31), date(2026, 12, 31)
    terms = {"value_cents": 900_00, "bill_when": "completion"}
    matters.add(office, "2026-009", "Will", client="rivera", kind="fixed", terms=terms)
    bills.create(office, "2026-009", Request(DAY, DAY, amount_cents=200_00))
    bills.create(office, "2026-001", Request(DAY, october, zero_bill=True))
    report = mass.run(office, replace(DRAFTS, day=december, through=december, refresh=True))
    assert [row["matter"] for row in report["refreshed"]] == ["2026-001", "2026-009"]
    fee, work_ = (bill_reading.show(office, ref) for ref in ("D-1", "D-2"))
    assert (fee["total_cents"], fee["date"]) == (200_00, december)
    assert (work_["total_cents"], work_["through"]) == (WORTH, december)


def test_a_draft_with_nothing_left_stays_and_says_so(office: Ledger) -> None:
    draft = bills.create(office, "2026-001", Request(DAY, DAY))["id"]
    time.remove(office, "T-1")
    time.remove(office, "T-2")
    expenses.remove(office, "E-1")
    report = mass.run(office, replace(DRAFTS, refresh=True))
    no_work = "no unbilled work or costs up to 2026-11-30"
    assert reason(report, "2026-001") == [f"draft {draft} stays: {no_work}"]


def test_B01_a_draft_under_its_key_is_made_again_and_belongs_to_the_last_run(
    office: Ledger,
) -> None:
    keyed = replace(DRAFTS, key="2026-11")
    first = mass.run(office, keyed)
    more(office, "2026-002", 1)
    again = mass.run(office, replace(keyed, refresh=True))
    assert [row["matter"] for row in again["refreshed"]] == ["2026-002"]
    assert again["created"] == 0
    held = {n: [b["matter"] for b in mass_reports.one(office, str(n))["bills"]] for n in (1, 2)}
    assert held == {
        first["run"]: [n for n in numbers(MATTERS) if n != "2026-002"],
        again["run"]: ["2026-002"],
    }
    # Issued, it is billed under the key for good.
    bills.approve(office, "D-2")
    more(office, "2026-002", 1)
    late = mass.run(office, replace(keyed, refresh=True))
    assert reason(late, "2026-002") == ["billed under key 2026-11 already, 2026-0001"]


def test_D57_D58_a_draft_made_again_meets_the_same_limits(office: Ledger) -> None:
    mass.run(office, DRAFTS)
    least(office, WORTH + 1, "2026-001")
    more(office, "2026-002")
    batch = replace(ISSUED, refresh=True, breakers=Breakers(1_000_00))
    report = mass.run(office, batch)
    assert [(row["matter"], row["reason"]) for row in report["left_as_draft"]] == [
        ("2026-001", "below minimum: 495.00 of 495.01"),
        ("2026-002", "its total of 3,495.00 is over the limit of 1,000.00"),
    ]
    assert len(billed(office.path)) == MATTERS - 2
