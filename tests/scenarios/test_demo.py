"""The demo is a month end that goes the same way every time, and touches nothing else."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from billcli.cli import main
from billcli.services.upkeep import demo as script

AGE = re.compile(r"/\S*/demo-[ab]")


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user who has a ledger and a day of his own."""
    monkeypatch.setenv("BILLCLI_LEDGER", str(tmp_path / "own.db"))
    monkeypatch.setenv("BILLCLI_TODAY", "2031-01-01")
    monkeypatch.setenv("COLUMNS", "100")
    return tmp_path


def test_the_demo_goes_through_and_tells_the_same_each_time(
    elsewhere: Path, capsys: pytest.CaptureFixture[str], torture: bool
) -> None:
    told = []
    for folder in ("demo-a", "demo-b") if torture else ("demo-a",):
        assert main(["demo", "--dir", str(elsewhere / folder)]) == 0
        told.append(AGE.sub("DEMO", capsys.readouterr().out))
    first = told[0]
    assert set(told) == {first}
    assert [f"$ {step.typed}" in first for step in script.STEPS] == [True] * len(script.STEPS)
    assert "17 bills made, 36,439.71 USD in all." in first
    assert "0 bills made, 0.00 USD in all." in first
    assert "✔ billed 2026-0001" in first
    assert "The ledger is sound" in first
    bills = sorted(path.name for path in (elsewhere / "demo-a" / "bills").iterdir())
    assert bills == [f"2026-{n:04}.{form}" for n in range(1, 18) for form in ("html", "md")]
    assert "DEMO/bills/2026-0017.md\n" in first
    assert first.endswith("\nOpen this in a browser: DEMO/dashboard.html\n")
    page = (elsewhere / "demo-a" / "dashboard.html").read_text("utf-8")
    assert "Brandt Law Office, PLLC" in page and "Petition for parent" in page
    letter = message_from_bytes(
        (elsewhere / "demo-a/letters/2026-0003-accounts@mesaverdebrewing.example.eml").read_bytes(),
        policy=policy.default,
    )
    assert [each.get_filename() for each in letter.iter_attachments()] == [  # type: ignore[attr-defined]
        "2026-0003.html",
        "20260003.txt",
    ]
    assert not (elsewhere / "own.db").exists()


def test_the_demo_leaves_a_folder_alone_that_has_something_in_it(
    elsewhere: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (elsewhere / "demo-a").mkdir()
    (elsewhere / "demo-a" / "letter.txt").write_text("mine")
    assert main(["demo", "--dir", str(elsewhere / "demo-a")]) == 3
    assert "isn't empty" in capsys.readouterr().err
    assert [path.name for path in (elsewhere / "demo-a").iterdir()] == ["letter.txt"]
    assert main(["demo", "--dir", str(elsewhere / "demo-a" / "letter.txt")]) == 2


def test_a_step_that_fails_ends_the_demo(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    steps = (script.STEPS[0], script.Step("No such.", "billcli matter show nope"))
    monkeypatch.setattr(script, "STEPS", steps)
    assert main(["demo", "--dir", str(elsewhere / "demo-a")]) == 6
    assert "`billcli matter show nope` ended with exit code 4." in capsys.readouterr().err
