"""The mail server: verified TLS before anything is said, one letter at a time.

What fails says whether the letter can have gone out: up to the end of its text it can't; once the
end was sent, only the server's own answer tells.
"""

from __future__ import annotations

import os
import re
import smtplib
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Literal

from billcli.deliver.passwords import NoPassword
from billcli.values.text import visible

Security = Literal["starttls", "tls", "none"]
PORTS: dict[Security, int] = {"starttls": 587, "tls": 465, "none": 25}
TIMEOUT_S = 30
GOODBYE_S = 3
LETTERS_A_CALL = 50
"""Servers hang up on those who send many letters in one call; so we do first."""
_LINE_END = re.compile(rb"\r\n|\r|\n")
_LEADING_DOT = re.compile(rb"(?m)^\.")
_FAULTS = (smtplib.SMTPException, OSError)


@dataclass(frozen=True, slots=True)
class Server:
    """Where mail is handed in, and by whom."""

    host: str
    port: int
    security: Security
    username: str | None = None


class NotSent(Exception):
    """The letter didn't go out, for sure; `again` where a later try may succeed.

    `server` where the fault isn't this letter's, so that others would fail alike.
    """

    def __init__(self, reason: str, *, again: bool, server: bool = False) -> None:
        super().__init__(reason)
        self.reason, self.again, self.server = reason, again, server


class Uncertain(Exception):
    """The letter was handed over whole, and the server's answer didn't come."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Mailbox:
    """A way to one mail server, opened with the first letter and kept for the next ones."""

    def __init__(self, server: Server, password: Callable[[], str | None]) -> None:
        self.server = server
        self._password = password
        self._smtp: smtplib.SMTP | None = None
        self._sent = 0

    def open(self) -> list[str]:
        """Call the server, unless it is on the line; what was done, step by step. NotSent."""
        if self._smtp is not None and self._sent < LETTERS_A_CALL:
            return []
        self.close()
        done: list[str] = []
        try:
            self._smtp = self._called(done)
        except ssl.SSLCertVerificationError as fault:
            raise self._down(f"its certificate isn't trusted: {fault.verify_message}") from fault
        except ssl.SSLError as fault:
            raise self._down(f"no secure connection: {fault.reason or fault}") from fault
        except smtplib.SMTPNotSupportedError as fault:
            raise self._down(_without_login(fault)) from fault
        except smtplib.SMTPAuthenticationError as fault:
            raise self._down(f"it refused the login: {_said(fault)}") from fault
        except smtplib.SMTPResponseException as fault:
            raise self._down(_said(fault)) from fault
        except _FAULTS as fault:
            raise self._down(_why(fault)) from fault
        return done

    def send(self, sender: str, recipient: str, content: bytes) -> None:
        """Hand a letter in for one recipient; it returns on the server's 250.

        NotSent, Uncertain.
        """
        on_the_line = self._sent > 0
        self.open()
        try:
            self._announce(sender, recipient, len(content))
        except smtplib.SMTPServerDisconnected as fault:
            self._drop()
            if not on_the_line:
                raise self._down(_why(fault)) from fault
            # The line was cut while nobody spoke; nothing of the letter has been said yet.
            self.send(sender, recipient, content)
            return
        try:
            self._hand_over(content)
        except NotSent:
            raise
        except BaseException:  # an interrupt: the server waits for the rest, and won't be told
            self._drop()
            raise
        self._sent += 1

    def close(self) -> None:
        """Hang up."""
        if self._smtp is not None and self._smtp.sock is not None:
            with suppress(*_FAULTS):
                self._smtp.sock.settimeout(min(timeout(), GOODBYE_S))
                self._smtp.quit()
        self._drop()

    def _drop(self) -> None:
        """Let go of a line that is of no use any more."""
        if self._smtp is not None:
            self._smtp.close()
        self._smtp, self._sent = None, 0

    def _called(self, done: list[str]) -> smtplib.SMTP:
        server, me = self.server, _own_name()
        verified = ssl.create_default_context()
        if server.security == "tls":
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, me, timeout=timeout(), context=verified
            )
        else:
            smtp = smtplib.SMTP(server.host, server.port, me, timeout=timeout())
        try:
            done.append(f"connected to {server.host}, port {server.port}")
            if server.security == "none" and not _is_here(smtp):
                raise self._down("it is another machine, and without TLS mail would be readable")
            smtp.ehlo()
            if server.security == "starttls":
                smtp.starttls(context=verified)
                smtp.ehlo()
            if isinstance(smtp.sock, ssl.SSLSocket):
                done.append(f"{smtp.sock.version()} with a certificate that is trusted")
            self._log_in(smtp, done)
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _log_in(self, smtp: smtplib.SMTP, done: list[str]) -> None:
        """A password is said over TLS, or within this machine, and nowhere else."""
        if self.server.username is None:
            return
        if not isinstance(smtp.sock, ssl.SSLSocket) and not _is_here(smtp):
            raise self._down("the password isn't said without TLS")
        try:
            password = self._password()
        except NoPassword as fault:
            raise self._down(str(fault)) from fault
        if password is None:
            raise self._down(f"there is no password for {self.server.username}")
        try:
            smtp.login(self.server.username, password)
        except UnicodeError:  # its words would show the password
            raise self._down("name and password for it can hold ASCII letters alone") from None
        done.append(f"logged in as {visible(self.server.username)}")

    def _announce(self, sender: str, recipient: str, size: int) -> None:
        """Sender, recipient, and the word to begin; all of it can still be taken back."""
        smtp = self._line()
        sizes = [f"size={size}"] if smtp.has_extn("size") else []
        self._expect(smtp.mail(sender, sizes), 250, whose="the sender")
        self._expect(smtp.rcpt(recipient), 250, 251)
        self._expect(smtp.docmd("DATA"), 354)

    def _hand_over(self, content: bytes) -> None:
        smtp = self._line()
        lines = _LEADING_DOT.sub(b"..", _LINE_END.sub(b"\r\n", content))
        if not lines.endswith(b"\r\n"):
            lines += b"\r\n"
        try:
            smtp.send(lines)
        except _FAULTS as fault:
            # Without its end no server takes a letter for whole.
            self._drop()
            raise NotSent(_why(fault), again=True) from fault
        try:
            smtp.send(b".\r\n")
            answer = smtp.getreply()
        except _FAULTS as fault:
            self._drop()
            raise Uncertain(f"the server took it and didn't answer: {_why(fault)}") from fault
        self._expect(answer, 250)

    def _expect(self, answer: tuple[int, bytes], *codes: int, whose: str = "") -> None:
        code, words = answer
        if code in codes:
            return
        if code in (421, -1):  # it hangs up, or what it says can't be read
            self._drop()
        else:
            self._begin_again()
        told = f"{code} {visible(words.decode('utf-8', 'replace'))}"
        # A sender is refused whatever the letter; but 552 there means that this one is too large.
        everybodys = code in (421, -1) or bool(whose and code != 552)
        raise NotSent(
            f"the server refused {whose}: {told}" if whose else f"the server said: {told}",
            again=everybodys or not 500 <= code < 600,
            server=everybodys,
        )

    def _begin_again(self) -> None:
        """Have the server forget a letter that it refused."""
        try:
            if self._line().rset()[0] != 250:
                self._drop()
        except _FAULTS:
            self._drop()

    def _line(self) -> smtplib.SMTP:
        if self._smtp is None:
            raise smtplib.SMTPServerDisconnected("not connected")
        return self._smtp

    def _down(self, why: str) -> NotSent:
        where = f"{visible(self.server.host)}, port {self.server.port}"
        return NotSent(f"{where}: {visible(why)}", again=True, server=True)


def timeout() -> int:
    """Seconds to wait for a word of the server: 30, or BILLCLI_SMTP_TIMEOUT."""
    given = os.environ.get("BILLCLI_SMTP_TIMEOUT", "")
    return int(given) if given.isascii() and given.isdigit() and int(given) else TIMEOUT_S


def _own_name() -> str:
    """How we greet: this machine's full name where it has one; nobody is asked for it."""
    name = socket.gethostname()
    return name if "." in name and name.isascii() else "localhost"


def _is_here(smtp: smtplib.SMTP) -> bool:
    """Whether the server runs on this machine."""
    peer = smtp.sock.getpeername() if smtp.sock is not None else None
    try:
        return isinstance(peer, tuple) and ip_address(peer[0].partition("%")[0]).is_loopback
    except ValueError:
        return False


def _said(fault: smtplib.SMTPResponseException) -> str:
    words = fault.smtp_error
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
    return f"{fault.smtp_code} {text}"


def _without_login(fault: smtplib.SMTPNotSupportedError) -> str:
    if "STARTTLS" in str(fault):
        return "it doesn't offer TLS, and without it nothing is sent"
    return "it doesn't take a login; unset email.username if it needs none"


def _why(fault: BaseException) -> str:
    if isinstance(fault, TimeoutError) or isinstance(fault.__context__, TimeoutError):
        return f"no answer within {timeout()} seconds"
    if isinstance(fault, smtplib.SMTPResponseException):
        return _said(fault)
    if isinstance(fault, socket.gaierror):
        return "there is no such server, or no network"
    if isinstance(fault, smtplib.SMTPServerDisconnected):
        return "the connection broke"
    if isinstance(fault, OSError) and fault.strerror:
        return fault.strerror.lower()
    return str(fault) or type(fault).__name__
