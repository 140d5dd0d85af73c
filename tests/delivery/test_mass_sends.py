"""A month end that mails its bills: each once to each recipient, run after run (B1, B24)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from offices import DAY, Answer, H
from post import Post

from billcli.services.delivery import mailing
from billcli.services.upkeep import soundness
from billcli.services.work import time
from billcli.store.ledger import Ledger

Office = Callable[..., Answer]
RUN = ("mass", "run", "--through", "2026-11", "--json", "--key", "2026-11")
SEND = (*RUN, "--send")
# Matter 2026-001 goes to two, 2026-002 to one, 2026-003 to nobody.
ALL = ["gc@acme.example", "pay@acme.example", "pay@acme.example"]


@pytest.fixture(autouse=True)
def _work(firm: Ledger) -> None:
    """A month of work on each of the three matters; numbers begin with 2026-0004."""
    for n in (1, 2, 3):
        time.add(firm, f"2026-00{n}", n * H, "Work of the month", day=DAY)


def sent(report: Answer) -> list[tuple[str, str]]:
    return [(mail["bill"], mail["to"]) for mail in report.json["mail"]["sent"]]


def states(office: Office) -> list[str]:
    return [bill["state"] for bill in office("mass", "status", "1", "--json").json["bills"]]


def test_B01_a_run_sends_each_bill_once_and_says_what_is_to_deliver(
    office: Office, post: Post
) -> None:
    first = office(*SEND)
    assert (first.code, first.err) == (0, "")
    assert sent(first) == [
        ("2026-0004", "gc@acme.example"),
        ("2026-0004", "pay@acme.example"),
        ("2026-0005", "pay@acme.example"),
    ]
    assert first.json["to_deliver"] == [
        {
            "matter": "2026-003",
            "number": "2026-0006",
            "hint": "To mail it to pay@acme.example: billcli matter billing 2026-003 "
            "--email-client",
        }
    ]
    assert (post.recipients, post.calls) == (ALL, 1)
    assert states(office) == ["issued"] * 3
    for _ in range(2):
        again = office(*SEND)
        assert (again.code, again.json["created"], sent(again)) == (0, 0, [])
    assert post.recipients == ALL


def test_without_send_nothing_is_queued_and_later_it_is_sent_once(
    office: Office, post: Post
) -> None:
    report = office(*RUN, "--issue")
    assert (report.json["mail"], report.json["to_deliver"]) == (None, [])
    assert office("outbox", "list", "--json").json == []
    assert len(sent(office(*SEND))) == 3
    assert sent(office(*SEND)) == []
    assert post.recipients == ALL


def test_B24_a_letter_that_is_refused_leaves_its_bill_issued_and_the_rest_goes_out(
    office: Office, post: Post
) -> None:
    post.rcpt["gc@acme.example"] = "550 no such box"
    report = office(*SEND)
    assert report.code == 6
    assert '"code": "mail.failed"' in report.err
    assert [mail["to"] for mail in report.json["mail"]["failed"]] == ["gc@acme.example"]
    assert (report.json["failed"], report.json["created"]) == ([], 3)
    assert states(office) == ["issued"] * 3
    assert post.recipients == ["pay@acme.example", "pay@acme.example"]


def test_B24_a_server_that_is_down_is_made_up_for_by_the_same_command(
    office: Office, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    for to in set(ALL):
        post.rcpt[to] = "451 later"
    first = office(*SEND)
    assert (first.code, first.json["created"], len(first.json["mail"]["failed"])) == (6, 3, 3)
    post.rcpt.clear()
    again = office(*SEND)
    assert (again.code, again.json["created"], len(sent(again))) == (0, 0, 3)
    assert post.recipients == ALL


@pytest.mark.parametrize("words", [SEND, ("mass", "approve", "1", "--send")])
def test_a_firm_without_mail_account_is_told_before_anything_is_billed(
    cli: Office, firm: Ledger, words: tuple[str, ...]
) -> None:
    assert cli("mass", "run", "--through", "2026-11", "--matter", "2026-001").code == 0
    with firm.write() as session:
        session.connection().exec_driver_sql("DELETE FROM setting WHERE key = 'email.host'")
    before = [bill["state"] for bill in cli("bill", "list", "--json").json]
    answer = cli(*words)
    assert answer.code == 3, answer
    assert "mail" in answer.err
    assert [bill["state"] for bill in cli("bill", "list", "--json").json] == before


def test_B01_what_a_killed_run_queued_goes_out_with_the_next(
    office: Office, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(mailing, "send", killed)
        assert office(*SEND).code == 130
    assert len(office("outbox", "list", "--json").json) == 3, "queued with the issue"
    again = office(*SEND)
    assert (again.json["created"], len(sent(again))) == (0, 3)
    assert post.recipients == ALL


def test_D58_what_stays_a_draft_is_sent_when_it_is_approved(
    office: Office, post: Post, firm: Ledger
) -> None:
    report = office(*SEND, "--max-total", "500")
    assert [row["matter"] for row in report.json["left_as_draft"]] == ["2026-002", "2026-003"]
    assert post.recipients == ["gc@acme.example", "pay@acme.example"]
    rest = office("mass", "approve", "1", "--send", "--json")
    assert (rest.code, sent(rest)) == (0, [("2026-0005", "pay@acme.example")])
    assert [row["number"] for row in rest.json["to_deliver"]] == ["2026-0006"]
    again = office("mass", "approve", "1", "--send", "--json")
    assert (again.json["created"], sent(again)) == (0, [])
    assert post.recipients == ALL
    assert soundness.check(firm.path).findings == ()


def test_B01_a_run_that_was_issued_is_sent_afterwards_and_what_failed_again(
    office: Office, post: Post
) -> None:
    assert office("mass", "run", "--through", "2026-11").code == 0
    assert office("mass", "approve", "1", "--issue").code == 0
    post.rcpt["gc@acme.example"] = "451 later"
    words = ("mass", "approve", "1", "--send", "--json")
    first = office(*words)
    assert (first.code, first.json["created"], len(sent(first))) == (6, 0, 2)
    post.rcpt.clear()
    again = office(*words)
    assert (again.code, sent(again)) == (0, [("2026-0004", "gc@acme.example")])
    assert sent(office(*words)) == []
    assert post.recipients == ALL


def test_a_dry_run_sends_nothing(office: Office, post: Post) -> None:
    report = office(*SEND, "--dry-run")
    assert (report.json["mail"], post.taken) == (None, [])


def test_the_words_of_a_run_that_sends(office: Office, post: Post) -> None:
    post.rcpt["gc@acme.example"] = "550 no such box"
    words = [word for word in SEND if word != "--json"]
    told = office(*words)
    assert told.code == 6
    made, deliver, letters = told.out.splitlines()[-3:]
    assert (made, letters) == ("3 bills made, 1,800.00 USD in all.", "2 messages sent.")
    assert deliver == (
        "To deliver: bill 2026-0006 has no e-mail address. "
        "To mail it to pay@acme.example: billcli matter billing 2026-003 --email-client"
    )
    failed, error, hint = told.err.splitlines()
    assert failed.startswith("warning: M-1 with bill 2026-0004 to gc@acme.example failed: ")
    assert error == "error: 1 of 3 messages not sent: M-1 to gc@acme.example."
    assert hint.startswith("hint: ")
