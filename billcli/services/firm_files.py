"""Firm files as commands read them, and the keys that TAB offers; loads no database."""

from __future__ import annotations

from pathlib import Path

from billcli.formats.firm import read_file
from billcli.formats.firm.model import FirmFile
from billcli.formats.firm.settings import setting_keys

__all__ = ["FirmFile", "read", "setting_keys"]


def read(path: Path, *, currency: str | None = None) -> FirmFile:
    """The firm file at that path; `currency` is the ledger's, for a file that names none."""
    return read_file(path.expanduser(), currency=currency)
