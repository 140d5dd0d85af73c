"""The logo of a firm file is taken into the ledger, and stands in HTML bills."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from billcli.errors import UsageProblem
from billcli.services.office.logos import LARGEST, embedded

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'


def test_a_logo_is_kept_in_the_ledger_and_printed(
    cli: Callable[..., Any], ledger: Any, tmp_path: Path
) -> None:
    (tmp_path / "logo.svg").write_bytes(SVG)
    firm = tmp_path / "firm.toml"
    firm.write_text('[firm]\nname = "Ohm"\nlogo = "logo.svg"\n')
    assert cli("firm", "import", firm).code == 0
    (tmp_path / "logo.svg").unlink()
    again = tmp_path / "again.toml"
    assert cli("firm", "export", again).code == 0
    assert cli("firm", "import", again).code == 0
    for command in (
        ("timekeeper", "add", "ro", "R. Ohm", "--rate", "300"),
        ("client", "add", "ana", "Ana"),
        ("matter", "add", "1", "Advice", "--client", "ana"),
        ("time", "add", "1", "1", "Advice"),
        ("bill", "create", "1", "--issue"),
    ):
        assert cli(*command).code == 0, command
    page = cli("bill", "render", "2026-0001", "--format", "html").out
    assert 'src="data:image/svg+xml;base64,' in page


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("gone.svg", None, "can't be read"),
        ("logo.gif", b"GIF89a", "no SVG, PNG or JPEG"),
        ("logo.png", SVG, "doesn't hold the image"),
        ("logo.svg", b"<html>", "doesn't hold the image"),
        ("big.svg", SVG + b" " * LARGEST, "at most"),
    ],
)
def test_what_is_no_logo_is_refused(
    tmp_path: Path, name: str, content: bytes | None, why: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(UsageProblem, match=why):
        embedded(name, tmp_path)
