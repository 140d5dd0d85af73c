"""The user's own editor, for texts that are changed as a whole."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from billcli.errors import UsageProblem
from billcli.values.text import file_name, shown

FALLBACKS = ("sensible-editor", "nano", "vi")


def edited(text: str, *, name: str) -> str:
    """The text as it was saved in $VISUAL, $EDITOR or an editor that is there.

    UsageProblem `editor.missing`, `editor.failed`, `editor.unreadable`: nothing was taken over.
    """
    command = _command()
    with tempfile.TemporaryDirectory(prefix="billcli-") as folder:
        path = Path(folder) / f"{file_name(name)}.txt"
        path.write_text(text, "utf-8")
        ended = _run([*command, str(path)])
        if ended:
            raise UsageProblem(
                "editor.failed",
                f"The editor {shown(command[0])} ended with {ended}; nothing is changed.",
                hint="Save, and leave it without an error, to take the text over.",
            )
        try:
            return path.read_text("utf-8")
        except (OSError, UnicodeDecodeError):
            raise UsageProblem(
                "editor.unreadable",
                "What the editor left is no UTF-8 text; nothing is changed.",
                hint="Save it as UTF-8.",
            ) from None


def _command() -> list[str]:
    typed = os.environ.get("VISUAL") or os.environ.get("EDITOR") or ""
    try:
        words = shlex.split(typed)
    except ValueError:
        words = [typed]
    words = words or [name for name in FALLBACKS if shutil.which(name)][:1]
    if not words or not shutil.which(words[0]):
        named = f"the editor {shown(typed)} isn't there" if typed else "no editor was found"
        raise UsageProblem(
            "editor.missing",
            f"A text is to be edited, and {named}.",
            hint="Name one: export EDITOR=nano. Or change the draft with billcli bill edit.",
        )
    return words


def _run(words: list[str]) -> int:
    """Let the editor have the terminal; Ctrl-C in it is the editor's."""
    # A handler of our own, unlike an ignored signal, is not handed down to the editor.
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        return subprocess.run(words, check=False).returncode
    finally:
        signal.signal(signal.SIGINT, before)
