"""States that are derived, versions in force, options in order, and who is skipped (D-45, D-17)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from billcli.core.ageing import bucket
from billcli.core.mass import skipped
from billcli.core.matter import ClientFile, MatterFile, Version, in_force, segments
from billcli.core.milestone import Trigger, amounts, check_percentages, state
from billcli.core.options import effective
from billcli.core.states import bill_state
from billcli.core.work import Entry
from billcli.errors import BillError

DAY = date(2026, 11, 30)
RIVERA = ClientFile("rivera", "Ana Rivera")


def matter(**more: Any) -> MatterFile:
    more.setdefault("client", RIVERA)
    more.setdefault("versions", (Version(1, "hourly", {}),))
    return MatterFile(id=1, number="2026-001", title="Lease", **more)


WORK = (Entry("time", 1, DAY, "Work", 100_00),)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"issued": False}, "approved"),
        ({"issued": True}, "issued"),
        ({"issued": True, "paid_cents": 1}, "part_paid"),
        ({"issued": True, "paid_cents": 100}, "paid"),
        ({"issued": True, "paid_cents": 60, "written_off_cents": 40}, "written_off"),
        ({"issued": True, "paid_cents": 60, "written_off_cents": 39}, "part_paid"),
        ({"issued": True, "credited_cents": 100}, "credited"),
        ({"issued": True, "credited_cents": 40, "paid_cents": 60}, "paid"),
        ({"issued": True, "total_cents": 0}, "paid"),
        ({"issued": False, "total_cents": 0}, "approved"),
        ({"issued": True, "voided": True}, "void"),
        ({"issued": False, "voided": True}, "void"),
    ],
)
def test_D45_the_state_of_a_bill(facts: dict[str, Any], expected: str) -> None:
    facts = {"voided": False, "total_cents": 100, **facts}
    assert bill_state(**facts) == expected


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, "planned"),
        ({"done": True}, "ready"),
        ({"done": True, "decision": "declined"}, "declined"),
        ({"done": True, "decision": "waived"}, "waived"),
        ({"done": True, "charged": True}, "charged"),
        ({"charged": True}, "charged"),
        ({"charged": True, "drafted": True}, "in_draft"),
        ({"charged": True, "bill_state": "approved"}, "billed"),
        ({"charged": True, "bill_state": "part_paid"}, "billed"),
        ({"charged": True, "bill_state": "paid"}, "paid"),
    ],
)
def test_the_state_of_a_milestone(facts: dict[str, Any], expected: str) -> None:
    facts = {"done": False, "decision": None, "charged": False, "drafted": False,
             "bill_state": None, **facts}  # fmt: skip
    assert state(**facts) == expected


@pytest.mark.parametrize(
    ("late", "expected"),
    [(-9, "current"), (0, "current"), (1, "d1_30"), (30, "d1_30"), (31, "d31_60"), (61, "d61_90"),
     (90, "d61_90"), (91, "d91")],
)  # fmt: skip
def test_B18_buckets_by_due_date(late: int, expected: str) -> None:
    assert bucket(DAY, date.fromordinal(DAY.toordinal() + late)) == expected


def day(text: str) -> date:
    return date.fromisoformat(text)


def test_D17_versions_in_force() -> None:
    first = Version(1, "hourly", {})
    march = Version(2, "capped", {"value_cents": 5}, day("2026-03-01"))
    june = Version(3, "hourly", {}, day("2026-06-01"))
    versions = (first, june, march)
    for text, expected in (
        ("2025-01-01", first), ("2026-02-28", first), ("2026-03-01", march),
        ("2026-05-31", march), ("2026-06-01", june), ("2030-01-01", june),
    ):  # fmt: skip
        assert in_force(versions, day(text)) is expected


def test_D17_a_version_without_a_day_governs_all_unbilled_work() -> None:
    reset = Version(4, "fixed", {"value_cents": 9})
    versions = (Version(1, "hourly", {}), Version(2, "hourly", {}, day("2026-03-01")), reset)
    for text in ("2025-01-01", "2026-03-01", "2030-01-01"):
        assert in_force(versions, day(text)) is reset


def test_D17_the_first_version_governs_earlier_work_too() -> None:
    only = Version(1, "hourly", {}, day("2026-03-01"))
    assert in_force((only,), day("2025-12-31")) is only


def test_D17_work_is_split_by_its_day() -> None:
    versions = (
        Version(1, "hourly", {}),
        Version(2, "capped", {"value_cents": 100_00}, day("2026-03-01")),
    )
    fees = tuple(
        Entry("time", n, day(text), "Work", n)
        for n, text in enumerate(("2026-02-28", "2026-03-01", "2026-01-31"), 1)
    )
    found = segments(matter(versions=versions, fees=fees), DAY, 2)
    assert [(s.arrangement_id, [e.id for e in s.work.entries]) for s in found] == [
        (1, [1, 3]), (2, [2]),
    ]  # fmt: skip


def test_the_version_in_force_stands_last_without_work_of_its_own() -> None:
    versions = (
        Version(1, "hourly", {}),
        Version(2, "fixed", {"value_cents": 100_00}, day("2026-03-01")),
    )
    fees = (Entry("time", 1, day("2026-02-28"), "Work", 5),)
    found = segments(matter(versions=versions, fees=fees), DAY, 2)
    assert [s.arrangement_id for s in found] == [1, 2]


@pytest.mark.parametrize(
    ("own", "client", "firm", "expected"),
    [({}, None, None, 30), ({}, None, 14, 14), ({}, 10, 14, 10), ({"terms": 0}, 10, 14, 0),
     ({}, 0, 14, 0)],
)  # fmt: skip
def test_terms_matter_before_client_before_firm(
    own: dict[str, Any], client: int | None, firm: int | None, expected: int
) -> None:
    settings = {} if firm is None else {"billing.terms_days": firm}
    assert effective("terms", own, settings, client_terms=client) == expected


@pytest.mark.parametrize(
    ("facts", "picked", "reason"),
    [
        ({}, False, None),
        ({"client": None}, True, "no client to bill"),
        ({"options": {"billing": False}}, True, "billing is off"),
        ({"options": {"status": "closed"}}, True, "closed for billing"),
        ({"closed_on": DAY}, True, "closed for billing"),
        ({"closed_on": DAY, "options": {"status": "active"}}, False, None),
        ({"held": True}, True, "on a billing hold"),
        ({"options": {"exclude_from_mass": True}}, False, "excluded from mass billing"),
        ({"options": {"exclude_from_mass": True}}, True, None),
        ({"options": {"exclude_from_mass": True}, "closed_on": DAY}, True, "closed for billing"),
    ],
)
def test_B26_who_is_skipped(facts: dict[str, Any], picked: bool, reason: str | None) -> None:
    skip = skipped(matter(fees=WORK, **facts), {}, picked=picked)
    assert (skip.reason if skip else None) == reason


def test_B26_a_matter_without_anything_is_skipped_in_silence() -> None:
    excluded = matter(options={"exclude_from_mass": True})
    skip = skipped(excluded, {}, picked=False)
    assert skip is not None
    assert skip.quiet


# -- milestones ------------------------------------------------------------------------------------


def percent(number: int, percent_e4: int, fired: int | None = None) -> Trigger:
    return Trigger(number, "percent", percent_e4=percent_e4, fired_cents=fired)


def test_D60_a_fired_row_is_frozen_and_the_rest_closes_on_the_value() -> None:
    """The value was raised after the first milestone fired."""
    rows = [percent(1, 300_000, 3_000_00), percent(2, 400_000), percent(3, 300_000)]
    found = amounts(rows, 12_000_00)
    assert found[1] == 3_000_00
    assert sum(cents or 0 for cents in found.values()) == 12_000_00


def test_D60_a_row_is_added_after_one_fired() -> None:
    rows = [percent(1, 300_000, 3_000_00), percent(2, 200_000)]
    assert amounts(rows, 10_000_00) == {1: 3_000_00, 2: 2_000_00}
    rows.append(percent(3, 500_000))
    assert amounts(rows, 10_000_00) == {1: 3_000_00, 2: 2_000_00, 3: 5_000_00}


def test_D60_without_a_value_percentages_are_unknown() -> None:
    rows = [percent(1, 300_000), Trigger(2, "amount", 5_00), Trigger(3, "remainder")]
    assert amounts(rows, None) == {1: None, 2: 5_00, 3: None}


def test_D60_a_value_below_what_fired_leaves_nothing_and_never_less() -> None:
    rows = [percent(1, 500_000, 5_000_00), percent(2, 500_000), Trigger(3, "remainder")]
    assert amounts(rows, 4_000_00) == {1: 5_000_00, 2: 0, 3: 0}


@pytest.mark.parametrize(
    ("rows", "value", "code"),
    [
        ([percent(1, 600_000), percent(2, 400_001)], 100, "milestone.above-whole"),
        ([percent(1, 600_000)], None, "milestone.no-value"),
        ([Trigger(1, "remainder")], None, "milestone.no-value"),
        ([Trigger(1, "remainder"), Trigger(2, "remainder")], 100, "milestone.two-remainders"),
    ],
)
def test_D60_what_can_t_close_is_refused(rows: list[Trigger], value: int | None, code: str) -> None:
    with pytest.raises(BillError) as refused:
        check_percentages(rows, value)
    assert refused.value.code == code


def test_D60_the_whole_is_enough() -> None:
    check_percentages([percent(1, 600_000), percent(2, 400_000), Trigger(3, "remainder")], 100)
