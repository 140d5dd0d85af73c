"""The way to the mail server: verified TLS, the login, and what each refusal means."""

from __future__ import annotations

import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from offices import Answer
from post import PASSWORD, USER, Authority, Post, served

from billcli.deliver import mail, passwords
from billcli.deliver.mail import Mailbox, NotSent, Server, Uncertain

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH")
Office = Callable[..., Answer]
LETTER = b"Subject: x\r\n\r\n.one dot\r\n..two\r\n"
A, B = "a@rivera.example", "b@rivera.example"


def box(post: Post, security: mail.Security = "none", *, user: str | None = None) -> Mailbox:
    return Mailbox(Server("localhost", post.port, security, user), lambda: PASSWORD)


def hand_in(mailbox: Mailbox, to: str = A) -> None:
    mailbox.send("office@byrne.example", to, LETTER)


def refusal(mailbox: Mailbox, to: str = A) -> NotSent:
    with pytest.raises(NotSent) as refused:
        hand_in(mailbox, to)
    return refused.value


@pytest.fixture
def trusting(trusted: Authority, monkeypatch: pytest.MonkeyPatch) -> Authority:
    """The authority's certificates are trusted, as those of the system are."""
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted.file))
    return trusted


@contextmanager
def mute(*, talks: bytes = b"") -> Iterator[Post]:
    """A server that takes a call, says this much, and no more."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        post = Post(port=server.getsockname()[1])
        kept = []

        def answer() -> None:
            line, _ = server.accept()
            kept.append(line)
            line.sendall(talks)

        threading.Thread(target=answer, daemon=True).start()
        yield post
        for line in kept:
            line.close()


# TLS -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("security", "at_once"), [("starttls", False), ("tls", True)])
def test_mail_goes_over_tls_that_is_verified(
    trusting: Authority, security: mail.Security, at_once: bool
) -> None:
    with served(Post(), tls=trusting.tls, from_the_start=at_once, login=True) as post:
        mailbox = box(post, security, user=USER)
        steps = mailbox.open()
        assert steps[0] == f"connected to localhost, port {post.port}"
        assert steps[1].startswith("TLSv1.") and steps[2] == f"logged in as {USER}"
        hand_in(mailbox, A)
        hand_in(mailbox, B)
        mailbox.close()
    assert post.taken == [(A, LETTER), (B, LETTER)]
    assert (post.calls, post.logins) == (1, [True])


@pytest.mark.parametrize(("security", "at_once"), [("starttls", False), ("tls", True)])
def test_a_certificate_that_nobody_vouches_for_is_refused(
    trusted: Authority, security: mail.Security, at_once: bool
) -> None:
    with served(Post(), tls=trusted.tls, from_the_start=at_once, login=True) as post:
        refused = refusal(box(post, security, user=USER))
    assert "its certificate isn't trusted" in refused.reason
    assert (refused.again, refused.server) == (True, True)
    assert post.taken == [] and post.logins == []


def test_a_certificate_for_another_name_is_refused(trusting: Authority) -> None:
    with served(Post(), tls=trusting.other) as post:
        refused = refusal(box(post, "starttls"))
    assert "its certificate isn't trusted" in refused.reason and "localhost" in refused.reason
    assert post.taken == []


def test_a_server_without_tls_gets_no_word_of_it(post: Post) -> None:
    refused = refusal(box(post, "starttls", user=USER))
    assert refused.reason.endswith("it doesn't offer TLS, and without it nothing is sent")
    assert refusal(box(post, "tls")).reason.partition(": ")[2].startswith("no secure connection")
    assert post.taken == [] and post.logins == []


def test_without_tls_only_this_machine_is_spoken_to(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "_is_here", lambda smtp: False)
    assert "without TLS mail would be readable" in refusal(box(post)).reason
    assert post.taken == []


# The login ---------------------------------------------------------------------------------------


def test_a_wrong_password_is_said_and_never_shown(
    trusting: Authority, office: Office, monkeypatch: pytest.MonkeyPatch, path: Path
) -> None:
    wrong = "not the password"
    monkeypatch.setenv("BILLCLI_SMTP_PASSWORD", wrong)
    with served(Post(), tls=trusting.tls, login=True) as post:
        for key, value in (("port", post.port), ("security", "starttls"), ("username", USER)):
            assert office("firm", "set", f"email.{key}", value).code == 0
        refused = office("mail", "test")
        assert refused.code == 6
        assert "it refused the login: 535" in refused.err
        sent = office("bill", "issue", "2026-0002", "--send")
        assert (sent.code, set(post.logins)) == (6, {False})
        monkeypatch.setenv("BILLCLI_SMTP_PASSWORD", PASSWORD)
        found = office("mail", "test", "--to", "me@byrne.example", "--json").json
        assert found["steps"][-1] == "sent a letter to me@byrne.example"
        assert office("outbox", "send").code == 0
    assert post.recipients == ["me@byrne.example", "pay@acme.example"]
    told = "".join(each.out + each.err for each in (refused, sent, office("log", "--json")))
    assert wrong not in told and PASSWORD not in told
    kept = b"".join(file.read_bytes() for file in path.parent.glob("ledger.db*"))
    assert wrong.encode() not in kept and PASSWORD.encode() not in kept


def test_no_password_is_said_where_tls_is_not(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    mailbox = box(post, user=USER)
    here = iter((True, False))  # the server is here; and then somewhere else
    monkeypatch.setattr(mail, "_is_here", lambda smtp: next(here))
    assert "the password isn't said without TLS" in refusal(mailbox).reason


def test_an_account_without_a_password_is_told() -> None:
    with served(Post(), login=True) as post:
        none = Mailbox(Server("localhost", post.port, "none", USER), lambda: None)
        assert "there is no password for office@byrne.example" in refusal(none).reason
        odd = Mailbox(Server("localhost", post.port, "none", USER), lambda: "pässword")
        reason = refusal(odd).reason
        assert "ASCII letters alone" in reason and "pässword" not in reason


@pytest.mark.parametrize(
    ("program", "told"),
    [
        ("print('the secret'); print('not this')", "the secret"),
        ("import sys; print('half'); sys.exit(3)", "ended with exit code 3"),
        ("print()", "printed nothing"),
        ("import time; time.sleep(9)", "didn't end within 1 seconds"),
    ],
)
def test_the_password_of_a_command(
    program: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("BILLCLI_SMTP_PASSWORD", raising=False)
    monkeypatch.setattr(passwords, "COMMAND_TIMEOUT_S", 1)
    script = tmp_path / "pass word.py"
    script.write_text(program)
    command = f"'{sys.executable}' -S '{script}' ; touch '{tmp_path}/shell'"
    if told == "the secret":
        assert passwords.password(command, USER) == told
    else:
        with pytest.raises(passwords.NoPassword, match=told) as failed:
            passwords.password(command, USER)
        assert "half" not in str(failed.value)
    assert not (tmp_path / "shell").exists(), "no shell saw it"


@pytest.mark.parametrize("command", ["no-such-program-here", "'open", " "])
def test_a_command_that_can_not_be_run(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BILLCLI_SMTP_PASSWORD", raising=False)
    with pytest.raises(passwords.NoPassword, match="can't be run"):
        passwords.password(command, USER)


def test_the_environment_comes_first_then_the_command_then_the_keyring(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import types

    safe = types.SimpleNamespace(get_password=lambda service, user: f"{service} {user}")
    monkeypatch.setitem(sys.modules, "keyring", safe)
    monkeypatch.setenv("BILLCLI_SMTP_PASSWORD", "from here")
    assert passwords.password("echo x", USER) == "from here"
    monkeypatch.delenv("BILLCLI_SMTP_PASSWORD")
    assert passwords.password("echo x", USER) == "x"
    assert passwords.password(None, USER) == f"billcli {USER}"
    monkeypatch.setitem(sys.modules, "keyring", None)  # isn't installed
    assert passwords.password(None, USER) is None


# Refusals ----------------------------------------------------------------------------------------


def test_a_refused_letter_leaves_the_line_to_the_next(post: Post) -> None:
    post.rcpt[B] = "550 5.1.1 no such user"
    post.data["full@rivera.example"] = "452 4.2.2 mailbox full"
    mailbox = box(post)
    refused = refusal(mailbox, B)
    assert (refused.again, refused.server) == (False, False)
    assert refused.reason == "the server said: 550 5.1.1 no such user"
    later = refusal(mailbox, "full@rivera.example")
    assert (later.again, later.server) == (True, False)
    hand_in(mailbox)
    assert post.taken == [(A, LETTER)] and post.calls == 1


def test_a_server_that_hangs_up_is_called_again(post: Post) -> None:
    post.rcpt[B] = "421 4.7.0 too many letters"
    mailbox = box(post)
    refused = refusal(mailbox, B)
    assert (refused.again, refused.server) == (True, True)
    hand_in(mailbox)
    # The line is cut while nobody speaks; the next letter goes over a new one.
    assert mailbox._smtp is not None and mailbox._smtp.sock is not None
    mailbox._smtp.sock.shutdown(socket.SHUT_RDWR)
    hand_in(mailbox)
    assert [to for to, _ in post.taken] == [A, A]


def test_a_long_run_calls_anew_now_and_then(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "LETTERS_A_CALL", 2)
    mailbox = box(post)
    for _ in range(5):
        hand_in(mailbox)
    assert (len(post.taken), post.calls) == (5, 3)


def test_what_answers_and_what_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BILLCLI_SMTP_TIMEOUT", "1")
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    gone = refusal(box(Post(port=port)))
    assert gone.reason == f"localhost, port {port}: connection refused"
    with mute() as silent:
        assert refusal(box(silent)).reason.endswith("no answer within 1 seconds")
    with mute(talks=b"554 not today\r\n") as shut:
        assert refusal(box(shut)).reason.endswith("554 not today")
    nowhere = Mailbox(Server("no.such.host.invalid", 25, "tls"), lambda: None)
    assert refusal(nowhere).reason.endswith("there is no such server, or no network")


def test_a_letter_that_was_taken_without_an_answer_is_uncertain(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BILLCLI_SMTP_TIMEOUT", "1")
    answered = threading.Event()
    post.hold = lambda to: (answered.wait(5), None)[1]
    mailbox = box(post)
    with pytest.raises(Uncertain, match="no answer within 1 seconds"):
        hand_in(mailbox)
    answered.set()
    post.hold = None
    hand_in(mailbox, B)
    assert post.recipients == [A, B], "the first one did arrive"
