"""Questions on a terminal: asked on stderr, so that stdout stays the result."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from billcli.cli._root import run
from billcli.errors import UsageProblem
from billcli.values.text import visible


class Interrupted(KeyboardInterrupt):
    """The user left at a question; nothing was changed (exit 130)."""


def confirm(question: str, *, default: bool = True, option: str = "--yes") -> bool:
    """Ask yes or no; Enter takes the default. `option` is what gives the answer in a script.

    --yes takes a default of yes unasked; pass another `option` where --yes must not answer.
    Raises `input.needed` (2) where nobody can be asked.
    """
    if default and option == "--yes" and run().yes:
        return True
    _need_terminal(question, option)
    choice = "[Y/n]" if default else "[y/N]"
    while True:
        answer = _line(f"{question} {choice} ").strip().casefold()
        if not answer:
            return default
        if answer in ("y", "yes"):
            return True
        if answer in ("n", "no"):
            return False
        print("Please answer y or n.", file=sys.stderr)


def ask(question: str, *, option: str, default: str | None = None) -> str:
    """Ask for a line of text; Enter takes the default, and asks again where there is none."""
    _need_terminal(question, option)
    shown = f"{question} [{default}]: " if default is not None else f"{question}: "
    while True:
        answer = _line(shown).strip()
        if answer:
            return answer
        if default is not None:
            return default


def choose(question: str, words: Sequence[str], *, option: str) -> str:
    """Ask for one of the words; its first letter will do. There is no answer by default."""
    _need_terminal(question, option)
    offered = " ".join(f"[{word[0]}]{word[1:]}" for word in words)
    while True:
        answer = _line(f"{question} {offered}: ").strip().casefold()
        found = [word for word in words if answer and word.startswith(answer)]
        if found:
            return found[0]
        print(f"Please answer with one of {', '.join(word[0] for word in words)}.", file=sys.stderr)


def _need_terminal(question: str, option: str) -> None:
    if not run().may_prompt:
        raise UsageProblem(
            "input.needed",
            f"An answer is needed: {question}",
            hint=f"Give it with {option}.",
        )


def _line(shown: str) -> str:
    print(visible(shown), end="", file=sys.stderr, flush=True)
    try:
        line = sys.stdin.readline()
    except (KeyboardInterrupt, EOFError):
        line = ""
    if not line:
        print(file=sys.stderr)
        raise Interrupted
    return line
