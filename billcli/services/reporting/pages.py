"""Boards as pages: one file each that is complete or absent, and fetches nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from billcli.deliver import files
from billcli.errors import UsageProblem
from billcli.store import settings

if TYPE_CHECKING:
    from billcli.services.reporting.boards import MilestoneLine
    from billcli.services.reporting.dashboard import Dashboard
    from billcli.store.ledger import Ledger

MADE_HERE = b'<meta name="generator" content="billcli">'
"""What tells a page of ours, which may be replaced, from any other file."""


@dataclass(frozen=True, slots=True)
class Board:
    """One board with what stands above it; `client` where it is one client's."""

    date: date
    firm: str
    currency: str
    rows: Any
    client: str | None = None


def dashboard(ledger: Ledger, view: Dashboard, path: str) -> Path:
    """Write the page of the whole practice."""
    from billcli.render import page

    where = place(path)
    return _save(where, page.dashboard(view, locale=_locale(ledger), decimals=ledger.decimals))


def milestones(
    ledger: Ledger, rows: Sequence[MilestoneLine], path: str, *, client: str | None = None
) -> Path:
    """Write the page of the milestones, those of one client where it is named."""
    from billcli.render import page

    where, board = place(path), replace(_board(ledger, rows), client=client)
    return _save(where, page.milestones(board, locale=_locale(ledger), decimals=ledger.decimals))


def forecast(ledger: Ledger, found: dict[str, Any], path: str) -> Path:
    """Write the page of the forecast."""
    from billcli.render import page

    where, board = place(path), _board(ledger, found)
    return _save(where, page.forecast(board, locale=_locale(ledger), decimals=ledger.decimals))


def place(path: str) -> Path:
    """Where a page goes. A page made before is replaced, any other file isn't.

    UsageProblem `file.exists`, `file.unusable`, or `page.format` where its name isn't a page's.
    """
    where = Path(path).expanduser()
    if where.suffix.lower() not in (".html", ".htm"):
        raise UsageProblem(
            "page.format",
            "A page is an HTML file, and its name doesn't say so.",
            hint="End it with .html.",
        )
    if where.is_dir() or not where.parent.is_dir():
        raise UsageProblem(
            "file.unusable",
            f"{where} is a folder." if where.is_dir() else f"There is no folder {where.parent}.",
            hint="Name a file in a folder that is there.",
        )
    if where.is_file() and MADE_HERE not in where.read_bytes()[:2_000]:
        raise UsageProblem(
            "file.exists",
            f"There is a file {where} already that is no page of billcli; it was not touched.",
            hint="Name another file.",
        )
    return where


def _save(where: Path, text: str) -> Path:
    files.write(where, text.encode())
    files.settle(where.parent)
    return where


def _board(ledger: Ledger, rows: Any) -> Board:
    firm = str(settings.get(ledger, "firm.name") or "")
    return Board(ledger.today, firm, ledger.currency, rows)


def _locale(ledger: Ledger) -> str:
    return str(settings.get(ledger, "firm.locale") or "en_US")
