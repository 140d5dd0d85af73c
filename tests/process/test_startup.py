"""What the quick answers import; milliseconds vary, imports don't."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = {"sqlmodel", "sqlalchemy", "rich", "jinja2", "pydantic", "sqlite3", "babel", "platformdirs"}


def imported(*argv: str) -> set[str]:
    """The modules that a fresh process has imported after answering."""
    program = (
        "import sys; from billcli.cli import main; code = main(sys.argv[1:]); "
        "print(*sys.modules, file=sys.stderr); sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *argv], capture_output=True, text=True, check=True
    )
    return set(done.stderr.split())


def test_version_is_answered_before_typer() -> None:
    modules = imported("--version")
    assert not modules & ({"typer", "argparse", "pathlib", "re", "dataclasses"} | HEAVY)
    ours = {name for name in modules if name.startswith("billcli")}
    assert ours == {"billcli", "billcli.cli"}


def test_help_imports_no_command_and_nothing_heavy() -> None:
    modules = imported("--help")
    assert not modules & HEAVY
    commands = {m for m in modules if m.startswith("billcli.cli.") and "._" not in m}
    assert commands == set()
    assert not {m for m in modules if m.startswith(("billcli.services", "billcli.store"))}


@pytest.mark.parametrize("word", ["time", "bill"])
def test_help_of_a_noun_imports_that_noun_alone(word: str) -> None:
    pytest.importorskip(f"billcli.cli.{word}")
    modules = imported(word, "--help")
    assert not modules & HEAVY
    commands = {m for m in modules if m.startswith("billcli.cli.") and "._" not in m}
    # A noun with many commands has modules of its own beside it: bill, bill_edit, bill_explain.
    assert {m for m in commands if not m.startswith(f"billcli.cli.{word}_")} == {
        f"billcli.cli.{word}"
    }
