"""Questions on a real terminal, and what TAB offers."""

from __future__ import annotations

import sqlite3
import sys
from pathlib import Path

import pytest

pexpect = pytest.importorskip("pexpect")

PROGRAM = """
import sys
from billcli.cli import _root, _prompt
from billcli.cli._errors import guarded
def ask(argv):
    _root.begin()
    kept = _prompt.confirm('Create the charge "[b]x[/b]"?', default=True)
    print("kept" if kept else "not", _prompt.ask("Why?", option="--reason", default="so"))
    return 0
sys.exit(guarded(ask, []))
"""


def test_a_question_asks_again_on_rubbish_and_enter_takes_the_default() -> None:
    child = pexpect.spawn(sys.executable, ["-c", PROGRAM], encoding="utf-8", timeout=20)
    child.expect_exact('Create the charge "[b]x[/b]"? [Y/n] ')
    child.sendline("maybe")
    child.expect_exact("Please answer y or n.")
    child.expect_exact("[Y/n] ")
    child.sendline("N")
    child.expect_exact("Why? [so]: ")
    child.sendline("")
    child.expect_exact("not so")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0


@pytest.mark.parametrize("leave", ["\x04", "\x03"])
def test_leaving_at_a_question_is_exit_130(leave: str) -> None:
    child = pexpect.spawn(sys.executable, ["-c", PROGRAM], encoding="utf-8", timeout=20)
    child.expect_exact("[Y/n] ")
    child.send(leave)
    child.expect_exact("interrupted; nothing half done")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 130


@pytest.mark.usefixtures("sample")
@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_tab_offers_matters_and_no_title_can_run_in_the_shell(
    shell: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from billcli.cli import main

    ledger = tmp_path / "a ledger.db"
    with sqlite3.connect(ledger) as made:
        made.execute("CREATE TABLE matter (number, title)")
        title = "R [/red] \\$(touch x) `y` 'z' \x1b[31m"
        made.executemany(
            "INSERT INTO matter VALUES (?, ?)",
            [("2026-001", title), ("2026-$(x)", "b"), ("2025-009", "c")],
        )
    made.close()
    line = "billcli sample list --matter 2026"
    monkeypatch.setenv("BILLCLI_LEDGER", str(ledger))
    monkeypatch.setenv("_BILLCLI_COMPLETE", f"complete_{shell}")
    monkeypatch.setenv("COMP_WORDS", line)
    monkeypatch.setenv("COMP_CWORD", "4")
    monkeypatch.setenv("_TYPER_COMPLETE_ARGS", line)
    monkeypatch.setenv("_TYPER_COMPLETE_FISH_ACTION", "get-args")
    assert main([]) == 0
    out = capsys.readouterr().out
    assert "2026-001" in out and "2025-009" not in out
    assert not set(out.replace("'*: :((", "").replace("))'", "")) & set("\\$`'\x1b")


def test_tab_offers_nothing_where_there_is_no_ledger(tmp_path: Path) -> None:
    from billcli.cli._complete import completions

    broken = tmp_path / "broken.db"
    broken.write_text("not a ledger")
    for ledger in (tmp_path / "none.db", tmp_path, broken):
        assert completions("bills", ledger) == []
