"""The frame of the command line: global options, usage errors, exit codes, shown text."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from billcli.cli import _lazy, _noun, main

pytestmark = pytest.mark.usefixtures("sample")
Captured = pytest.CaptureFixture[str]


@pytest.mark.parametrize("columns", [30, 40, 51, 80, 200])
def test_a_page_of_help_fits_the_terminal(
    capsys: Captured, monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    for words in ([], ["bill"], ["bill", "create"], ["t"]):
        assert main([*words, "--help"]) == 0
        page = capsys.readouterr().out.partition("\nExample:\n")[0]
        assert max(map(len, page.splitlines())) <= columns, page


@pytest.mark.parametrize("argv", [[], ["--help"], ["sample"], ["sample", "--help"]])
def test_alone_and_with_help_it_prints_help(argv: list[str], capsys: Captured) -> None:
    assert main(argv) == 0
    out, err = capsys.readouterr()
    assert out.startswith("Usage: billcli") and "\nExample:\n  billcli " in out and not err


def test_help_lists_every_command_under_its_heading(capsys: Captured) -> None:
    main(["--help"])
    out = capsys.readouterr().out
    for name, stub in _lazy.TABLE.items():
        assert f"  {name} " in out and stub.help in out and f"\n{stub.section}:\n" in out


@pytest.mark.parametrize(
    ("argv", "error", "hint"),
    [
        (["clint"], '`billcli` has no command "clint".', 'Did you mean "client"?'),
        (["invoice"], '`billcli` has no command "invoice".', 'Did you mean "bill"?'),
        (["sample", "lst"], '`billcli sample` has no command "lst".', 'Did you mean "list"?'),
        (["sample", "rm"], '`billcli sample` has no command "rm".', "See `billcli sample --help`."),
        (["--legder", "x"], "`billcli` has no option --legder.", 'Did you mean "--ledger"?'),
        (
            ["sample", "add", "--emial", "x"],
            "`billcli sample add` has no option --emial.",
            'Did you mean "--email"?',
        ),
        (
            ["sample", "list", "--client", "x"],
            "`billcli sample list` has no option --client.",
            "See `billcli sample list --help`.",
        ),
        (
            ["sample", "list", "--ledger", "x"],
            "`billcli sample list` has no option --ledger.",
            "It goes first: `billcli --ledger … sample list`.",
        ),
        (
            ["--json", "sample", "list"],
            None,
            None,
        ),
        (["sample", "add", "a"], "NAME is missing.", "Usage: billcli sample add [OPTIONS] ID NAME"),
        (
            ["sample", "add", "a", "b", "c", "d"],
            '`billcli sample add` doesn\'t expect "c d".',
            "Put several words in quotes. See `billcli sample add --help`.",
        ),
        (
            ["sample", "add", "a", "b", "--email"],
            "--email needs a value.",
            "See `billcli sample add --help`.",
        ),
        (
            ["sample", "add", "a", "-5x"],
            "`billcli sample add` has no option -5.",
            "Put `--` before a value that begins with -.",
        ),
        (["sample", "list", "--json", "--csv"], None, None),
    ],
)
def test_what_was_typed_wrong_is_exit_2(
    argv: list[str], error: str | None, hint: str | None, capsys: Captured
) -> None:
    assert main(argv) == 2
    out, err = capsys.readouterr()
    assert out == ""
    if error is not None:
        assert err == f"error: {error}\nhint: {hint}\n"
    else:
        assert json.loads(err.splitlines()[-1])["error"]["code"] == "usage.option"


@pytest.mark.parametrize(
    ("how", "code", "shown"),
    [
        ("refused", 3, "error: 1.00 is\\x1b too little.\nhint: Give 2.00.\n"),
        ("file", 2, "error: /nowhere/at all: No such file or directory.\n"),
        ("interrupt", 130, "error: interrupted; nothing half done\n"),
    ],
)
def test_a_failure_is_a_sentence_and_an_exit_code(
    how: str, code: int, shown: str, capsys: Captured
) -> None:
    assert main(["sample", "fail", how]) == code
    assert capsys.readouterr() == ("", shown)


def test_a_failure_with_json_is_json_on_stderr(capsys: Captured) -> None:
    assert main(["sample", "fail", "refused", "--json"]) == 3
    out, err = capsys.readouterr()
    assert not out
    assert json.loads(err) == {
        "error": {"code": "sample.no", "message": "1.00 is\\x1b too little.", "hint": "Give 2.00."}
    }


def test_an_internal_error_is_one_line_and_a_traceback_only_with_debug(capsys: Captured) -> None:
    assert main(["sample", "fail", "internal"]) == 1
    short = capsys.readouterr().err
    assert short.startswith("internal error: KeyError: 'x'\nhint: ")
    assert "--debug" in short and "Traceback" not in short
    for argv in (["--debug", "sample", "fail", "x"], ["sample", "fail", "x", "--debug"]):
        assert main(argv) == 1
        assert "Traceback" in capsys.readouterr().err


def test_flags_are_taken_before_and_after_the_command(capsys: Captured) -> None:
    for argv in (
        ["-y", "sample", "add", "a", "b", "--json"],
        ["sample", "-y", "add", "a", "b", "--json"],
        ["sample", "add", "a", "--yes", "b", "--json"],
    ):
        assert main(["--actor", "Ana", *argv]) == 0
        told = json.loads(capsys.readouterr().out)
        assert told["yes"] is True and told["actor"] == "Ana"
    main(["sample", "add", "a", "--json", "--", "--yes"])
    assert json.loads(capsys.readouterr().out)["yes"] is False


def test_a_short_form_is_logged_as_the_command_it_stands_for(capsys: Captured) -> None:
    main(["s", "a", "b", "--json"])
    assert json.loads(capsys.readouterr().out)["command"] == "sample add"
    main(["sample", "deep", "down"])
    assert capsys.readouterr().out == "sample deep down\n"


def test_quiet_mutes_talk_and_sentences_but_no_result_and_no_warning(capsys: Captured) -> None:
    main(["sample", "list", "--quiet"])
    out, err = capsys.readouterr()
    assert out.startswith("Id") and err == ""
    main(["sample", "add", "a", "b", "--quiet"])
    assert capsys.readouterr() == ("", "")
    main(["sample", "show", "--quiet"])
    assert capsys.readouterr().err == "warning: mind\\x07 this\n"


def test_an_actor_without_a_name_is_refused(capsys: Captured) -> None:
    assert main(["--actor", " ", "sample", "list"]) == 2
    assert "actor" in capsys.readouterr().err


def test_B23_a_question_without_a_terminal_ends_with_the_option_to_give(capsys: Captured) -> None:
    assert main(["sample", "ask"]) == 2
    assert capsys.readouterr().err == (
        "error: An answer is needed: Really?\nhint: Give it with --yes.\n"
    )
    assert main(["sample", "ask", "--yes"]) == 2  # the second one has no default
    assert "--reason" in capsys.readouterr().err


def test_B31_a_piped_list_is_whole_and_plain_whatever_the_width(
    monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    for form in ([], ["--csv"], ["--json"]):
        assert main(["sample", "list", *form]) == 0
        out = capsys.readouterr().out
        assert "\x1b" not in out and "[red]Rivera[/red]" in out and "山田太郎" in out


def test_B31_a_closed_pipe_ends_quietly() -> None:
    child = subprocess.Popen(
        [sys.executable, "-m", "billcli", "--help"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert child.stdout is not None and child.stderr is not None
    child.stdout.close()
    assert child.stderr.read() == b""
    assert child.wait() == 0
    child.stderr.close()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_a_sentence() -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "billcli", "--help"],
            check=False,
            stdout=full,
            stderr=subprocess.PIPE,
        )
    assert done.returncode == 5
    assert done.stderr.startswith(b"error: Nothing more can be written: ")
    assert done.stderr.count(b"\n") == 1


def test_B23_a_bare_environment_without_streams_still_ends_by_itself() -> None:
    bare = {"PATH": "/usr/bin", "LANG": "C"}
    shell = f"{sys.executable} -m billcli clint <&- >&- 2>&-"
    assert subprocess.run(["/bin/sh", "-c", shell], check=False, env=bare).returncode == 2


def test_version_is_the_same_wherever_it_stands(capsys: Captured) -> None:
    assert main(["--version"]) == 0
    first = capsys.readouterr().out
    assert main(["--quiet", "--version"]) == 0
    assert capsys.readouterr().out == first == f"billcli {import_module('billcli').__version__}\n"


def _written(noun: _noun.Noun) -> list[_noun.Verb]:
    found: list[_noun.Verb] = []
    for verb in noun.verbs.values():
        found += _written(verb) if isinstance(verb, _noun.Noun) else [verb]
    return found


MODULES = sorted({stub.module for stub in _lazy.TABLE.values()})
HERE = Path(_lazy.__file__).parent


@pytest.mark.parametrize("module", [m for m in MODULES if (HERE / f"{m}.py").exists()])
def test_every_command_has_help_an_example_and_help_for_each_option(module: str) -> None:
    for verb in _written(import_module(f"billcli.cli.{module}").app):
        command = verb.build()
        assert verb.short_help and len(verb.short_help) <= 100, verb.words
        assert verb.words.split()[-1] in verb.example or " t " in verb.example, verb.words
        for param in command.params:
            assert getattr(param, "help", None) or param.hidden, f"{verb.words}: {param.name}"  # type: ignore[attr-defined]
