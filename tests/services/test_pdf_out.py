"""PDFs of bills: from the command line, and from a month end."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from offices import Answer
from practice import practice

from billcli.errors import Refused, UsageProblem
from billcli.render import pdf

RUN = ("mass", "run", "--through", "2026-11", "--issue", "--key", "2026-11")
Cli = Callable[..., Answer]


@pytest.fixture(autouse=True)
def _loads() -> None:
    try:
        pdf.ready()
    except UsageProblem as problem:
        pytest.skip(f"{problem.sentence} {problem.hint}")


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return practice(tmp_path_factory.mktemp("paper") / "ledger.db", matters=2)


@pytest.fixture
def office(prepared: Path, tmp_path: Path) -> Path:
    """A ledger of this test alone; `cli` works on it."""
    return Path(shutil.copy(prepared, tmp_path / "ledger.db"))


def files_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_month_end_writes_pdfs_and_writes_missing_ones_again(
    office: Path, tmp_path: Path, cli: Cli
) -> None:
    out = tmp_path / "out"
    words = (*RUN, "--out", str(out), "--format", "html,pdf")
    assert cli(*words).code == 0
    wanted = [f"2026-000{n}.{form}" for n in (1, 2) for form in ("html", "pdf")]
    assert files_in(out) == wanted
    first = (out / "2026-0001.pdf").read_bytes()
    assert first.startswith(b"%PDF-")
    assert (out / "2026-0001.pdf").stat().st_mode & 0o777 == 0o600
    (out / "2026-0001.pdf").unlink()
    assert cli(*words).code == 0
    assert files_in(out) == wanted
    assert (out / "2026-0001.pdf").read_bytes() == first, "made of the page that was frozen"


def test_b09_a_page_that_cannot_be_laid_out_is_a_failure_and_its_bill_is_whole(
    office: Path, tmp_path: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def broken_once(page: str) -> bytes:
        asked.append(page)
        if len(asked) == 1:
            raise Refused("pdf.failed", "The page can't be laid out as a PDF.")
        return b"%PDF-"

    monkeypatch.setattr(pdf, "pdf", broken_once)
    out = tmp_path / "out"
    words = (*RUN, "--out", str(out), "--format", "pdf", "--json")
    first = cli(*words)
    assert first.code == 6
    report = json.loads(first.out)
    assert [each["code"] for each in report["failed"]] == ["pdf.failed"]
    assert len(report["bills"]) == 2, "both are issued"
    assert files_in(out) == ["2026-0002.pdf"]
    assert cli(*words).code == 0
    assert files_in(out) == ["2026-0001.pdf", "2026-0002.pdf"]


def test_without_the_extra_a_run_says_so_before_it_bills(
    office: Path, tmp_path: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    pdf._fetcher.cache_clear()
    answer = cli(*RUN, "--out", str(tmp_path / "out"), "--format", "pdf")
    pdf._fetcher.cache_clear()
    assert answer.code == 2
    assert "pip install 'billcli[pdf]'" in answer.err
    assert json.loads(cli("bill", "list", "--json").out) == []
    assert not (tmp_path / "out").exists()


def test_a_bill_is_written_as_a_pdf_or_piped(office: Path, tmp_path: Path, cli: Cli) -> None:
    assert cli(*RUN).code == 0
    target = tmp_path / "b.pdf"
    told = cli("bill", "render", "2026-0001", "--format", "pdf", "--out", str(target), "--json")
    assert json.loads(told.out)["file"] == str(target)
    program = (sys.executable, "-m", "billcli", "--ledger", str(office))
    words = (*program, "bill", "render", "2026-0001", "--format", "pdf")
    piped = subprocess.run(words, capture_output=True, check=True, timeout=60)
    assert piped.stdout == target.read_bytes()


def test_a_pdf_is_not_thrown_at_a_terminal(
    office: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cli(*RUN).code == 0
    monkeypatch.setattr("billcli.cli._show.at_a_terminal", lambda: True)
    for words in (("bill", "render", "2026-0001"), ("statement", "rivera")):
        answer = cli(*words, "--format", "pdf", "--json")
        told = json.loads(answer.err)["error"]
        assert (answer.code, answer.out, told["code"]) == (2, "", "pdf.terminal")
        assert "--out FILE" in told["hint"]


def test_a_statement_is_a_pdf_too(office: Path, tmp_path: Path, cli: Cli) -> None:
    assert cli(*RUN).code == 0
    out = f"{tmp_path}/statements/"
    answer = cli("statement", "rivera", "--format", "pdf", "--out", out, "--json")
    (file,) = (tmp_path / "statements").iterdir()
    assert json.loads(answer.out)["file"] == str(file)
    assert file.name == "statement-rivera-2026-11-30.pdf"
    assert file.read_bytes().startswith(b"%PDF-")
