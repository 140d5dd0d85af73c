"""Reads the tables of a Markdown file: each row a case, each cell as people write it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from billcli.values import money

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Row:
    """One case: where it stands, and its cells by column."""

    file: str
    line: int
    cells: dict[str, str]

    @property
    def name(self) -> str:
        """The case, as the test's name shows it."""
        return f"{self.file}-{self.cells['case']}"

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")

    def cents(self, column: str, decimals: int = 2) -> int:
        """An amount of the row."""
        return cents(self[column], decimals)

    def amounts(self, column: str) -> list[int]:
        """Amounts with spaces between them."""
        return [cents(word) for word in self[column].split()]


def cents(text: str, decimals: int = 2) -> int:
    """An amount as written; an empty cell is nothing."""
    return money.read_cents(text.replace("−", "-"), decimals) if text else 0


def rows(file: str) -> Iterator[Row]:
    """The cases of all tables of a file."""
    head: list[str] = []
    lines = (HERE / file).read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines, 1):
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if not line.startswith("|"):
            head = []
        elif not head:
            head = cells
        elif not re.fullmatch(r"[|\s:-]+", line):
            assert len(cells) == len(head), f"{file}:{number} has {len(cells)} cells"
            yield Row(file.removesuffix(".md"), number, dict(zip(head, cells, strict=True)))
