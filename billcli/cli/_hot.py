"""What a hand types all day, answered before Typer is imported.

Typer's import alone takes longer than recording an hour does. So the words of a few commands are
read here, from a table that says what Typer's declaration of the same command says: a test holds
both together, word by word. Whatever isn't plainly one of these commands with all it needs (a word
unknown or missing, `--help`, a TAB) goes to Typer, which also says what is wrong with it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

NONE: Mapping[str, str] = MappingProxyType({})


class Quick(NamedTuple):
    """A command as it is read here: its words for the log, the function behind it, what it takes.

    `needed` arguments come first, `more` may follow; options and flags lead to the names of
    their parameters, a flag with the value that it gives. With `only`, it is this command where
    that flag is given, and Typer's otherwise.
    """

    words: str
    action: str
    needed: tuple[str, ...] = ()
    more: tuple[str, ...] = ()
    options: Mapping[str, str] = NONE
    flags: Mapping[str, tuple[str, bool]] = MappingProxyType({})
    only: str | None = None


JSON = {"--json": ("json", True)}
CODES = {"--task-code": "task_code", "--activity-code": "activity_code"}
ADD_TIME = Quick(
    "time add",
    "_recording.add_time",
    ("matter", "hours", "narrative"),
    options={
        "--date": "date", "--tk": "tk", "--rate": "rate", "--behavior": "behavior", **CODES,
    },
    flags=JSON,
)  # fmt: skip
ADD_EXPENSE = Quick(
    "expense add",
    "_recording.add_expense",
    ("matter", "amount", "description"),
    options={
        "--date": "date", "--code": "code", "--category": "category", "--tk": "tk",
        "--receipt": "receipt",
    },
    flags={
        "--no-bill": ("no_bill", True), "--taxable": ("taxable", True),
        "--not-taxable": ("taxable", False), **JSON,
    },
)  # fmt: skip
START = Quick(
    "time start",
    "_timers.start",
    ("matter",),
    ("narrative",),
    options={"--at": "at", "--tk": "tk", **CODES},
    flags=JSON,
)
STOP = Quick(
    "time stop",
    "_timers.stop",
    (),
    ("narrative",),
    options={"--at": "at", "--tk": "tk"},
    flags={"--discard": ("discard", True), **JSON},
)
TIMER = Quick("time timer", "_timers.timer", options={"--tk": "tk"}, flags=JSON)
STATUS = Quick(
    "status", "_timers.status_line", flags={"--line": ("line", True), **JSON}, only="line"
)
TABLE: dict[tuple[str, ...], Quick] = {
    ("t",): ADD_TIME,
    ("time", "add"): ADD_TIME,
    ("time", "start"): START,
    ("time", "stop"): STOP,
    ("time", "timer"): TIMER,
    ("timer",): TIMER,
    ("expense", "add"): ADD_EXPENSE,
    ("status",): STATUS,
}
BEFORE = Quick(
    "",
    "",
    options={"--ledger": "ledger", "--today": "today", "--actor": "actor"},
    flags={
        "--no-input": ("no_input", True), "--yes": ("yes", True), "-y": ("yes", True),
        "--debug": ("debug", True), "--no-color": ("no_color", True), "--quiet": ("quiet", True),
    },
)  # fmt: skip
ANYWHERE = {
    "--yes": ("yes", True), "-y": ("yes", True), "--no-input": ("may_prompt", False),
    "--quiet": ("quiet", True), "--debug": ("debug", True),
}  # fmt: skip
ENVIRONMENT = {"ledger": "BILLCLI_LEDGER", "today": "BILLCLI_TODAY", "actor": "BILLCLI_ACTOR"}


class Read(NamedTuple):
    """A command line that was understood."""

    command: Quick
    before: dict[str, str | bool]
    values: dict[str, str | bool]
    run: dict[str, bool]


def answered(argv: list[str]) -> bool:
    """Run the command line if it is one of these; False where Typer has to read it."""
    found = read(argv)
    if found is None:
        return False
    from importlib import import_module

    from billcli.cli import _root

    given = {name: os.environ.get(key) for name, key in ENVIRONMENT.items()} | found.before
    with _root.one_run():
        _root.begin(**given)  # type: ignore[arg-type]
        _root.amend(command=found.command.words, **found.run)
        module, _, function = found.command.action.partition(".")
        values = {name: value for name, value in found.values.items() if name != found.command.only}
        getattr(import_module(f"billcli.cli.{module}"), function)(**values)
    return True


def read(argv: list[str]) -> Read | None:
    """The command line as one of these commands; None for any other."""
    before: dict[str, str | bool] = {}
    at = _options(argv, 0, BEFORE.options, BEFORE.flags, before)
    if at is None:
        return None
    command = TABLE.get(tuple(argv[at : at + 1])) or TABLE.get(tuple(argv[at : at + 2]))
    if command is None:
        return None
    at += 1 if command is TABLE.get(tuple(argv[at : at + 1])) else 2
    names = (*command.needed, *command.more)
    values: dict[str, str | bool] = {}
    run: dict[str, bool] = {}
    flags = {**command.flags, **ANYWHERE}
    words: list[str] = []
    while at < len(argv):
        now = _options(argv, at, command.options, flags, values)
        if now is None:
            return None
        if now == at:
            words.append(argv[at])
            now += 1
        at = now
    for name in {"yes", "may_prompt", "quiet", "debug"} & values.keys():
        run[name] = bool(values.pop(name))
    if not len(command.needed) <= len(words) <= len(names):
        return None
    if command.only is not None and command.only not in values:
        return None
    return Read(command, before, values | dict(zip(names, words, strict=False)), run)


def _options(
    argv: list[str],
    at: int,
    options: Mapping[str, str],
    flags: Mapping[str, tuple[str, bool]],
    found: dict[str, str | bool],
) -> int | None:
    """Read options from there on; where they end, or None where one isn't known here."""
    while at < len(argv) and argv[at].startswith("-") and argv[at] != "-":
        word, equals, value = argv[at].partition("=")
        if word in options and equals:
            found[options[word]] = value
        elif word in options and at + 1 < len(argv):
            at += 1
            found[options[word]] = argv[at]
        elif argv[at] in flags:
            name, sets = flags[argv[at]]
            found[name] = sets
        else:
            return None
        at += 1
    return at
