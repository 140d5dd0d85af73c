"""Bills go to each recipient once, whatever crashes, and whoever sends at the same time."""

from __future__ import annotations

import os
import re
import signal
import socket
import sqlite3
import threading
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from pathlib import Path

import crowd
import pytest
from offices import Answer
from post import Post

from billcli.cli._complete import completions
from billcli.deliver import mail
from billcli.deliver.senders import Senders
from billcli.services.delivery.outbox import message, note, queue
from billcli.store.ledger import Ledger

Office = Callable[..., Answer]


def states(office: Office) -> list[tuple[str, str, int]]:
    rows = office("outbox", "list", "--json").json
    return [(row["to"], row["state"], row["tries"]) for row in rows]


def test_a_bill_is_issued_and_sent_to_each_recipient(office: Office, post: Post) -> None:
    told = office("bill", "issue", "2026-0001", "--send")
    assert (told.code, told.err) == (0, "")
    assert told.out.splitlines()[1:] == [
        "Bill 2026-0001 was sent to gc@acme.example (M-1).",
        "Bill 2026-0001 was sent to pay@acme.example (M-2).",
    ]
    assert post.recipients == ["gc@acme.example", "pay@acme.example"]
    assert post.calls == 1, "one call for both letters"


@pytest.fixture
def dies(path: Path) -> Iterator[Callable[[], None]]:
    """Another process says that it sends M-1, and lives until this is called."""
    read, write = os.pipe()
    child = os.fork()
    if not child:
        with Senders(path) as senders:
            senders.take(1)
            os.write(write, b".")
            signal.pause()
    living = [child]

    def end() -> None:
        for pid in living:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        living.clear()

    os.read(read, 1)
    try:
        yield end
    finally:
        end()
        os.close(read)
        os.close(write)


def sending(firm: Ledger) -> None:
    """M-1 is committed as being sent, and nothing more."""
    with firm.write():
        note(firm, message(firm, "M-1"), "sending", message_id="<1@byrne.example>")


def test_a_message_being_sent_is_unknown_once_its_sender_is_dead(
    office: Office, firm: Ledger, dies: Callable[[], None]
) -> None:
    assert office("bill", "issue", "2026-0002").code == 0
    queue(firm, "2026-0002")
    sending(firm)
    assert states(office) == [("pay@acme.example", "sending", 1)]
    for command in (("retry", "M-1"), ("drop", "M-1", "--reason", "no matter")):
        refused = office("outbox", *command, "--json")
        assert (refused.code, '"code": "mail.at-work"' in refused.err) == (3, True)
    dies()
    assert states(office) == [("pay@acme.example", "unknown", 1)]


def test_B01_what_was_sent_goes_again_only_on_demand(office: Office, post: Post) -> None:
    assert office("bill", "issue", "2026-0002", "--send").code == 0
    for command in ("bill send 2026-0002", "outbox retry M-1", "outbox drop M-1 --reason x"):
        refused = office(*command.split(), "--json")
        assert (refused.code, '"code": "mail.sent"' in refused.err) == (3, True)
    assert office("outbox", "send").err == "Nothing waits in the outbox.\n"
    assert post.recipients == ["pay@acme.example"]
    for _ in range(2):
        assert office("bill", "send", "2026-0002", "--again").code == 0
    rows = office("outbox", "list", "--json").json
    assert [row["purpose"] for row in rows] == ["bill", "again_1", "again_2"]
    assert len({row["message_id"] for row in rows}) == 3
    assert len(post.taken) == 3


def test_one_recipient_refused_the_others_get_it(office: Office, post: Post, path: Path) -> None:
    post.rcpt["gc@acme.example"] = "550 5.1.1 no such user"
    told = office("bill", "issue", "2026-0001", "--send", "--json")
    assert told.code == 6
    found = told.json
    assert (found["state"], found["to_deliver"]) == ("issued", False)
    assert found["mail"] == [
        {
            "id": "M-1",
            "to": "gc@acme.example",
            "state": "failed",
            "reason": "the server said: 550 5.1.1 no such user",
        },
        {"id": "M-2", "to": "pay@acme.example", "state": "sent", "reason": None},
    ]
    assert office("bill", "show", "2026-0001", "--json").json["mail"] == found["mail"]
    told = office("bill", "show", "2026-0001").out.splitlines()[1]
    assert told == ("By e-mail: failed to gc@acme.example (M-1), sent to pay@acme.example (M-2).")
    assert office("bill", "list", "--json").json[0]["state"] == "issued"
    (waits,) = office("status", "--json").json["undelivered"]
    assert (waits["number"], waits["to"]) == ("2026-0001", "gc@acme.example")
    # A refusal for good isn't tried again by itself.
    post.rcpt.clear()
    assert completions("mails", path) == [("M-1", "gc@acme.example")]
    assert office("outbox", "send").code == 0
    refused = office("bill", "send", "2026-0001", "--json")
    assert (refused.code, '"code": "mail.retry"' in refused.err) == (3, True)
    assert post.recipients == ["pay@acme.example"]
    assert office("outbox", "retry", "M-1").code == 0
    assert post.recipients == ["gc@acme.example", "pay@acme.example"]
    assert office("status", "--json").json["undelivered"] == []


def test_a_right_address_takes_the_place_of_a_wrong_one(office: Office, post: Post) -> None:
    post.rcpt["gc@acme.example"] = "550 5.1.1 no such user"
    office("bill", "issue", "2026-0001", "--send")
    right = "GeneralCounsel@acme.example"
    assert office("matter", "billing", "2026-001", "--email", right).code == 0
    assert office("bill", "send", "2026-0001").code == 0
    assert post.recipients == [right, "pay@acme.example"]
    assert office("status", "--json").json["undelivered"] == []
    assert [state for _, state, _ in states(office)] == ["dropped", "sent", "sent"]
    # The same address in other letters is the same recipient.
    same = "generalcounsel@ACME.example,pay@Acme.example"
    office("matter", "billing", "2026-001", "--email", same)
    refused = office("bill", "send", "2026-0001", "--json")
    assert (refused.code, '"code": "mail.sent"' in refused.err) == (3, True)


def test_whom_the_matter_names_no_more_gets_nothing(office: Office, post: Post, path: Path) -> None:
    post.data["gc@acme.example"] = "451 later"
    assert office("bill", "issue", "2026-0001", "--send").code == 6
    office("matter", "billing", "2026-001", "--email", "")
    assert office("outbox", "send", "--dry-run", path.parent / "letters", "--json").json == []
    post.data.clear()
    (dropped,) = office("outbox", "send", "--json").json["dropped"]
    assert dropped["reason"] == "2026-001 doesn't name this address any more"
    assert post.recipients == ["pay@acme.example"]


def test_a_passing_fault_is_tried_again_by_the_next_sending(office: Office, post: Post) -> None:
    post.data["pay@acme.example"] = "451 4.3.0 try again later"
    assert office("bill", "issue", "2026-0002", "--send").code == 6
    assert states(office) == [("pay@acme.example", "failed", 1)]
    post.data.clear()
    told = office("outbox", "send", "--json")
    assert (told.code, [each["tries"] for each in told.json["sent"]]) == (0, [2])
    assert post.recipients == ["pay@acme.example"]


def test_a_letter_refused_for_good_waits_for_a_person(office: Office, post: Post) -> None:
    post.data["pay@acme.example"] = "554 5.7.1 looks like spam"
    assert office("bill", "issue", "2026-0002", "--send").code == 6
    post.data.clear()
    assert office("outbox", "send").err == "Nothing waits in the outbox.\n"
    assert post.taken == []


def test_a_server_that_is_down_fails_every_letter_at_once(
    office: Office, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = []
    opened = mail.Mailbox.open

    def counted(self: mail.Mailbox) -> list[str]:
        calls.append(1)
        return opened(self)

    monkeypatch.setattr(mail.Mailbox, "open", counted)
    port, closed = post.port, socket.create_server(("127.0.0.1", 0))
    with closed:
        office("firm", "set", "email.port", closed.getsockname()[1])
    told = office("bill", "issue", "2026-0001", "--send")
    assert (told.code, len(calls)) == (6, 1)
    assert told.err.count("connection refused") == 2
    office("firm", "set", "email.port", port)
    assert office("outbox", "send").code == 0
    assert post.recipients == ["gc@acme.example", "pay@acme.example"]


def test_nobody_to_send_to_is_no_error_at_the_issue(office: Office, post: Post) -> None:
    assert office("matter", "billing", "2026-002", "--no-email-client").code == 0
    told = office("bill", "issue", "2026-0002", "--send")
    assert (told.code, told.err) == (0, "")
    assert "To deliver: bill 2026-0002 has no e-mail address." in told.out
    assert "billcli matter billing 2026-002 --email-client" in told.out
    assert post.taken == [] and states(office) == []


def test_the_letter_holds_the_frozen_page_and_what_is_open_now(office: Office, post: Post) -> None:
    assert office("bill", "issue", "2026-0002").code == 0
    page = office("bill", "render", "2026-0002", "--format", "html").out
    assert office("payment", "add", "2026-0002", "100").code == 0
    assert office("bill", "send", "2026-0002").code == 0
    (letter,) = post.letters
    assert letter["Subject"] == "Byrne, Smith & Co: bill 2026-0002, Matter 2"
    (attached,) = letter.iter_attachments()
    assert attached.get_filename() == "2026-0002.html"
    assert attached.get_content().replace("\r\n", "\n") == page
    body = letter.get_body(("plain",))
    assert body is not None
    text = body.get_content()
    assert "Please pay     USD 500.00" in text and "https://pay.example/2026-0002" in text
    (row,) = office("outbox", "list", "--json").json
    assert row["message_id"] == letter["Message-ID"]
    assert re.fullmatch(r"<[^<>@]+@byrne.example>", letter["Message-ID"])


def test_a_pdf_goes_with_it(office: Office, post: Post) -> None:
    pytest.importorskip("weasyprint")
    pytest.importorskip("billcli.render.pdf")
    assert office("firm", "set", "email.attach", "pdf; md").code == 0
    assert office("bill", "issue", "2026-0002", "--send").code == 0
    first, second = post.letters[0].iter_attachments()
    assert (first.get_filename(), first.get_content_type()) == ("2026-0002.pdf", "application/pdf")
    assert first.get_content().startswith(b"%PDF-")
    assert (second.get_filename(), second.get_content_type()) == ("2026-0002.md", "text/markdown")


def test_an_electronic_bill_goes_with_it(office: Office, post: Post) -> None:
    office("firm", "set", "firm.tax_id", "12-3456789")
    office("matter", "edit", "2026-002", "--client-matter-id", "AC-7")
    office("matter", "billing", "2026-002", "--ebilling", "on")
    assert office("bill", "issue", "2026-0002", "--send").code == 0
    _, electronic = post.letters[0].iter_attachments()
    name, content = electronic.get_filename(), electronic.get_payload(decode=True)
    assert name == "20260002.txt" and isinstance(content, bytes)
    assert content.startswith(b"LEDES1998B[]\r\n") and content.count(b"\r\n") == 3


def test_an_electronic_bill_that_is_refused_is_mended_and_sent(office: Office, post: Post) -> None:
    office("matter", "billing", "2026-002", "--ebilling", "on")
    told = office("bill", "issue", "2026-0002", "--send")
    assert told.code == 6 and "The firm has no tax number" in told.err
    office("firm", "set", "firm.tax_id", "12-3456789")
    office("matter", "edit", "2026-002", "--client-matter-id", "AC-7")
    assert office("outbox", "send").code == 0
    assert len(post.taken) == 1


def test_a_template_of_ones_own_for_a_matter(office: Office, post: Post, path: Path) -> None:
    folder = path.parent / "templates"
    folder.mkdir()
    (folder / "short.txt.j2").write_text("Subject: Your bill\n\n{{ totals.please_pay }}\n")
    refused = office("matter", "billing", "2026-002", "--email-template", "shirt")
    assert (refused.code, refused.err.splitlines()[1]) == (4, 'hint: Did you mean "short"?')
    assert office("matter", "billing", "2026-002", "--email-template", "short").code == 0
    (folder / "short.txt.j2").write_text("Subject: {{ nothing }}\n")
    assert office("bill", "issue", "2026-0002", "--send").code == 6
    (row,) = office("outbox", "list", "--json").json
    assert (row["state"], 'there is no "nothing"' in row["reason"]) == ("failed", True)
    (folder / "short.txt.j2").write_text("Subject: Your bill\n\n{{ totals.please_pay }}\n")
    assert office("outbox", "send").code == 0
    body = post.letters[0].get_body(("plain",))
    assert post.letters[0]["Subject"] == "Your bill"
    assert body is not None and body.get_content().strip() == "600.00"


def test_each_payor_gets_the_own_bill(office: Office, post: Post) -> None:
    office("client", "add", "insurer", "Insurer Inc", "--email", "claims@insurer.example")
    office("matter", "billing", "2026-003", "--email", "gc@acme.example",
           "--split", "acme=60", "--split", "insurer=40", "--split-consent", "letter")  # fmt: skip
    assert office("t", "2026-003", "1", "More of it").code == 0
    made = office("bill", "create", "2026-003", "--issue", "--json").json
    numbers = [bill["number"] for bill in made["split_bills"]]
    for number in numbers:
        assert office("bill", "send", number).code == 0
    rows = office("outbox", "list", "--json").json
    assert [(row["bill"], row["to"]) for row in rows] == [
        (numbers[0], "gc@acme.example"),
        (numbers[1], "claims@insurer.example"),
    ]


def test_a_misspelt_address_keeps_nothing_else_back(office: Office, post: Post) -> None:
    assert office("client", "edit", "acme", "--email", "two..dots@acme.example").code == 0
    told = office("bill", "issue", "2026-0001", "--send")
    assert told.code == 6
    assert (
        "M-2 with bill 2026-0001 to two..dots@acme.example failed: Mail can't be sent" in told.err
    )
    assert post.recipients == ["gc@acme.example"]
    # A job that sends every hour doesn't fail every hour over it.
    assert office("outbox", "send").code == 0
    assert office("outbox", "retry", "M-2").code == 6
    assert office("outbox", "send").code == 0
    assert office("client", "edit", "acme", "--email", "pay@acme.example").code == 0
    assert office("bill", "send", "2026-0001").code == 0
    assert post.recipients == ["gc@acme.example", "pay@acme.example"]
    refused = office("matter", "billing", "2026-001", "--email", "two..dots@acme.example")
    assert refused.code == 2


def test_B21_the_note_of_a_letter_waits_for_a_busy_ledger(
    office: Office, post: Post, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BILLCLI_BUSY_TIMEOUT", "1")

    def busy(to: str) -> None:
        shell = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        shell.execute("BEGIN IMMEDIATE")
        threading.Timer(1.3, shell.close).start()

    assert office("bill", "issue", "2026-0002").code == 0
    post.hold = busy
    assert office("bill", "send", "2026-0002").code == 0
    assert states(office) == [("pay@acme.example", "sent", 1)]


def test_a_void_bill_leaves_the_outbox(office: Office, post: Post) -> None:
    post.data["pay@acme.example"] = "451 later"
    assert office("bill", "issue", "2026-0002", "--send").code == 6
    assert office("bill", "void", "2026-0002", "--reason", "wrong client").code == 0
    assert office("status", "--json").json["undelivered"] == []
    post.data.clear()
    told = office("outbox", "send", "--json")
    assert (told.code, [each["reason"] for each in told.json["dropped"]]) == (
        0,
        ["bill 2026-0002 is void"],
    )
    assert post.taken == []


def test_a_dry_run_writes_letters_and_changes_nothing(
    office: Office, post: Post, path: Path
) -> None:
    assert office("bill", "issue", "2026-0001").code == 0

    def held() -> bytes:
        shell = sqlite3.connect(path)
        try:
            return "\n".join(shell.iterdump()).encode()
        finally:
            shell.close()

    before = held()
    told = office("bill", "send", "2026-0001", "--dry-run", "--out", path.parent / "a", "--json")
    files = [Path(row["file"]) for row in told.json]
    assert [file.name for file in files] == [
        "2026-0001-gc@acme.example.eml",
        "2026-0001-pay@acme.example.eml",
    ]
    assert all(file.stat().st_mode & 0o777 == 0o600 for file in files)
    letter = message_from_bytes(files[0].read_bytes(), policy=policy.default)
    assert (letter["To"], letter["Subject"]) == (
        "gc@acme.example",
        "Byrne, Smith & Co: bill 2026-0001, Matter 1",
    )
    assert held() == before
    post.data["pay@acme.example"] = "451 later"
    assert office("bill", "send", "2026-0001").code == 6
    told = office("outbox", "send", "--dry-run", path.parent / "b")
    assert told.out == f"{path.parent / 'b' / '2026-0001-pay@acme.example.eml'}\n"
    assert [to for to, _ in post.taken] == ["gc@acme.example"]


# Crashes and crowds ----------------------------------------------------------------------------


def killed(path: Path, monkeypatch: pytest.MonkeyPatch, *, before: bool) -> None:
    """`bill issue 2026-0002 --send` in a process that dies by kill -9 at the worst moment."""
    hand_in = mail.Mailbox.send

    def dies(self: mail.Mailbox, sender: str, recipient: str, content: bytes) -> None:
        if not before:
            hand_in(self, sender, recipient, content)
        os.kill(os.getpid(), signal.SIGKILL)

    with monkeypatch.context() as patched:
        patched.setattr(mail.Mailbox, "send", dies)
        (answer,) = crowd.together(path, [["bill", "issue", "2026-0002", "--send"]])
    assert answer.code == -signal.SIGKILL


def test_an_interrupt_leaves_it_unknown(
    office: Office, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(self: mail.Mailbox, content: bytes) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(mail.Mailbox, "_hand_over", stopped)
    assert office("bill", "issue", "2026-0002", "--send").code == 130
    assert office("outbox", "list", "--json").json[0]["reason"] == "it was interrupted"
    assert states(office) == [("pay@acme.example", "unknown", 1)]


@pytest.mark.parametrize("before", [True, False])
def test_B01_a_kill_between_the_sending_and_its_note_leaves_it_unknown(
    office: Office, post: Post, path: Path, monkeypatch: pytest.MonkeyPatch, before: bool
) -> None:
    killed(path, monkeypatch, before=before)
    there = [] if before else ["pay@acme.example"]
    assert post.recipients == there
    assert states(office) == [("pay@acme.example", "unknown", 1)]
    assert office("bill", "show", "2026-0002", "--json").json["state"] == "issued"
    assert office("check").code == 0
    # No sending sends it, however often, and whoever asks.
    assert office("outbox", "send").err == "Nothing waits in the outbox.\n"
    refused = office("bill", "send", "2026-0002", "--json")
    assert (refused.code, '"code": "mail.retry"' in refused.err) == (3, True)
    assert post.recipients == there
    assert office("outbox", "retry", "M-1").code == 0
    assert states(office) == [("pay@acme.example", "sent", 2)]
    assert post.recipients == [*there, "pay@acme.example"]
    # A mail program that has it already may know it by its Message-ID.
    assert len({letter["Message-ID"] for letter in post.letters}) == 1
    assert office("check").code == 0


def test_B01_an_answer_that_does_not_come_leaves_it_unknown(
    office: Office, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BILLCLI_SMTP_TIMEOUT", "1")
    answered = threading.Event()
    post.hold = lambda to: (answered.wait(5), None)[1]
    told = office("bill", "issue", "2026-0002", "--send")
    answered.set()
    post.hold = None
    assert told.code == 6 and "may have gone out: the server took it" in told.err
    assert states(office) == [("pay@acme.example", "unknown", 1)]
    assert office("outbox", "send").err == "Nothing waits in the outbox.\n"
    assert office("outbox", "drop", "M-1", "--reason", "she has it").code == 0
    assert (
        office("outbox", "list", "--state", "dropped", "--json").json[0]["reason"] == "she has it"
    )


def test_B01_B21_eight_processes_send_each_letter_once(
    office: Office, post: Post, path: Path, firm: Ledger
) -> None:
    many = [f"to{n}@acme.example" for n in range(12)]
    office("matter", "billing", "2026-001", "--email", ",".join(many), "--no-email-client")
    assert office("bill", "issue", "2026-0001").code == 0
    queue(firm, "2026-0001")
    firm.session.rollback()
    answers = crowd.together(path, *[[["outbox", "send"]]] * 8)
    assert {(answer.code, "error" in answer.err) for answer in answers} == {(0, False)}
    assert post.recipients == sorted(many)
    told = [line for answer in answers for line in answer.out.splitlines()]
    assert len(told) == 12
    assert set(states(office)) == {(to, "sent", 1) for to in many}
    assert office("check").code == 0


# The database ------------------------------------------------------------------------------------

EVENT = "INSERT INTO outbox_event VALUES (1, {}, '{}', 'now', {}, {}, {}, 1, 'x')"


def event(what: str, n: int, *, again: int = 0) -> str:
    mark = "'<1@x>'" if what == "sending" else "NULL"
    reason = "'why'" if what in ("failed", "unknown", "dropped") else "NULL"
    return EVENT.format(n, what, mark, reason, again)


@pytest.mark.parametrize(
    "story",
    [
        "sending sent | sent", "sending sent | sending", "sending sent | retried",
        "sending sent | dropped", "sending sent | failed", "| sent", "| unknown", "| retried",
        "sending | sending", "sending unknown | sending", "failed | sending", "dropped | sending",
        "dropped | retried", "dropped | dropped", "sending retried | sent", "sending failed | sent",
        "failed! sending unknown retried sending sent | sending",
    ],
)  # fmt: skip
def test_B01_B30_the_database_keeps_the_order(office: Office, path: Path, story: str) -> None:
    """`failed!` is a fault that a later sending tries again."""
    office("bill", "issue", "2026-0002")
    came, _, never = story.partition("|")
    shell = sqlite3.connect(path, isolation_level=None)
    shell.execute(
        "INSERT INTO outbox SELECT 1, id, 'a@b.c', 'bill', 'now', audit_id, audit_hash FROM bill"
        " WHERE number = '2026-0002'"
    )
    n = 0
    for n, what in enumerate(came.split(), 1):
        shell.execute(event(what.rstrip("!"), n, again=int(what.endswith("!"))))
    for at in (n + 1, n + 2, max(n, 1)):
        for verb in ("INSERT", "INSERT OR REPLACE", "INSERT OR IGNORE"):
            with pytest.raises(sqlite3.IntegrityError, match="guard: "):
                shell.execute(event(never.strip(), at).replace("INSERT", verb))
    shell.close()


def test_B30_the_database_queues_only_bills_that_are_issued_and_live(
    office: Office, path: Path
) -> None:
    office("bill", "issue", "2026-0002")
    office("bill", "void", "2026-0002", "--reason", "wrong")
    shell = sqlite3.connect(path, isolation_level=None)
    for number in ("2026-0001", "2026-0002"):
        with pytest.raises(sqlite3.IntegrityError, match="guard: only a bill that is issued"):
            shell.execute(
                "INSERT INTO outbox SELECT NULL, id, 'a@b.c', 'bill', 'now', audit_id, audit_hash"
                f" FROM bill WHERE number = '{number}'"
            )
    insert = "INSERT INTO outbox SELECT NULL, id, '{}', '{}', 'now', 1, 'x' FROM bill WHERE id = 3"
    odd = ("a b@c.d", "a@b.c\r\nBcc: x@y.z", "a@b.c,d@e.f", "@", "a@")
    for recipient, purpose in (*((each, "bill") for each in odd), ("a@b.c", "spam")):
        with pytest.raises(sqlite3.IntegrityError, match="CHECK"):
            shell.execute(insert.format(recipient, purpose))
    shell.execute(insert.format("a@b.c", "bill"))
    with pytest.raises(sqlite3.IntegrityError, match="guard"):
        shell.execute(insert.format("A@B.c", "bill"))
    for (name,) in shell.execute(
        "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'outbox'"
    ).fetchall():
        shell.execute(f"DROP TRIGGER {name}")
    with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"):
        shell.execute(insert.format("A@B.c", "bill"))
    shell.close()
