"""Every list and report into a pipe: whole, plain and the same, however narrow the screen (B31)."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from offices import TODAY, furnished_ledger
from test_every_command import COMMANDS, GOOD

from billcli.cli import main

VERBS = ("list", "show", "balance", "ledger", "audit", "preview", "standing", "line")
LISTS = [
    words
    for words, command in COMMANDS.items()
    if (words.split()[0] in ("report", "log", "status") or words.split()[-1] in VERBS)
    and all(str(p.metavar) in GOOD for p in command.params if p.param_type_name == "argument")
]
WORDS = ("Odum & Co", "Review of the contract")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger with a row of every kind."""
    return furnished_ledger(tmp_path_factory.mktemp("office") / "ledger.db")


def test_B31_there_are_lists_to_look_at() -> None:
    assert len(LISTS) > 30
    assert {"bill list", "time list", "report ageing", "log", "matter list"} <= set(LISTS)


@pytest.mark.parametrize("words", LISTS)
def test_B31_a_list_is_whole_however_narrow(
    words: str, office: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    params = COMMANDS[words].params
    given = [GOOD[str(p.metavar)] for p in params if p.param_type_name == "argument"]
    forms = {option for p in params for option in p.opts} & {"--csv", "--json"}

    def told(width: int, *form: str) -> str:
        monkeypatch.setenv("COLUMNS", str(width))
        monkeypatch.setenv("TERM", "xterm-256color")
        capsys.readouterr()
        code = main(
            ["--ledger", str(office), "--today", TODAY, "--no-input", *words.split(), *form, *given]
        )
        out, err = capsys.readouterr()
        assert code == 0 or (code in (3, 4) and not out), (words, err)
        assert "\x1b" not in out + err
        assert "…" not in out
        return out

    wide = told(400)
    assert told(20) == wide
    for form in sorted(forms):
        narrow = told(20, form)
        assert narrow == told(400, form)
        if form == "--json" and narrow:
            json.loads(narrow)
        elif narrow:
            rows = list(csv.reader(io.StringIO(narrow), strict=True))
            assert len({len(row) for row in rows}) == 1
    if words == "time list":
        assert all(word in wide for word in WORDS[1:])
