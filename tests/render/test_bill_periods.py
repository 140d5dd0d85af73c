"""Periods print as the bill's other dates do, whatever the reader's locale; typed text stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from cases import BILL_DAY, document, worked

from billcli.core.arrangements.capped_recurring import CappedRecurring
from billcli.core.arrangements.fixed_recurring import FixedRecurring
from billcli.core.arrangements.periods import Calendar, shown, worded
from billcli.core.arrangements.terms import Arrangement
from billcli.core.bill import compute
from billcli.core.document import Letterhead
from billcli.core.order import Order, Segment
from billcli.core.work import Entry, Progress, Work
from billcli.render.bill import BillTemplates
from billcli.render.figures import figures
from billcli.values.dates import Period

TEMPLATES = BillTemplates(None)
TYPED = "Calls of 2026-10-01 to 2026-10-31"


def printed(made: Arrangement, *entries: Entry, locale: str = "en_US") -> str:
    """The Markdown of a bill on these terms, of a matter opened in October."""
    progress = Progress(through=BILL_DAY, since=date(2026, 10, 1))
    segment = Segment(made, 1, Work(entries))
    bill = compute(Order(BILL_DAY, BILL_DAY, 30, (segment,), progress=progress))
    page = replace(document(bill), firm=Letterhead("Firm", locale=locale))
    return TEMPLATES.render(page, "md")


@pytest.mark.parametrize(
    ("calendar", "locale", "words"),
    [
        (Calendar(), "en_US", ["Fixed fee, October 2026", "Fixed fee, November 2026"]),
        (Calendar(), "de_DE", ["Fixed fee, Oktober 2026", "Fixed fee, November 2026"]),
        (Calendar("quarter"), "en_US", ["Fixed fee, Oct 1, 2026 – Dec 31, 2026"]),
        (Calendar("month", date(2026, 10, 10)), "en_US", ["Fixed fee, Oct 10, 2026 – Nov 9, 2026"]),
        (Calendar("month", date(2026, 10, 10)), "en_GB", ["Fixed fee, 10 Oct 2026 – 9 Nov 2026"]),
    ],
)
def test_a_period_prints_as_dates_do(calendar: Calendar, locale: str, words: list[str]) -> None:
    page = printed(FixedRecurring(1_500_00, calendar), locale=locale)
    for text in words:
        assert text in page.replace("\\", "")
    assert "2026-10" not in page


def test_a_cap_of_two_months_names_each_and_leaves_typed_text_alone() -> None:
    october = replace(worked(1, 50_000, 3_000_000, TYPED), day=date(2026, 10, 5))
    page = printed(CappedRecurring(1_000_00), october, worked(2, 50_000, 3_000_000, "Calls"))
    assert "Fee cap adjustment, October 2026" in page
    assert "Fee cap adjustment, November 2026" in page
    assert TYPED in page.replace("\\", "")


def test_what_the_program_says_is_what_the_page_finds_again() -> None:
    say = figures("en_US", 2).period
    period = Period(date(2026, 2, 1), date(2026, 3, 1))
    assert worded(f"Minimum fee, {shown(period)}", say) == "Minimum fee, February 2026"
    assert worded("Fixed fee", say) == "Fixed fee"
    assert worded(f"{shown(period)} and more", say) == f"{shown(period)} and more"
