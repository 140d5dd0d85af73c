"""Errors that a scenario can't bring about: said by the functions that raise them."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from console import desk, in_here

from billcli.cli import _errors
from billcli.errors import BillError, Refused
from billcli.services.matter import matters
from billcli.services.milestones import tasks
from billcli.services.office import timekeepers
from billcli.services.undo import taking_back
from billcli.services.upkeep import demo
from billcli.services.work import time
from billcli.store import journal, numbers

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger

__all__ = ["desk"]


def code_of(raising: Callable[[], Any]) -> str:
    with pytest.raises(BillError) as raised:
        raising()
    assert raised.value.sentence.endswith(".")
    return raised.value.code


def test_a_full_disk_is_said_in_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    def full(argv: list[str]) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    assert _errors.guarded(full, ["--json"]) == 5
    assert '"code": "disk.full"' in capsys.readouterr().err


def test_a_name_with_nul_in_it_is_said_in_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert _errors.guarded(lambda argv: len(Path(argv[0]).read_bytes()), ["a\0b"]) == 2
    assert capsys.readouterr().err == "error: The name of a file holds a NUL character.\n"


def test_a_sentence_is_not_longer_than_a_screen(capsys: pytest.CaptureFixture[str]) -> None:
    def long(argv: list[str]) -> int:
        raise Refused("some.code", argv[0])

    for words in ("x" * 100_000, "many words " * 10_000):
        assert _errors.guarded(long, [words]) == 3
        told = capsys.readouterr().err
        assert len(told) < 1_100 and "…" in told


def test_a_long_day_that_nobody_confirms(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import billcli.cli._recording as commands

    assert in_here(["init"])[1] == 0
    monkeypatch.setattr(commands, "confirm", lambda question: False)
    assert in_here(["t", "2026-001", "16", "Trial"])[1:] == (3, "hours.unsure")


def test_a_demo_that_fails_says_at_which_command(
    desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo, "STEPS", (demo.Step("No such.", "billcli bill show 2026-0001"),))
    output, code, why = in_here(["demo", "--dir", "there"])
    assert (code, why) == (6, "ledger.missing" + "demo.failed")
    assert "`billcli bill show 2026-0001` ended with exit code 5." in output


@pytest.mark.parametrize("pattern", ["{year}", "{seq}{seq}", "{seq}/{year}", "{seq} {x}", "{seq"])
def test_a_number_format_has_its_number_once(pattern: str) -> None:
    assert code_of(lambda: numbers.check_format(pattern)) == "number.format"


def test_a_source_that_posted_nothing(ledger: Ledger) -> None:
    assert code_of(lambda: journal.by_source(ledger, "bill:7")) == "journal.missing"


def test_what_tasks_refuse_from_callers(ledger: Ledger) -> None:
    timekeepers.add(ledger, "NB", "Nadia Brandt", rate_e4=300_0000)
    matters.add(ledger, "1", "Lease", client=_client(ledger))
    assert code_of(lambda: tasks.add(ledger, "1", "Filed", terms_days=9999)) == "terms.range"
    assert code_of(lambda: tasks.add(ledger, "1", "Filed", trigger_kind="gift")) == "trigger.kind"


def test_a_charge_that_waits_for_the_client(ledger: Ledger) -> None:
    from billcli.services.milestones import triggers

    matters.add(ledger, "1", "Lease", client=_client(ledger))
    tasks.add(ledger, "1", "Filed", trigger_kind="amount", trigger_cents=100, needs_acceptance=True)
    assert code_of(lambda: triggers.done(ledger, "1", 1, charge=True)) == "trigger.acceptance"


def _client(ledger: Ledger) -> str:
    from billcli.services.office import clients

    return clients.add(ledger, "rivera", "Ana Rivera").id


def test_a_bill_of_no_charges(ledger: Ledger) -> None:
    from billcli.services.bill import bills
    from billcli.services.bill.request import Request

    timekeepers.add(ledger, "NB", "Nadia Brandt", rate_e4=300_0000)
    matters.add(ledger, "1", "Lease", client=_client(ledger))
    time.add(ledger, "1", 1_0000, "Call", timekeeper="NB")
    request = Request(ledger.today, ledger.today, charges=())
    assert code_of(lambda: bills.create(ledger, "1", request)) == "charge.none"


def test_a_change_of_an_older_ledger_left_nothing_to_put_back(ledger: Ledger) -> None:
    with ledger.write():
        ledger.record("firm", before={"firm.phone": "1"}, after={"firm.phone": "2"})
    assert code_of(lambda: taking_back.undo(ledger)) == "undo.unknown"
