"""Every command there is, with rubbish in each of its places, one place at a time.

It ends in one sentence and an exit code that says whose fault it is; never in a traceback, and
nothing that a terminal would obey comes out. A new command is tested without being named here.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from offices import TODAY, furnished_ledger
from typer.core import TyperGroup

from billcli.cli import _lazy, main

RUBBISH = {
    "empty": "",
    "nul": "a\0b",
    "long": "x" * 100_000,
    "words": "lots of words " * 8_000,
    "rtl": "\u202eגבר\u202c١٢٣",
    "markup": "[red]x[/red]<b>&|`",
    "escape": "\x1b[31m\x1b]0;t\x07\x9b1m",
    "half": "\udcff",
    "negative": "-5",
    "absurd": "99999999999999999999.999",
    "none": "-",
}
# What goes in the other places, so that the rubbish is what is found.
GOOD = {
    "MATTER": "2026-001",
    "NUMBER|ENTRY": "2026-001",
    "BILL|MATTER": "2026-001",
    "NUMBER": "2026-090",
    "CLIENT": "rivera",
    "TK": "ro",
    "TASK": "1",
    "BILL": "2026-0001",
    "RUN": "1",
    "HOURS": "1",
    "AMOUNT": "5.00",
    "RATE": "100",
    "KIND": "hourly",
    "KEY": "firm.city",
    "FILE": "some.file",
    "T-n": "T-1",
    "E-n": "E-1",
    "C-n": "C-1",
    "P-n": "P-1",
    "S-n": "S-1",
    "TR-n": "TR-1",
    "MAIL": "M-2",
    "MAIL …": "M-2",
}
TEXT = {"ID", "NAME", "TITLE", "NARRATIVE", "DESCRIPTION", "VALUE"}
NEEDED = {
    "timekeeper add": ["--rate=100"],
    "timekeeper edit": ["--name=Someone"],
    "client edit": ["--name=Someone"],
    "matter add": ["--client=rivera"],
    "matter edit": ["--title=Something"],
    "task edit": ["--step=Intake"],
    "task waive": ["--reason=Agreed"],
    "time edit": ["--date=today"],
    "time start": ["--at=0:00"],
    "time stop": ["--discard"],
    "expense edit": ["--date=today"],
    "charge edit": ["--date=today"],
    "workflow apply": ["--matter=2026-001"],
    "task split": ["--approved=80%"],
    "change-order add": ["--name=Something"],
    "plan set": ["--count=3"],
    "bill void": ["--reason=Wrong"],
    "outbox drop": ["--reason=By hand"],
    "bill dispute": ["--amount=5.00"],
    "credit add": ["--reason=courtesy"],
    "writeoff add": ["--reason=bad_debt"],
    "writeoff reverse": ["--reason=They pay"],
    "mass run": ["--through=2026-11", "--dry-run"],
    "mass review": ["--out=prebills"],
    "retainer deposit": ["--basis=client-consent", "--note=Consent of 1 November"],
    "retainer reverse": ["--reason=Entered twice"],
    "trust withdraw": ["--payee=Court", "--purpose=fee"],
    "trust move": ["--authority=Letter of 1 November"],
    "trust reverse": ["--reason=Returned"],
    "import utbms": ["--set=Acme"],
    "export csv": ["--out=tables"],
    "export journal": ["--for=qbo"],
    "trust reconcile": ["--date=2026-11-15", "--statement=1400"],
}
# Their arguments name files that aren't there, which is a fault of the words (2).
FILES = ("firm import", "workflow import", "restore", "task attach", "ledes check", "import json")
# What is in the file that an import reads.
SHEETS = {
    "import time": "Date,Matter,Hours,Description,Timekeeper\n2026-11-02,2026-001,1.5,Call,ro\n",
    "import expenses": "Date,Matter,Amount,Description\n2026-11-02,2026-001,12.50,Copies\n",
    "import clients": "Id,Name\nodum,Odum & Co\nvega,Vega Ltd\n",
    "import utbms": "Code\tTitle\nK10\tAsk the board\n",
    "import payments": "Date,Amount,Payer\n2026-11-30,5.00,Bill 2026-0001\n",
}
# These call a program; here it isn't found, so that nobody's printer prints.
OUTSIDE = ("bill print",)
# What a proof ends in that finds something.
FOUND = {"trust reconcile": 7}
# A demo takes a second, whatever is in its place.
SLOW = {"demo": ("nul", "long", "empty")}


def commands() -> Iterator[tuple[str, Any]]:
    """Every command by its words, as Typer runs it."""

    def within(words: str, command: Any) -> Iterator[tuple[str, Any]]:
        if not isinstance(command, TyperGroup):
            yield words, command
            return
        for name in command.list_commands(None):  # type: ignore[arg-type]
            yield from within(f"{words} {name}", command.get_command(None, name))  # type: ignore[arg-type]

    for name in _lazy.TABLE:
        yield from within(name, _lazy.build(name))


COMMANDS = dict(commands())


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger with a row of every kind."""
    return furnished_ledger(tmp_path_factory.mktemp("office") / "ledger.db")


def lines_of(words: str, *, torture: bool = False) -> Iterator[tuple[str, list[str]]]:
    """The command lines to try: the good one, then each place spoilt in each way.

    In the small form each kind is the turn of some places, of others from command to command.
    """
    every, sometimes = (1, 1) if torture else (3, 11)
    params = [p for p in COMMANDS[words].params if not p.hidden and not getattr(p, "is_flag", 0)]
    arguments = [p for p in params if p.param_type_name == "argument"]
    given = [GOOD.get(str(p.metavar), "Something") for p in arguments]
    head, needed = words.split(), NEEDED.get(words, [])
    yield "good", [*head, *needed, "--", *given]
    for turn, (name, value) in enumerate(RUBBISH.items()):
        if name not in SLOW.get(words, RUBBISH):
            continue
        for place in range((turn + len(words)) % every, len(arguments), every):
            spoilt = [*given[:place], value, *given[place + 1 :]]
            yield f"{arguments[place].metavar} {name}", [*head, *needed, "--", *spoilt]
        for number, option in enumerate(params):
            if option not in arguments and (turn + number + len(words)) % sometimes == 0:
                word = option.opts[0]
                kept = [known for known in needed if not known.startswith(f"{word}=")]
                yield f"{word} {name}", [*head, *kept, f"{word}={value}", "--", *given]


def understood(words: str) -> bool:
    """Whether good values are known for all its arguments."""
    arguments = [p for p in COMMANDS[words].params if p.param_type_name == "argument"]
    return words not in FILES and all(str(p.metavar) in {*GOOD, *TEXT} for p in arguments)


def faults(code: int, out: str, err: str, *, proof: int = 0) -> list[str]:
    """What is wrong with an answer; `proof` is the code of one that found something."""
    found = []
    if code not in (0, 2, 3, 4, 5, proof):
        found.append(f"exit code {code}")
    lines = err.splitlines()
    errors = [line for line in lines if line.startswith("error: ")]
    if len(errors) != (1 if code else 0):
        found.append(f"{len(errors)} lines of error")
    if code and lines and not lines[-1].startswith(("error: ", "hint: ")):
        found.append("talk after the error")
    if code and len(err) > 1_300:
        found.append(f"{len(err)} characters of error")
    if "Traceback" in err:
        found.append("a traceback")
    if any(char < " " and char not in "\n\t" for char in out + err):
        found.append("control characters")
    if any("\x7f" <= char <= "\x9f" or char in "\u202a\u202e\u2066" for char in err):
        found.append("what a screen would obey")
    return found


@pytest.mark.parametrize("words", COMMANDS)
def test_rubbish_ends_in_one_sentence_and_the_right_exit_code(
    words: str,
    office: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    torture: bool,
) -> None:
    ledger = tmp_path / "ledger.db"
    monkeypatch.chdir(tmp_path)
    if words in OUTSIDE:
        monkeypatch.setenv("PATH", str(tmp_path))
    if words in SHEETS:
        (tmp_path / GOOD["FILE"]).write_text(SHEETS[words], "utf-8")
    head = ["--ledger", str(ledger), "--today", TODAY, "--actor", "tester", "--no-input"]
    wrong = []
    for name, line in lines_of(words, torture=torture):
        for old in tmp_path.glob("ledger.db*"):
            old.unlink()
        if words != "init":
            shutil.copy(office, ledger)
        capsys.readouterr()
        code = main([*head, *line])
        told = capsys.readouterr()
        found = faults(code, told.out, told.err, proof=FOUND.get(words, 0))
        if name == "good" and code == 2 and understood(words) and "to change" not in told.err:
            found.append("the good values aren't")
        if found:
            wrong.append(f"{name}: {', '.join(found)}: {told.err[-300:]!r}")
    assert wrong == []


@pytest.mark.parametrize("option", ["--ledger", "--today", "--actor"])
@pytest.mark.parametrize("name", RUBBISH)
def test_rubbish_before_the_command_too(
    option: str,
    name: str,
    office: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    shutil.copyfile(office, tmp_path / "ledger.db")
    head = {"--ledger": "ledger.db", "--today": TODAY, "--actor": "tester"} | {
        option: RUBBISH[name]
    }
    given = [f"{word}={value}" for word, value in head.items()]
    capsys.readouterr()
    code = main([*given, "client", "add", "new", "Somebody new"])
    told = capsys.readouterr()
    assert faults(code, told.out, told.err) == []
