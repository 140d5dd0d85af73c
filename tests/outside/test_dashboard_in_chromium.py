"""The dashboard in a real browser: light and dark, desk and telephone, and what axe-core finds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import browser
import pytest
from offices import Answer, furnish

from billcli.services.arrangement import arrangements
from billcli.services.matter import matters, options
from billcli.services.milestones import tasks, triggers
from billcli.services.office import clients
from billcli.store.ledger import Ledger

H = 10_000
NAMES = (
    'R&D | "Smith" <b>',
    "</svg><script>console.error(1)</script>",
    "\u202eגבר\u202c נגד עירייה",
    "👩‍⚖️ WIDE NAMES OF MANY WORDS THAT NO TELEPHONE HOLDS 漢字漢字漢字漢字漢字漢字",
)


@pytest.fixture
def page(ledger: Ledger, cli: Callable[..., Answer], tmp_path: Path) -> Path:
    """The page of an office with every section, and with names that try to be more than text."""
    furnish(ledger)
    wanted = {"minimum_cents": 5_000_00, "trigger_cents": 3_000_00}
    options.set_options(ledger, "2026-005", {"replenish": wanted})
    for n, name in enumerate(NAMES):
        number = f"2026-9{n}"
        clients.add(ledger, f"c{n}", name)
        matters.add(ledger, number, name, client=f"c{n}", opened_on=date(2026, 9, 1))
        fixed = {"value_cents": 1_000_000_00, "bill_when": "milestones"}
        arrangements.set_(ledger, number, "fixed", fixed)
        for day in range(1, 6):
            tasks.add(
                ledger,
                number,
                name,
                due_on=date(2026, 10, 4 * day) if day < 5 else None,
                trigger_kind="amount",
                trigger_cents=200_000_00,
            )
        triggers.done(ledger, number, 1, day=date(2026, 10, 5), charge=n % 2 == 0)
    made = tmp_path / "page.html"
    assert cli("report", "dashboard", "--html", made).code == 0
    return made


@pytest.mark.skipif(bool(browser.missing()), reason=browser.missing() or "all is here")
def test_the_page_reads_well_in_light_and_dark(page: Path, tmp_path: Path) -> None:
    looking = [
        browser.Looking(page, tmp_path / "desk", width=1200, dark=False),
        browser.Looking(page, tmp_path / "telephone", width=400, dark=True),
    ]
    desk, telephone = (each.seen() for each in looking)
    for seen, dark in ((desk, False), (telephone, True)):
        # The script that looked says so: what the page itself might say would be here too.
        assert len(seen.console) == 1 and browser.SENTINEL in seen.console[0], seen.console
        assert seen.facts["dark"] is dark
        assert seen.facts["violations"] == []
        assert seen.facts["overlaps"] == [] and seen.facts["outside"] == []
        assert seen.facts["wide"] <= seen.facts["width"]
    assert desk.facts["ground"] != telephone.facts["ground"]
    assert desk.facts["passes"] > 25 and desk.facts["charts"] == 6
    assert telephone.facts["passes"] >= 1


@pytest.mark.skipif(bool(browser.missing()), reason=browser.missing() or "all is here")
def test_a_page_with_faults_is_found_out(tmp_path: Path) -> None:
    page = tmp_path / "bad.html"
    page.write_text(
        '<!DOCTYPE html><html><head><title>x</title></head><body><img src="gone.png">'
        '<svg class="chart" width="300" height="40"><text x="0" y="20">one</text>'
        '<text x="3" y="20">two</text></svg><script>missing()</script></body></html>',
        "utf-8",
    )
    seen = browser.Looking(page, tmp_path / "bad", width=1200, dark=False).seen()
    found = {each["id"] for each in seen.facts["violations"]}
    assert {"image-alt", "html-has-lang"} <= found
    assert seen.facts["overlaps"] == [["one", "two"]]
    assert any("missing is not defined" in line for line in seen.console)
