"""What a hand types all day is read without Typer, and as Typer reads it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from offices import new_ledger
from test_startup import HEAVY, imported
from typer._click.exceptions import UsageError
from typer.core import TyperArgument

from billcli.cli import _hot, _lazy, _noun
from billcli.errors import BillError

FLAGS = {param.opts[0] for param in _noun.flags_taken_anywhere()}


def typed(words: tuple[str, ...]) -> _noun.Command:
    """Typer's declaration of a command."""
    command = _lazy.build(words[0])
    for word in words[1:]:
        command = command.get_command(None, word)
    return command


@pytest.mark.parametrize("words", _hot.TABLE, ids=" ".join)
def test_the_table_says_what_typer_is_told(words: tuple[str, ...]) -> None:
    quick, command = _hot.TABLE[words], typed(words)
    assert quick.words == command.words
    arguments = [param for param in command.params if isinstance(param, TyperArgument)]
    named = {True: [], False: []}
    for argument in arguments:
        named[argument.required].append(argument.name)
    assert (list(quick.needed), list(quick.more)) == (named[True], named[False])
    options, flags = {}, {}
    for param in command.params:
        if isinstance(param, TyperArgument) or FLAGS & set(param.opts):
            continue
        if param.is_flag:
            flags |= dict.fromkeys(param.opts, (param.name, True))
            flags |= dict.fromkeys(param.secondary_opts, (param.name, False))
        else:
            assert not param.multiple
            options |= dict.fromkeys(param.opts, param.name)
    flags.pop("--help", None)
    assert (dict(quick.options), dict(quick.flags)) == (options, flags)


def test_the_options_before_a_command_are_those_of_typer() -> None:
    from typer.main import get_command

    from billcli.cli import _app

    params = {param.name: param for param in get_command(_app._app).params}
    for word, name in _hot.BEFORE.options.items():
        assert word in params[name].opts
        assert params[name].envvar == _hot.ENVIRONMENT[name]
    for word, (name, sets) in _hot.BEFORE.flags.items():
        assert sets is True
        assert params[name].is_flag
        assert word in params[name].opts
    assert set(_hot.ANYWHERE) >= FLAGS


ARGUMENTS = ("2026-001", "1.5", "x y", "", "-", "--", "-1.5", "-x", "-2d", "MA")
OPTIONS = ("--date", "--date=", "--date=-2d", "--date=a=b", "--tk", "--rate=1", "--code", "--nope")
SWITCHES = ("--json", "--taxable", "--not-taxable", "--no-bill", "--yes", "-y", "-yy", "--quiet")
WORDS = st.sampled_from([*ARGUMENTS, *OPTIONS, *SWITCHES, "--no-input", "--debug", "--help"])


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(_hot.TABLE)), st.lists(WORDS, max_size=7))
def test_whatever_is_read_without_typer_typer_reads_the_same(
    words: tuple[str, ...], more: list[str]
) -> None:
    read = _hot.read([*words, *more])
    if read is None:
        return
    command = typed(words)
    try:
        context = command.make_context(words[-1], list(more), resilient_parsing=False)
    except (UsageError, BillError) as refused:
        pytest.fail(f"Typer refuses {more}: {refused}")
    nothing = {name: value for name, value in context.params.items() if value not in (None, False)}
    given_ = {name: value for name, value in read.values.items() if value is not False}
    assert given_ == {name: value for name, value in nothing.items() if value is not None}
    told = {name: value for name, value in read.values.items() if value is False}
    assert all(context.params[name] is False for name in told)


@pytest.mark.parametrize(
    "argv",
    [
        [], ["t"], ["t", "a", "1"], ["t", "a", "1", "x", "y"], ["t", "--help"],
        ["t", "a", "1", "x", "--nope"], ["t", "a", "1", "x", "--tk"], ["t", "a", "-1", "x"],
        ["time"], ["time", "list"], ["--ledger"], ["--nope", "t", "a", "1", "x"], ["-", "t"],
        ["t", "a", "1", "--", "x"], ["time", "add"], ["status"], ["status", "--json"],
    ],
)  # fmt: skip
def test_what_is_not_plainly_such_a_command_goes_to_typer(argv: list[str]) -> None:
    assert _hot.read(argv) is None


@pytest.mark.parametrize(
    "command",
    [
        ["t", "2026-001", "1.5", "Review", "--json"],
        ["t", "2026-003", "1.5", "Review", "--task-code", "L110"],
        ["t", "2026-004", "1.5", "Review"],
        ["time", "add", "2026-001", "1.5", "Review", "--date", "2026-11-20", "--tk", "ro"],
        ["expense", "add", "2026-001", "40", "Fee"],
        ["time", "start", "2026-001", "Call"],
        ["timer"],
        ["status", "--line", "--json"],
    ],
    ids=" ".join,
)
def test_a_key_press_waits_for_no_library(tmp_path: Path, cli, command: list[str]) -> None:
    path = new_ledger(tmp_path / "ledger.db")
    assert cli("timekeeper", "add", "ro", "R. Ohm", "--rate", "300").code == 0
    assert cli("client", "add", "a", "A").code == 0
    assert cli("matter", "add", "2026-001", "T", "--client", "a").code == 0
    assert cli("matter", "add", "2026-002", "T", "--client", "a").code == 0
    assert cli("matter", "add", "2026-003", "T", "--client", "a").code == 0
    capped = ("--client", "a", "--arrangement", "capped", "--value", "500")
    assert cli("matter", "add", "2026-004", "T", *capped).code == 0
    assert cli("matter", "billing", "2026-003", "--utbms", "Litigation").code == 0
    assert cli("time", "start", "2026-002", "Draft").code == 0
    modules = imported("--ledger", str(path), "--today", "2026-11-30", *command)
    assert not modules & ((HEAVY | {"typer", "zoneinfo"}) - {"sqlite3"})
