"""An office to import into: two clients, three matters, two timekeepers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from offices import Answer

    from billcli.store.ledger import Ledger

H = 10_000


@pytest.fixture
def office(ledger: Ledger) -> Ledger:
    """An open ledger with whom and what the samples name; nothing is recorded in it."""
    from billcli.services.matter import matters, options
    from billcli.services.office import clients, firm, timekeepers

    firm.set_(ledger, "firm.timezone", "America/Chicago")
    timekeepers.add(ledger, "NB", "Nadia Brandt", rate_e4=320 * H)
    timekeepers.add(ledger, "JT", "Joel Tafoya", rate_e4=120 * H)
    timekeepers.edit(ledger, "JT", {"email": "joel@brandt.example"})
    clients.add(ledger, "rivera", "Ana Rivera")
    clients.add(ledger, "odum", "Odum & Sons")
    matters.add(ledger, "2026-001", "Lease", client="rivera", responsible="NB")
    matters.add(ledger, "2026-002", "Handbook", client="odum", client_matter_id="OD-7")
    matters.add(ledger, "2026-003", "Own affairs", client="odum", responsible="JT")
    options.set_options(ledger, "2026-002", {"increment_minutes": 15})
    return ledger


@pytest.fixture
def take(
    office: Ledger, tmp_path: Path, cli: Callable[..., Answer]
) -> Callable[..., tuple[int, Any, str]]:
    """`take("time", text, "--from", "toggl")` → exit code, the JSON document, stderr."""

    def run(what: str, content: str | bytes, *words: str) -> tuple[int, Any, str]:
        path = tmp_path / "import.txt"
        path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
        told = cli("import", what, path, "--json", *words)
        return told.code, told.json if told.out else None, told.err

    return run
