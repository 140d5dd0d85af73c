"""No case here pulls the plug, so nothing waits for the disk."""

from __future__ import annotations

from pathlib import Path

import pytest
from offices import new_ledger


@pytest.fixture(scope="session")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty ledger to copy."""
    return new_ledger(tmp_path_factory.mktemp("blank") / "ledger.db")
