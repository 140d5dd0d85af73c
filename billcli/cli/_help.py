"""Pages of help: lists, examples, and a page that fits a narrow terminal."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence

from typer._click import Command as AnyCommand
from typer._click import Context, HelpFormatter

NARROW = 52
"""Columns; on fewer Click's own page is wider than the terminal."""
NARROWEST = 30


class Helped(AnyCommand):
    """A command whose page of help fits the terminal."""

    def get_help(self, ctx: Context) -> str:
        """The page; on a narrow terminal the text of an option stands below its name."""
        columns = shutil.get_terminal_size().columns
        if columns >= NARROW:
            return super().get_help(ctx)
        formatter = NarrowPage(width=max(columns, NARROWEST))
        self.format_help(ctx, formatter)
        return formatter.getvalue().rstrip("\n")


class NarrowPage(HelpFormatter):
    """A page on which names take no more than a third of the width."""

    def write_dl(
        self, rows: Sequence[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        """Names with their texts, side by side or one below the other."""
        super().write_dl(rows, min(col_max, self.width // 3), col_spacing)


def write_list(formatter: HelpFormatter, rows: Iterable[tuple[str, str]]) -> None:
    """Names with their help, wrapped to the width."""
    formatter.write_dl(list(rows))


def write_example(formatter: HelpFormatter, example: str) -> None:
    """An example exactly as it would be typed, never wrapped."""
    if example:
        lines = "".join(f"  {line.strip()}\n" for line in example.strip().splitlines())
        formatter.write(f"\nExample:\n{lines}")
