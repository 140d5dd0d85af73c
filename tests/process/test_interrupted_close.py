"""Ctrl-C in the very moment in which the ledger is closed leaves no traceback (B9)."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

CLOSED_UNDER_CTRL_C = """
import sys
from pathlib import Path
from billcli.store.ledger import open_ledger

ledger = open_ledger(Path(sys.argv[1]), today="2026-11-30", actor="lena", command="test")

def interrupted(connection):
    raise KeyboardInterrupt

ledger.connection.engine.dialect.do_close = interrupted
try:
    ledger.close()
except KeyboardInterrupt:
    print("interrupted")
"""


def test_B09_ctrl_c_while_the_ledger_is_closed_shows_no_traceback(ledger_path: Path) -> None:
    words = [sys.executable, "-c", CLOSED_UNDER_CTRL_C, str(ledger_path)]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)
    assert (done.stdout, done.stderr) == ("interrupted\n", "")
