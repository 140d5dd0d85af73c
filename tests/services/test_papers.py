"""Documents of a milestone: copied beside the bill, and only as they were attached."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from offices import Answer

Cli = Callable[..., Answer]
pytestmark = pytest.mark.usefixtures("ledger_path")


@pytest.fixture
def billed(cli: Cli, tmp_path: Path) -> Path:
    """A bill for a milestone with a document of a name that wants to leave its folder."""
    paper = tmp_path / "papers" / "..deed <b>.pdf"
    paper.parent.mkdir()
    paper.write_bytes(b"%PDF as signed")
    assert cli("client", "add", "osei", "Kwame Osei").code == 0
    assert cli("matter", "add", "2026-001", "Deed", "--client", "osei").code == 0
    assert cli("task", "add", "2026-001", "Deed recorded", "--trigger", "500").code == 0
    assert cli("task", "attach", "2026-001", "1", str(paper)).code == 0
    assert cli("task", "done", "2026-001", "1", "--charge").code == 0
    assert cli("bill", "create", "2026-001", "--issue").code == 0
    return paper


def test_documents_are_copied_beside_the_bill(billed: Path, cli: Cli, tmp_path: Path) -> None:
    out = tmp_path / "bills"
    told = cli("bill", "render", "2026-0001", "--out", f"{out}/", "--documents", "--json").json
    (copy,) = told["documents"]
    assert Path(copy).parent == out
    assert Path(copy).read_bytes() == b"%PDF as signed"
    assert len(list(out.iterdir())) == 2
    page = cli("bill", "render", "2026-0001", "--format", "html").out
    assert "..deed &lt;b&gt;.pdf" in page


def test_a_document_that_was_changed_or_is_gone_is_not_sent(
    billed: Path, cli: Cli, tmp_path: Path
) -> None:
    words = ("bill", "render", "2026-0001", "--out", f"{tmp_path}/bills/", "--documents", "--json")
    billed.write_bytes(b"%PDF with another price")
    answer = cli(*words)
    assert answer.code == 3
    assert "paper.changed" in answer.err
    assert not (tmp_path / "bills").exists(), "nothing is half done"
    billed.unlink()
    assert cli(*words).code == 2
