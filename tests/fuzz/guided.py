"""Look for what a reader can't take, led by which lines of it were reached (atheris, libFuzzer).

    python tests/fuzz/guided.py firm -max_total_time=60

runs until something else than a BillError comes out, or the time is up. Without a name it says
which readers there are. Python is told the way to this folder, and to no other of the tests.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["billcli", "readers", "tomllib", "csv", "json"]):
    import readers


def main(argv: list[str]) -> None:
    """Feed the reader that is named, from its samples on."""
    if len(argv) < 2 or argv[1] not in readers.READERS:
        sys.exit("Name a reader: " + ", ".join(readers.READERS))
    name = argv[1]
    with tempfile.TemporaryDirectory() as folder:
        for n, sample in enumerate(readers.READERS[name].samples):
            Path(folder, str(n)).write_bytes(sample)
        atheris.Setup([argv[0], *argv[2:], folder], lambda content: readers.fed(name, content))
        atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv)
