"""A command that a firm file brings is shown before it is kept."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

pexpect = pytest.importorskip("pexpect")

FIRM = '[email]\nhost = "mail.example"\npassword_command = "pass show smtp"\n'


@pytest.mark.parametrize(("answer", "code"), [("y", 0), ("", 3)])
def test_a_password_command_is_confirmed_and_enter_says_no(
    tmp_path: Path, answer: str, code: int
) -> None:
    firm, ledger = tmp_path / "firm.toml", tmp_path / "ledger.db"
    firm.write_text(FIRM)
    words = ["-m", "billcli", "--ledger", str(ledger), "init", "--firm", str(firm)]
    child = pexpect.spawn(sys.executable, words, encoding="utf-8", timeout=30)
    child.expect_exact("pass show smtp. Keep it? [y/N] ")
    child.sendline(answer)
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == code
    assert ledger.exists() is (code == 0)
