"""Letters by e-mail, written out whole: checked addresses, a text, its attachments."""

from __future__ import annotations

import email
import re
from base64 import b64encode
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from textwrap import wrap
from typing import Any, cast

from billcli.errors import Refused
from billcli.values.text import shown, visible

# Pure ASCII on the wire: no server on the way has to know of eight bits.
_WIRE = policy.SMTP.clone(cte_type="7bit")
_A_LINE, _A_WORD = 60, 42
"""Characters of a plain header, and bytes in an encoded word, that stay below 76 on a line."""
BARE = re.compile(r"[^@\x00-\x20\x7f,;<>]+@[^@\x00-\x20\x7f,;<>]+")
"""An address in its outward form; what it says may still be wrong."""
_NAMED = re.compile(r"\s*(.*?)\s*<([^<>]*)>\s*", re.DOTALL)
_LINE_ENDS = re.compile("[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a letter; `type` is a MIME type such as text/html."""

    name: str
    content: bytes
    type: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter to one recipient; `sender` is an address, perhaps with a name before it."""

    sender: str
    recipient: str
    subject: str
    body: str
    message_id: str
    at: datetime
    reply_to: str | None = None
    attachments: tuple[Attachment, ...] = ()


def written(letter: Letter) -> bytes:
    """The letter as it goes over the wire and into an .eml file, in ASCII.

    Refused `mail.address`, `mail.sender`; nothing typed by anybody adds a header or a recipient.
    """
    sender = sender_of(letter.sender)
    recipient = address_of(letter.recipient)
    message = EmailMessage(policy=_WIRE)
    message["To"] = recipient
    if letter.reply_to:
        message["Reply-To"] = address_of(letter.reply_to)
    message["Date"] = format_datetime(letter.at)
    message["Message-ID"] = letter.message_id
    message.set_content(letter.body)
    for each in letter.attachments:
        kind, _, sub = each.type.partition("/")
        message.add_attachment(
            each.content,
            maintype=kind,
            subtype=sub,
            filename=one_line(each.name),
            params={"charset": "utf-8"} if kind == "text" else None,
        )
    content = _from(sender) + _subject(one_line(letter.subject)) + message.as_bytes()
    _prove(content, recipient.addr_spec)
    return content


def address_of(text: str) -> Address:
    """One bare address, its domain in ASCII. Refused `mail.address`."""
    local, _, domain = text.rpartition("@")
    if not BARE.fullmatch(text):
        raise _unmailable(text)
    try:
        ascii_domain = domain.encode("idna").decode("ascii") if domain else ""
        found = Address(addr_spec=f"{local}@{ascii_domain}")
    except (MessageError, ValueError, IndexError) as fault:
        raise _unmailable(text) from fault
    whole = found.addr_spec == f"{local}@{ascii_domain}"
    if not (whole and found.username and found.domain and found.addr_spec.isascii()):
        raise _unmailable(text)
    return found


def sender_of(text: str) -> Address:
    """`Alvarez Law <office@alvarez.example>` or a bare address. Refused `mail.sender`."""
    named = _NAMED.fullmatch(text)
    try:
        bare = address_of(named[2].strip() if named else text.strip())
    except Refused:
        raise Refused(
            "mail.sender",
            f"{shown(text)} can't be the sender of mail.",
            hint="billcli firm set email.from 'Alvarez Law <office@alvarez.example>'",
        ) from None
    name = one_line(named[1].strip().strip('"')) if named else ""
    return Address(display_name=name, addr_spec=bare.addr_spec)


def one_line(text: str) -> str:
    """The text as a header holds it: on one line, nothing in it that a mail program would obey."""
    return visible(" ".join(_LINE_ENDS.sub(" ", text).split()))


def new_message_id(sender: str) -> str:
    """A Message-ID in the sender's own domain. Refused `mail.sender`."""
    return make_msgid(domain=sender_of(sender).domain)


def _from(sender: Address) -> bytes:
    name = sender.display_name
    if _plain(name):
        return f"From: {sender}\r\n".encode("ascii")
    return b"From: " + _words(name) + f"\r\n <{sender.addr_spec}>\r\n".encode("ascii")


def _subject(text: str) -> bytes:
    if not text.isascii() or "=?" in text or max(map(len, text.split()), default=0) > _A_LINE:
        return b"Subject: " + _words(text) + b"\r\n"
    lines = wrap(text, _A_LINE, break_long_words=False, break_on_hyphens=False)
    return b"Subject: " + "\r\n ".join(lines).encode("ascii") + b"\r\n"


def _plain(text: str) -> bool:
    """Whether a header can hold it as it is, on one line that nobody decodes."""
    return text.isascii() and len(text) <= _A_LINE and "=?" not in text


def _words(text: str) -> bytes:
    """The text in encoded words (RFC 2047). EmailMessage loses blanks where it parts them."""
    parts = [b""]
    for char in text:
        if len(parts[-1] + char.encode()) > _A_WORD:
            parts.append(b"")
        parts[-1] += char.encode()
    return b"\r\n ".join(b"=?utf-8?b?" + b64encode(part) + b"?=" for part in parts)


def _prove(content: bytes, recipient: str) -> None:
    """The written letter read again: one recipient, whole headers."""
    heads = cast(Any, email.message_from_bytes(content, policy=policy.default))
    to = heads["To"]
    again = [address.addr_spec for address in to.addresses]
    if again != [recipient] or to.defects or heads["Cc"] or heads["Bcc"]:
        raise _unmailable(recipient)


def _unmailable(text: str) -> Refused:
    return Refused(
        "mail.address",
        f"Mail can't be sent to {shown(text)}.",
        hint="Give an address such as ana@rivera.example: billcli matter billing MATTER --email",
    )
