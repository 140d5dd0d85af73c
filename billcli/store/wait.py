"""How long a command waits for another one that is writing."""

from __future__ import annotations

import os

DEFAULT_WAIT = 10
LONGEST = 3600


def busy_wait() -> int:
    """Whole seconds to wait for another writer (BILLCLI_BUSY_TIMEOUT)."""
    text = os.environ.get("BILLCLI_BUSY_TIMEOUT", "").partition(".")[0]
    return min(LONGEST, int(text)) if text.isascii() and text.isdigit() else DEFAULT_WAIT
