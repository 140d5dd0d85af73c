"""The firm file: read into values, written back, and checked by its JSON Schema."""

from __future__ import annotations

from billcli.formats.firm.reader import read, read_file
from billcli.formats.firm.writer import write

__all__ = ["read", "read_file", "write"]
