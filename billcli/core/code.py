"""Task, activity and expense codes as typed, such as L110, A103 and E112."""

from __future__ import annotations

import re

from billcli.errors import UsageProblem
from billcli.values.text import shown

_CODE = re.compile(r"[A-Z0-9][A-Z0-9.-]{0,9}", re.ASCII)


def read_code(text: str, what: str = "code") -> str:
    """A code in capitals. UsageProblem `code.unreadable`."""
    code = text.strip().upper()
    if not _CODE.fullmatch(code):
        raise UsageProblem(
            "code.unreadable",
            f"{shown(text)} can't be {'an' if what[0] in 'aeiou' else 'a'} {what}.",
            hint='Use at most 10 letters, digits, "-" and ".", such as L110 or E112.',
        )
    return code
