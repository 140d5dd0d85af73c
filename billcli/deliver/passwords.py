"""The mail password: from the environment, a command, or the system's keyring; kept nowhere."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from importlib import import_module
from typing import Any

VARIABLE = "BILLCLI_SMTP_PASSWORD"
SERVICE = "billcli"
"""What the password is kept under in a keyring."""
COMMAND_TIMEOUT_S = 60
"""A command may ask for a passphrase first."""


class NoPassword(Exception):
    """Why the password couldn't be had; what a command printed is never in it."""


def password(command: str | None, username: str) -> str | None:
    """The password, or None where none is kept. NoPassword where the command fails."""
    given = os.environ.get(VARIABLE)
    if given:
        return given
    if command:
        return _printed(command)
    return _from_keyring(username)


def _printed(command: str) -> str:
    """The first line that the command prints; it is run as it is, not by a shell."""
    try:
        words = shlex.split(command)
        asking = sys.stdin is not None and sys.stdin.isatty()
        done = subprocess.run(
            words,
            stdin=None if asking else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=None if asking else subprocess.DEVNULL,
            timeout=COMMAND_TIMEOUT_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise NoPassword(
            f"the command for the password didn't end within {COMMAND_TIMEOUT_S} seconds"
        ) from None
    except (OSError, ValueError, IndexError):
        raise NoPassword("the command for the password can't be run") from None
    if done.returncode:
        raise NoPassword(f"the command for the password ended with exit code {done.returncode}")
    line = done.stdout.partition(b"\n")[0].rstrip(b"\r").decode("utf-8", "replace")
    if not line:
        raise NoPassword("the command for the password printed nothing")
    return line


def _from_keyring(username: str) -> str | None:
    """What the system keeps, where the package `keyring` is installed and has a safe to ask."""
    try:
        safe: Any = import_module("keyring")
    except ImportError:
        return None
    try:
        found: str | None = safe.get_password(SERVICE, username)
    except Exception:  # noqa: BLE001  each system's safe has faults of its own
        return None
    return found
