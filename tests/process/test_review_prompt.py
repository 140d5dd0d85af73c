"""`mass review` in the real program, on a terminal, with a real editor (B23)."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from practice import contents, practice
from terminal import on_a_terminal, pexpect

from billcli.cli._editor import edited
from billcli.errors import UsageProblem

ASKED = r"\[a\]pprove \[e\]dit \[l\]ines \[h\]old \[s\]kip \[q\]uit: "
EDITOR = """#!/bin/sh
cp "$2" "$1/seen.txt"
cp "$1/next.txt" "$2"
"""


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return practice(tmp_path_factory.mktemp("month") / "ledger.db", matters=4)


@pytest.fixture
def month(prepared: Path, tmp_path: Path, cli: Callable[..., Any]) -> Path:
    """Four drafts; an editor that leaves what stands in next.txt."""
    path = Path(shutil.copy(prepared, tmp_path / "ledger.db"))
    assert cli("mass", "run", "--through", "2026-11").code == 0
    script = tmp_path / "editor.sh"
    script.write_text(EDITOR)
    script.chmod(0o755)
    return path


def started(month: Path, *more: str, **given: str) -> Any:
    words = ["--ledger", str(month), "--today", "2026-11-30", *more, "mass", "review", "1"]
    editor = f"{month.parent}/editor.sh {month.parent}"
    surroundings = {**os.environ, "VISUAL": editor, "NO_COLOR": "1", **given}
    return on_a_terminal(words, env=surroundings, dimensions=(50, 90))


def ended(child: Any) -> tuple[int | None, str]:
    child.expect(pexpect.EOF)
    child.close()
    return child.exitstatus, child.before.replace("\r", "")


def test_B23_one_screen_a_draft_approve_hold_edit_skip(
    month: Path, cli: Callable[..., Any]
) -> None:
    child = started(month)
    child.expect(r"D-1 \(1 of 4\), 495.00 USD: " + ASKED)
    assert "BILL" in child.before
    assert "Court fee" in child.before
    child.sendline("x")
    child.expect("Please answer with one of a, e, l, h, s, q.")
    child.sendline("")
    child.expect("Please answer")
    child.sendline("approve")
    child.expect("Bill 2026-0001 is approved.")
    child.expect(r"D-2 \(2 of 4\), 495.00 USD: " + ASKED)
    child.sendline("h")
    # A text with faults: each is told, nothing is taken over, and the same text is opened again.
    child.expect(r"D-3 \(3 of 4\), 495.00 USD: " + ASKED)
    (month.parent / "next.txt").write_text("keep 1  100\nnonsense\n")
    child.sendline("e")
    child.expect("warning: line 1: a changed amount needs its reason, and none is given.")
    child.expect("warning: line 2: .*nonsense.*isn't keep, drop, discount or note.")
    child.expect(r"Nothing was taken over. Edit the text again\? \[Y/n\] ")
    opened = (month.parent / "seen.txt").read_text()
    assert opened.startswith("# Draft D-3: 2026-003, Matter 2026-003, for Ana Rivera\n")
    good = opened.replace("keep 1  150.00", "keep 1  100  courtesy: a slow start")
    (month.parent / "next.txt").write_text(good)
    child.sendline("y")
    child.expect(r"Written down +-50.00")
    assert (month.parent / "seen.txt").read_text() == "keep 1  100\nnonsense\n"
    child.expect(r"D-3 \(3 of 4\), 445.00 USD: " + ASKED)
    child.sendline("s")
    child.expect(r"D-4 \(4 of 4\), 495.00 USD: " + ASKED)
    child.sendline("l")
    child.expect("LINES")
    child.expect(ASKED)
    child.sendline("q")
    code, said = ended(child)
    assert (code, said.strip()) == (0, "q\n1 approved, 1 edited, 1 held, 1 skipped.")
    rows = cli("bill", "list", "--json").json
    assert [(row["id"], row["state"], row["total"]) for row in rows] == [
        ("D-1", "approved", "495.00"),
        ("D-2", "draft", "495.00"),
        ("D-3", "draft", "445.00"),
        ("D-4", "draft", "495.00"),
    ]
    assert cli("bill", "approve", "D-2").code == 3, "its matter is on hold"


@pytest.mark.parametrize("leave", ["\x03", "\x04"])
def test_B23_leaving_a_review_keeps_what_was_done_and_nothing_by_half(
    month: Path, leave: str
) -> None:
    child = started(month)
    child.expect(r"D-1 \(1 of 4\), 495.00 USD: " + ASKED)
    child.sendline("a")
    child.expect(r"D-2 \(2 of 4\), 495.00 USD: " + ASKED)
    before = contents(month)
    child.send(leave)
    code, said = ended(child)
    assert code == 130
    assert "1 approved." in said
    assert contents(month) == before


def test_B23_an_editor_that_is_interrupted_changes_nothing(month: Path) -> None:
    before = contents(month)
    child = started(month, VISUAL="sh -c 'kill -INT $$'")
    child.expect(ASKED)
    child.sendline("e")
    child.expect_exact('The editor "sh" ended with -2; nothing is changed.')
    child.expect(ASKED)
    child.sendline("q")
    assert ended(child)[0] == 0
    assert contents(month) == before


@pytest.mark.parametrize(
    ("editor", "code"),
    [
        ("false", "editor.failed"),
        ("no-such-editor -w", "editor.missing"),
        ("unclosed 'quote", "editor.missing"),
        ('sh -c \'printf "\\377" >"$0"\'', "editor.unreadable"),
        ("sh -c 'rm \"$0\"'", "editor.unreadable"),
    ],
)
def test_an_editor_that_fails_is_named(
    editor: str, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", editor)
    with pytest.raises(UsageProblem) as problem:
        edited("text\n", name="D-1")
    assert problem.value.code == code


def test_visual_comes_before_editor_and_what_is_there_before_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("VISUAL", 'sh -c \'ls -l "$0" >&2; echo more >>"$0"\'')
    monkeypatch.setenv("EDITOR", "false")
    assert edited("text\n", name="D-1") == "text\nmore\n"
    for name in ("VISUAL", "EDITOR"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UsageProblem, match="no editor was found"):
        edited("text\n", name="D-1")
    (tmp_path / "nano").write_text("#!/bin/sh\n")
    (tmp_path / "nano").chmod(0o755)
    assert edited("text\n", name="../D-1") == "text\n"


def test_B23_no_input_on_a_terminal_asks_nothing(month: Path) -> None:
    code, said = ended(started(month, "--no-input"))
    assert code == 2
    assert "Give --json or --out DIR." in said
