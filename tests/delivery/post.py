"""Mail servers for tests: real ones, in this process, with certificates of an authority of ours."""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, cast

import trustme
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

USER, PASSWORD = "office@byrne.example", "a long passphrase"


@dataclass
class Post:
    """What a server took, and what it answers: `answers` by step, the letter's text or address."""

    port: int = 0
    taken: list[tuple[str, bytes]] = field(default_factory=list)
    rcpt: dict[str, str] = field(default_factory=dict)
    data: dict[str, str] = field(default_factory=dict)
    logins: list[bool] = field(default_factory=list)
    calls: int = 0
    hold: Callable[[str], None] | None = None
    """Called with the recipient when a letter is there whole, before the answer."""

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.rcpt:
            return self.rcpt[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        (to,) = envelope.rcpt_tos
        if to not in self.data:
            self.taken.append((to, bytes(envelope.content or b"")))
        if self.hold is not None:
            await asyncio.get_running_loop().run_in_executor(None, self.hold, to)
        return self.data.get(to, "250 OK")

    def authenticator(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
    ) -> AuthResult:
        right = isinstance(data, LoginPassword) and (data.login, data.password) == (
            USER.encode(),
            PASSWORD.encode(),
        )
        self.logins.append(right)
        return AuthResult(success=right, handled=False)

    @property
    def letters(self) -> list[EmailMessage]:
        """The letters as a mail program reads them."""
        return [
            cast(EmailMessage, message_from_bytes(content, policy=policy.default))
            for _, content in self.taken
        ]

    @property
    def recipients(self) -> list[str]:
        """To whom it took a letter, sorted."""
        return sorted(to for to, _ in self.taken)


@contextmanager
def served(
    post: Post,
    *,
    tls: ssl.SSLContext | None = None,
    from_the_start: bool = False,
    login: bool = False,
) -> Iterator[Post]:
    """The server on a free port of this machine, with TLS from the start or by STARTTLS."""
    loop = asyncio.new_event_loop()

    def made() -> SMTP:
        post.calls += 1
        return SMTP(
            post,
            hostname="localhost",
            loop=loop,
            tls_context=None if from_the_start else tls,
            require_starttls=tls is not None and not from_the_start,
            auth_required=login,
            auth_require_tls=tls is not None and not from_the_start,
            authenticator=post.authenticator if login else None,
            ident="tests",
        )

    async def start() -> asyncio.Server:
        return await loop.create_server(made, "127.0.0.1", 0, ssl=tls if from_the_start else None)

    running = threading.Thread(target=loop.run_forever, daemon=True)
    running.start()
    server = asyncio.run_coroutine_threadsafe(start(), loop).result(5)
    post.port = server.sockets[0].getsockname()[1]
    try:
        yield post
    finally:
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        running.join(5)


@dataclass(frozen=True)
class Authority:
    """A certificate authority of our own: what it signs is trusted where its file is named."""

    file: Path
    tls: ssl.SSLContext
    other: ssl.SSLContext
    """A server whose certificate is for another name."""


def authority(folder: Path) -> Authority:
    """An authority, and servers with its certificates for localhost and for elsewhere."""
    ca = trustme.CA()
    ca.cert_pem.write_to_path(folder / "ca.pem")
    contexts = []
    for name in ("localhost", "mail.elsewhere.example"):
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        ca.issue_cert(name).configure_cert(context)
        contexts.append(context)
    return Authority(folder / "ca.pem", *contexts)
