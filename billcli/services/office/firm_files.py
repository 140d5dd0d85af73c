"""Firm files as commands read them, and the keys that TAB offers; loads no database."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from billcli.formats.firm import read_file
from billcli.formats.firm.model import FirmFile
from billcli.formats.firm.settings import setting_keys
from billcli.services.office.logos import embedded

__all__ = ["FirmFile", "read", "setting_keys"]


def read(path: Path, *, currency: str | None = None) -> FirmFile:
    """The firm file at that path, its logo taken in; a file without currency has the ledger's."""
    file = read_file(path.expanduser(), currency=currency)
    logo = file.settings.get("firm.logo")
    if not isinstance(logo, str):
        return file
    held = embedded(logo, path.expanduser().absolute().parent)
    return replace(file, settings={**file.settings, "firm.logo": held})
