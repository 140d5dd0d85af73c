"""The month end falls on the firm's own days, wherever the machine stands (B12)."""

from __future__ import annotations

import json
import time as machine
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from offices import Answer, new_ledger
from practice import asked, practice

from billcli.store import ledger as ledgers
from billcli.store import plain, settings
from billcli.values.dates import clock_of

ZONES = (None, "UTC", "Australia/Sydney", "America/Los_Angeles")
# where the firm is; the moment, in UTC; its day there
INSTANTS = (
    ("UTC", (2026, 11, 30, 23, 59, 59), "2026-11-30"),
    ("UTC", (2026, 12, 1, 0, 0, 1), "2026-12-01"),
    ("America/Los_Angeles", (2026, 12, 1, 7, 59, 59), "2026-11-30"),
    ("America/Los_Angeles", (2026, 12, 1, 8, 0, 1), "2026-12-01"),
    ("Australia/Sydney", (2026, 11, 30, 12, 59, 59), "2026-11-30"),
    ("Australia/Sydney", (2026, 11, 30, 13, 0, 1), "2026-12-01"),
    ("America/Los_Angeles", (2028, 3, 1, 7, 59, 59), "2028-02-29"),
    ("Australia/Sydney", (2026, 12, 31, 13, 0, 1), "2027-01-01"),
)


@pytest.fixture
def machine_in(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str | None], None]]:
    """Puts the machine into a time zone; None unsets TZ, as cron may."""

    def put(zone: str | None) -> None:
        if zone is None:
            monkeypatch.delenv("TZ", raising=False)
        else:
            monkeypatch.setenv("TZ", zone)
        machine.tzset()

    yield put
    monkeypatch.undo()
    machine.tzset()


def month_end(path: Path, zone: str, patch: pytest.MonkeyPatch, moment: datetime) -> dict[str, Any]:
    """Record time, bill and pay at one moment, with no day named anywhere."""
    from billcli.cli import main

    for opener in (ledgers, plain):
        patch.setattr(
            opener, "clock_of", lambda today, where, real=None: clock_of(today, where, moment)
        )
    new_ledger(path)
    ledger = ledgers.attach(path, today=None, actor="t", command="t")
    with ledger.write():
        settings.put(ledger, "firm.timezone", zone)
    ledger.close()
    for words in (
        "timekeeper add ma Alvarez --rate 300",
        "client add rivera Rivera",
        "matter add 2026-001 Lease --client rivera",
        "time add 2026-001 1 Work",
        "expense add 2026-001 45 Fee",
        "mass run --through today --issue",
        "payment add 2026-001 100",
    ):
        assert main(["--ledger", str(path), "--quiet", "--no-input", *words.split()]) == 0, words
    rows = {
        "work": "SELECT day FROM time_entry UNION SELECT day FROM expense",
        "bill": "SELECT DISTINCT day FROM bill UNION SELECT through FROM bill",
        "number": "SELECT number FROM bill",
        "due": "SELECT due_on FROM bill",
        "posted": "SELECT DISTINCT day FROM journal_entry",
        "events": "SELECT DISTINCT day FROM bill_event",
        "opened": "SELECT opened_on FROM matter",
        "logged": "SELECT DISTINCT today FROM audit WHERE object <> 'firm'",
        "at": "SELECT DISTINCT at FROM audit",
    }
    return {name: asked(path, sql) for name, sql in rows.items()}


@pytest.mark.parametrize(
    ("zone", "moment", "day"), INSTANTS, ids=[f"{z}-{d}" for z, _, d in INSTANTS]
)
def test_B12_every_day_is_the_firm_s_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, zone: str, moment: tuple[int, ...], day: str
) -> None:
    found = month_end(tmp_path / "l.db", zone, monkeypatch, datetime(*moment, tzinfo=UTC))
    for name in ("work", "bill", "posted", "events", "opened", "logged"):
        assert found[name] == [day], name
    assert found["number"] == [f"{day[:4]}-0001"]
    due = date.fromisoformat(day).toordinal() + 30
    assert found["due"] == [date.fromordinal(due).isoformat()]


def test_B12_the_machine_s_zone_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, machine_in: Callable[[str | None], None]
) -> None:
    found = []
    for n, zone in enumerate(ZONES):
        machine_in(zone)
        moment = datetime(2026, 12, 1, 7, 59, 59, tzinfo=UTC)
        with monkeypatch.context() as patch:
            path = tmp_path / f"{n}.db"
            found.append(month_end(path, "America/Los_Angeles", patch, moment))
    assert found[0]["bill"] == ["2026-11-30"]
    assert found[1:] == found[:-1]


def test_B12_a_month_stands_for_its_last_day(tmp_path: Path, cli: Callable[..., Answer]) -> None:
    practice(tmp_path / "ledger.db", matters=1)
    early = cli("mass", "run", "--through", "2026-10", "--json", today="2026-11-30")
    assert (early.json["through"], early.json["created"]) == ("2026-10-31", 0)
    run = cli("mass", "run", "--through", "2026-11", "--json", today="2026-12-01")
    assert (run.json["through"], run.json["date"], run.json["created"]) == (
        "2026-11-30", "2026-12-01", 1,
    )  # fmt: skip
    assert json.loads(cli("bill", "show", "D-1", "--json").out)["due_date"] == "2026-12-31"
