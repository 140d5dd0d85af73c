"""Runs billcli as `python -m billcli`, and as the installed script."""

from __future__ import annotations

import sys

from billcli.cli import main


def run() -> None:
    """Run the command line of this process and end with its exit code."""
    sys.exit(main(sys.argv[1:]))


if __name__ == "__main__":
    run()
