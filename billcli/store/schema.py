"""Which ledgers are this program's: its mark in the file, and the newest version it knows."""

from __future__ import annotations

import os

from billcli.assets import schema_folder

APPLICATION_ID = 1112099916


def newest() -> int:
    """The schema version of this program: the number of the last file of schema/."""
    names = [name for name in os.listdir(schema_folder()) if name.endswith(".sql")]
    return max(int(name[:4]) for name in names if name[:4].isdecimal() and name[4:5] == "_")
