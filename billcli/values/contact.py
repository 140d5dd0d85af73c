"""Names, addresses and e-mail addresses as typed: one line each, nothing a person may mean lost."""

from __future__ import annotations

import re

from billcli.errors import UsageProblem
from billcli.values.text import read_text, shown

_BREAKS = re.compile("[\n\r\t\x0b\x0c\x85\u2028\u2029]+")
_CONTROL = re.compile("[\x00-\x1f\x7f]")
_EMAIL = re.compile(r"[^@\s\x00-\x1f,;<>]+@[^@\s\x00-\x1f,;<>]+")


def read_line(text: str, what: str, *, longest: int = 200, required: bool = True) -> str:
    """Text of one line; a line end that was typed becomes a blank. UsageProblem as read_text."""
    return read_text(_BREAKS.sub(" ", text), what, longest=longest, required=required)


def plain_line(text: str) -> str:
    """The text as the firm file can hold it on one line: without control characters."""
    return _CONTROL.sub("", _BREAKS.sub(" ", text)).strip()


def read_email(text: str, what: str = "e-mail address") -> str | None:
    """One e-mail address, or None for an empty text. UsageProblem `email.unreadable`."""
    kept = read_text(text, what, longest=254, required=False)
    if not kept:
        return None
    if not _EMAIL.fullmatch(kept):
        raise UsageProblem(
            "email.unreadable",
            f"{shown(kept)} isn't an e-mail address.",
            hint="Write one address, such as ana@rivera.example.",
        )
    return kept


def read_lines(texts: list[str], what: str, *, most: int = 10) -> tuple[str, ...]:
    """The lines of an address; empty ones are left out. UsageProblem `address.long`."""
    lines = [read_line(text, what, longest=500, required=False) for text in texts]
    kept = tuple(line for line in lines if line)
    if len(kept) > most:
        raise UsageProblem(
            "address.long",
            f"The {what} has {len(kept)} lines; at most {most} are kept.",
            hint="Put two of them on one line.",
        )
    return kept
