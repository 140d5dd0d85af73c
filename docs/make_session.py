"""Draws docs/pictures/session.svg: some commands of a day as a terminal shows them.

    python docs/make_session.py

They are typed to the program itself, in the office of sample-firm.toml, on a terminal of its own.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import sys
import tempfile
from collections.abc import Iterator
from html import escape
from pathlib import Path

import pexpect
from rich.console import Console
from rich.text import Span, Text

ROOT = Path(__file__).parent.parent
PICTURE = ROOT / "docs" / "pictures" / "session.svg"
WIDTH = 104
BEFORE = ("init --firm sample-firm.toml", "task done 2026-001 1 --charge", "task done 2026-001 2")
TYPED = (
    "t 2026-005 1h30m 'Settlement conference'",
    "task done 2026-001 3 --charge",
    "task list 2026-001",
    "bill explain 2026-007",
)
# Of one character and one line, in the picture's own unit.
WIDE, HIGH, MARGIN = 8.4, 19, 18
# The reader's own font and scheme: the picture fetches nothing when it is opened.
STYLE = """
text { font: 14px ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace; fill: #26282c }
.b { font-weight: 700 } .typed { fill: #00586b; font-weight: 700 }
rect { fill: #fbfbf9; stroke: #d0d0cc } line { stroke: #8a8c90 }
@media (prefers-color-scheme: dark) {
  text { fill: #e4e4e0 } .typed { fill: #7fd0e0 }
  rect { fill: #1b1d20; stroke: #3a3c40 } line { stroke: #7a7c80 }
}
"""


def told(words: list[str], folder: Path) -> str:
    """What a command prints on a terminal."""
    surroundings = os.environ | {
        "BILLCLI_LEDGER": str(folder / "ledger.db"),
        "BILLCLI_TODAY": "2026-10-31",
        "BILLCLI_ACTOR": "nadia",
        "PYTHONPATH": str(ROOT),
        "TERM": "xterm-256color",
    }
    surroundings.pop("NO_COLOR", None)
    shown, status = pexpect.run(
        shlex.join([sys.executable, "-m", "billcli", *words]),
        env=surroundings,
        cwd=str(folder),
        encoding="utf-8",
        withexitstatus=True,
        dimensions=(60, WIDTH),
    )
    if status:
        raise SystemExit(f"billcli {shlex.join(words)}: {shown}")
    return str(shown).replace("\r\n", "\n").rstrip("\n")


def drawn(line: Text, top: float) -> Iterator[str]:
    """A line of the terminal: each piece of text in its column, so that columns stay straight."""
    for piece in re.finditer(r"\S+(?: \S+)*", line.plain):
        left = MARGIN + piece.start() * WIDE
        if set(piece[0]) == {"─"}:
            right, middle = MARGIN + piece.end() * WIDE, top - 5
            yield f'<line x1="{left:.1f}" y1="{middle}" x2="{right:.1f}" y2="{middle}"/>'
            continue
        styles = [str(span.style) for span in line.spans if span.start <= piece.start() < span.end]
        name = "typed" if "typed" in styles else "b" if "bold" in " ".join(styles) else ""
        mark = f' class="{name}"' if name else ""
        yield f'<text x="{left:.1f}" y="{top}"{mark}>{escape(piece[0])}</text>'


def picture() -> str:
    """The commands, typed, with what they printed, as SVG."""
    lines: list[Text] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copy(ROOT / "sample-firm.toml", folder)
        for line in BEFORE:
            told(shlex.split(line), folder)
        for line in TYPED:
            lines.append(Text(f"$ billcli {line}", spans=[Span(0, 200, "typed")]))
            for shown in Text.from_ansi(told(shlex.split(line), folder)).split("\n"):
                lines += shown.wrap(Console(width=WIDTH), WIDTH)
            lines.append(Text())
    wide = int(2 * MARGIN + WIDTH * WIDE)
    high = 2 * MARGIN + (len(lines) - 1) * HIGH
    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" width="{wide}"'
            ' role="img" aria-label="Some commands of billcli, and what they print">'
        ),
        f"<style>{STYLE}</style>",
        f'<rect x="0.5" y="0.5" width="{wide - 1}" height="{high - 1}" rx="8"/>',
    ]
    for number, shown in enumerate(lines):
        parts += drawn(shown, MARGIN + 12 + number * HIGH)
    return "\n".join((*parts, "</svg>")) + "\n"


def main() -> int:
    """Write the picture."""
    PICTURE.parent.mkdir(exist_ok=True)
    PICTURE.write_text(picture(), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
