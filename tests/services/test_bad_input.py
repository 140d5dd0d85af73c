"""Every option of time, expense and charge against what a tired hand or a script may give it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

Cli = Callable[..., Any]

NASTY = {
    "empty": "",
    "blank": "   ",
    "nul": "a\0b",
    "long": "9" * 100_000,
    "long-text": "x" * 100_000,
    "rtl": "\u202e001-6202",
    "arabic": "١٢٣",
    "markup": "[red]x[/red]",
    "html": "<script>alert(1)</script>",
    "escape": "\x1b[31m2026-001\x1b[0m",
    "newline": "1\n2",
    "half": "\udcff",
    "sql": "' OR 1=1 --",
    "wildcard": "%",
    "path": "../../etc/passwd",
    "negative": "-5",
    "word": "lots",
    "float": "1e3",
    "comma": "1,50",
    "huge": "99999999999999999999",
}
ADD = ("add", "2026-001")
VALID = {
    "time": [*ADD, "1.5", "work"],
    "expense": [*ADD, "5.00", "fee"],
    "charge": [*ADD, "5.00", "flat"],
}
REFS = {"time": "T-1", "expense": "E-1", "charge": "C-1"}
OPTIONS = {
    ("time", "add"): ("--date", "--tk", "--rate", "--behavior", "--task-code", "--activity-code"),
    ("time", "edit"): ("--hours", "--date", "--tk", "--rate", "--behavior", "--matter"),
    ("time", "list"): ("--from", "--to", "--tk"),
    ("expense", "add"): ("--date", "--code", "--category", "--tk"),
    ("expense", "edit"): ("--amount", "--date", "--tk", "--matter"),
    ("expense", "list"): ("--from", "--to", "--tk"),
    ("charge", "add"): ("--date", "--tk"),
    ("charge", "edit"): ("--amount", "--date", "--tk"),
    ("charge", "list"): ("--from", "--to"),
}
# Read as the others are: once, by the arguments, is enough.
SAME = ("blank", "wildcard", "path", "html", "newline", "arabic", "comma")
# What each of them may well take: a rate of 1e3 is none, but 9 is a good code.
GOOD = {
    "--task-code": ("negative", "word", "float"),
    "--activity-code": ("negative", "word", "float"),
    "--code": ("negative", "word", "float"),
    "text": ("rtl", "arabic", "markup", "html", "escape", "newline", "sql", "wildcard", "path",
             "word", "float", "comma", "huge"),
}  # fmt: skip


def words_of(noun: str, verb: str) -> list[str]:
    if verb == "add":
        return [noun, *VALID[noun]]
    return [noun, verb, REFS[noun]] if verb == "edit" else [noun, verb]


def bad_options() -> Iterator[Any]:
    for (noun, verb), options in OPTIONS.items():
        for option in options:
            for name, value in NASTY.items():
                if name not in GOOD.get(option, ()) and name not in SAME:
                    yield pytest.param(
                        [*words_of(noun, verb), f"{option}={value}"],
                        id=f"{noun}-{verb}{option}-{name}",
                    )


def bad_arguments() -> Iterator[Any]:
    for noun, words in VALID.items():
        for place in range(1, len(words)):
            for name, value in NASTY.items():
                if name == "negative" or (place == 3 and name in GOOD["text"]):
                    continue
                spoilt = [*words[:place], value, *words[place + 1 :]]
                yield pytest.param([noun, *spoilt], id=f"{noun}-add-{place}-{name}")
        for name, value in NASTY.items():
            for verb in ("edit", "withdraw" if noun == "charge" else "remove"):
                more = ["--date", "today"] if verb == "edit" else []
                yield pytest.param([noun, verb, *more, "--", value], id=f"{noun}-{verb}-{name}")
        yield pytest.param([noun, *words[:-1]], id=f"{noun}-missing")
        yield pytest.param([noun, "edit"], id=f"{noun}-edit-missing")
        yield pytest.param([noun, "edit", REFS[noun]], id=f"{noun}-edit-nothing")
        yield pytest.param([noun, *words, "extra"], id=f"{noun}-extra")
        yield pytest.param([noun, *words, "--nonsense"], id=f"{noun}-unknown-option")
        yield pytest.param([noun, *words[:2], "-5", words[3]], id=f"{noun}-negative")
        yield pytest.param([noun, *words[:2], "--", "-5", words[3]], id=f"{noun}-negative-escaped")
        yield pytest.param([noun, *words, "--date"], id=f"{noun}-date-without-value")
        yield pytest.param([noun, *words, "--date", "2026-02-30"], id=f"{noun}-no-such-day")


@pytest.fixture
def worked(path: Path, cli: Cli) -> Path:
    """The firm with one entry of each kind."""
    for noun, words in VALID.items():
        assert cli(noun, *words).code == 0
    return path


def contents(path: Path) -> list[str]:
    shell = sqlite3.connect(path)
    try:
        return list(shell.iterdump())
    finally:
        shell.close()


def refused(worked: Path, cli: Cli, cases: Iterator[Any]) -> list[str]:
    """The cases that were not refused in one sentence with its exit code."""
    before = contents(worked)
    faults = []
    for case in cases:
        answer = cli("--no-input", *case.values[0])
        lines = answer.err.splitlines()
        fine = (
            answer.code in (2, 3, 4)
            and answer.out == ""
            and 1 <= len(lines) <= 2
            and lines[0].startswith("error: ")
            and all(line.startswith("hint: ") for line in lines[1:])
            and len(answer.err) < 700
            and all(char.isprintable() or char == "\n" for char in answer.err)
        )
        if not fine:
            faults.append(f"{case.id}: {answer.code} {answer.out[:90]} {answer.err[:300]}")
    assert contents(worked) == before
    return faults


def test_every_bad_option_ends_in_one_sentence(worked: Path, cli: Cli) -> None:
    assert refused(worked, cli, bad_options()) == []


def test_every_bad_argument_ends_in_one_sentence(worked: Path, cli: Cli) -> None:
    assert refused(worked, cli, bad_arguments()) == []


@pytest.mark.parametrize("name", [n for n in GOOD["text"] if n != "newline"])
@pytest.mark.parametrize("noun", VALID)
def test_B10_any_text_a_person_may_mean_is_kept_and_shown_harmlessly(
    path: Path, cli: Cli, noun: str, name: str
) -> None:
    assert cli(noun, *VALID[noun][:-1], NASTY[name]).code == 0
    assert cli(noun, "list", "--json").json[0]["description"] == NASTY[name]
    shown = cli(noun, "list").out
    assert all(char.isprintable() or char == "\n" for char in shown)
    assert ("red" in shown) == (name == "markup")
    csv = cli(noun, "list", "--csv").out
    assert "\x1b" not in csv
    assert len(csv.splitlines()) == 2


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (["t", "2026-01", "1", "x"], 4, 'hint: Did you mean "2026-001"?'),
        (["t", "2026-001", "1", "x", "--tk", "ma"], 4, 'hint: Did you mean "MA"?'),
        (["t", "2026-002", "1", "x"], 2, "Name one with --tk."),
        (["t", "2026-001", "1", "x", "--behavior", "hidden"], 2, 'Did you mean "hide"?'),
        (["time", "edit", "E-1", "--date", "today"], 2, "It is written T-12."),
        (["charge", "withdraw", "C-9"], 4, "There is no charge C-9."),
        (["expense", "add", "2026-001", "0", "x"], 2, "isn't above zero"),
        (["expense", "add", "2026-001", "1.005", "x"], 2, "has 3 decimals"),
        (
            ["expense", "add", "2026-001", "1", "x", "--category", "Copy"],
            4,
            'Did you mean "Copies"?',
        ),
        (["time", "list", "--json", "--csv"], 2, "Only one of --json and --csv"),
    ],
)
def test_a_refusal_names_the_way_out(
    path: Path, cli: Cli, words: list[str], code: int, sentence: str
) -> None:
    answer = cli("--no-input", *words)
    assert answer.code == code
    assert sentence in answer.err or sentence.replace('"', '\\"') in answer.err
