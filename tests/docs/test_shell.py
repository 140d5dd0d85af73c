"""What is installed for shells and for man works there."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from offices import new_ledger

from billcli.cli import main

SHARE = Path(__file__).parent.parent.parent / "share"


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash here")
def test_bash_completes_commands_and_what_is_in_the_ledger(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = new_ledger(tmp_path / "ledger.db")
    monkeypatch.setenv("BILLCLI_LEDGER", str(ledger))
    assert main(["client", "add", "rivera", "Ana Rivera", "--quiet"]) == 0
    assert main(["matter", "add", "2026-001", "Lease", "--client", "rivera", "--quiet"]) == 0
    program = tmp_path / "billcli"
    program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m billcli "$@"\n')
    program.chmod(0o755)
    script = """
        source "$1"
        for line in "billcli cli" "billcli bill expl" "billcli t 2026"; do
            COMP_WORDS=($line)
            COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            _billcli_completion billcli
            echo "${COMPREPLY[@]}"
        done
    """
    done = subprocess.run(
        ["bash", "-c", script, "bash", str(SHARE / "bash-completion" / "completions" / "billcli")],
        env=os.environ | {"PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stderr == ""
    assert done.stdout.splitlines() == ["client", "explain", "2026-001"]


@pytest.mark.parametrize(
    ("shell", "script", "told"),
    [
        ("zsh", "zsh/site-functions/_billcli", '"client"'),
        ("fish", "fish/vendor_completions.d/billcli.fish", "client\t"),
    ],
)
def test_zsh_and_fish_are_answered_as_their_scripts_ask(shell: str, script: str, told: str) -> None:
    """Neither shell is needed: what its script puts around the program is put around it here."""
    text = (SHARE / script).read_text("utf-8")
    asked = {"_BILLCLI_COMPLETE": f"complete_{shell}", "_TYPER_COMPLETE_ARGS": "billcli cli"}
    if shell == "fish":
        asked["_TYPER_COMPLETE_FISH_ACTION"] = "get-args"
    for name in asked:
        assert f"{name}=" in text
    assert f"_BILLCLI_COMPLETE=complete_{shell}" in text
    done = subprocess.run(
        [sys.executable, "-m", "billcli"],
        env=os.environ | asked,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert told in done.stdout and "matter" not in done.stdout and done.stderr == ""


@pytest.mark.skipif(shutil.which("groff") is None, reason="there is no groff here")
def test_the_man_page_is_sound_to_groff() -> None:
    page = SHARE / "man" / "man1" / "billcli.1"
    words = ["groff", "-man", "-ww", "-Tutf8", str(page)]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    shown = re.sub(".\b", "", done.stdout)
    assert "billcli mass run [OPTIONS]" in shown and "\nEXIT STATUS\n" in shown
