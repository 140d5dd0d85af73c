"""Tables on a terminal, whatever its width: ids and amounts stay whole, texts give way.

Where that doesn't fit, columns without a value are left out and named below; where not even that
does, each row becomes a block of lines, a name before each value.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from io import StringIO
from typing import TYPE_CHECKING

from billcli.render.widths import columns_wide

if TYPE_CHECKING:
    from rich.console import Console

GAP = 2
"""The space between two columns."""
NARROWEST = 10
"""A column of text isn't made narrower than this, unless its text is."""
LONG = 20
"""A single word longer than this, which no id is, gives way as texts do."""

READABLE, MOST_LINES = 24, 4
"""A column narrower than this doesn't hold text of more than so many lines."""
NOTHING = re.compile(r"^-?0([.,]0+)?%?$")
"""A zero in any currency."""

Cells = Sequence[str]


def fitted(
    lines: Sequence[Cells],
    titles: Cells,
    right: Sequence[bool],
    last: Cells | None,
    *,
    width: int,
    colour: bool,
) -> str:
    """The lines under their titles, `last` below them in bold; `right` are columns of numbers."""
    everything = [*lines, *([last] if last else [])]
    kept = list(range(len(titles)))
    notes: list[str] = []
    for leave_out in (_without_values, _the_same):
        widths = [max(columns_wide(row[i]) for row in [titles, *everything]) for i in kept]
        if sum(widths) + GAP * (len(kept) - 1) <= width:
            break
        found = leave_out(
            lines, last, [i for i in kept[1:] if not (right[i] and leave_out is _the_same)]
        )
        if found:
            kept = [i for i in kept if i not in found]
            notes.append(_told([(titles[i], lines[0][i]) for i in found]))
    rows = [[line[i] for i in kept] for line in lines]
    end = [last[i] for i in kept] if last else None
    shown = _laid_out(
        rows,
        [titles[i] for i in kept],
        [right[i] for i in kept],
        end,
        width=width,
        colour=colour,
    )
    return shown + "".join(notes)


def _without_values(lines: Sequence[Cells], last: Cells | None, columns: list[int]) -> list[int]:
    """The columns in which no row says more than nothing or zero."""
    everything = [*lines, *([last] if last else [])]
    return [i for i in columns if not any(NOTHING.sub("", row[i]) for row in everything)]


def _the_same(lines: Sequence[Cells], last: Cells | None, columns: list[int]) -> list[int]:
    """The columns of text that say the same in every row, where there is more than one."""
    if len(lines) < 2:
        return []
    return [i for i in columns if len({row[i] for row in lines}) == 1 and not (last and last[i])]


def _told(found: list[tuple[str, str]]) -> str:
    """What the columns that were left out would have said."""
    if NOTHING.sub("", found[0][1]):
        return f"In all rows: {', '.join(f'{title} {text}' for title, text in found)}.\n"
    return f"Nothing in {', '.join(title for title, _ in found)}.\n"


def _laid_out(
    lines: Sequence[Cells],
    titles: Cells,
    right: Sequence[bool],
    last: Cells | None,
    *,
    width: int,
    colour: bool,
) -> str:
    everything = [*lines, *([last] if last else [])]
    columns = range(len(titles))
    widths = [max((columns_wide(row[i]) for row in everything), default=0) for i in columns]
    broken = [_words_wide(title) for title in titles]
    full = [max(widths[i], columns_wide(titles[i])) for i in columns]
    gives = [not right[i] and _gives(row[i] for row in everything) for i in columns]
    room = width - GAP * (len(titles) - 1)
    least = [max(broken[i], min(widths[i], NARROWEST) if gives[i] else widths[i]) for i in columns]
    if sum(full) <= room:
        return _grid(lines, titles, right, last, full, width=width, colour=colour)
    if sum(least) > room:
        return _blocks(lines, titles, last, width=width, colour=colour)
    given = _shared(least, [full[i] if gives[i] else least[i] for i in columns], room)
    if any(given[i] < READABLE and widths[i] > MOST_LINES * given[i] for i in columns if gives[i]):
        return _blocks(lines, titles, last, width=width, colour=colour)
    return _grid(lines, titles, right, last, given, width=width, colour=colour)


def _words_wide(text: str) -> int:
    return max((columns_wide(word) for word in text.split()), default=0)


def _gives(cells: Iterable[str]) -> bool:
    """Whether a column holds text that can be broken without making nonsense of it."""
    found = list(cells)
    return any(" " in cell.strip() for cell in found) or any(len(cell) > LONG for cell in found)


def _shared(least: list[int], wanted: list[int], room: int) -> list[int]:
    """The least of every column and, of what is left, to each that wants more in its turn."""
    given, left = list(least), room - sum(least)
    while left > 0 and (short := [i for i, most in enumerate(wanted) if given[i] < most]):
        for i in short[:left]:
            given[i] += 1
        left -= min(left, len(short))
    return given


def _grid(
    lines: Sequence[Cells],
    titles: Cells,
    right: Sequence[bool],
    last: Cells | None,
    widths: list[int],
    *,
    width: int,
    colour: bool,
) -> str:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    grid = Table(
        box=SIMPLE_HEAD,
        show_edge=False,
        pad_edge=False,
        collapse_padding=True,
        padding=(0, 1, 0, 0),
        header_style="bold",
    )
    for i, title in enumerate(titles):
        fits = columns_wide(title) <= widths[i]
        grid.add_column(
            Text(title if fits else "\n".join(title.split())),
            justify="right" if right[i] else "left",
            vertical="top",
            width=widths[i],
            overflow="fold",
        )
    for line in lines:
        grid.add_row(*(Text(_broken(text, widths[i])) for i, text in enumerate(line)))
    if last:
        grid.add_section()
        grid.add_row(*(Text(text, style="bold") for text in last))
    sink = StringIO()
    _console(sink, max(width, sum(widths) + GAP * len(widths)), colour=colour).print(grid)
    return sink.getvalue()


def _broken(text: str, width: int) -> str:
    """A long word in lines that break after its hyphens; the rest is left to Rich."""
    if " " in text or len(text) <= width or not text.isascii():
        return text
    lines = [""]
    for part in re.findall(r"[^-_]*[-_]|[^-_]+$", text):
        if lines[-1] and len(lines[-1]) + len(part) > width:
            lines.append("")
        lines[-1] += part
    return "\n".join(lines)


def _blocks(
    lines: Sequence[Cells], titles: Cells, last: Cells | None, *, width: int, colour: bool
) -> str:
    """Each row by itself: its first value, and below it the others with their names."""
    from rich.text import Text

    margin = min(max(columns_wide(title) for title in titles), max(4, width // 3)) + 2
    sink = StringIO()
    console = _console(sink, width, colour=colour)
    for n, line in enumerate([*lines, *([last] if last else [])]):
        if n:
            console.print()
        console.print(Text(line[0] or titles[0], style="bold", overflow="fold"))
        for title, text in zip(titles[1:], line[1:], strict=True):
            if text:
                room = width - margin - 2
                wrapped = Text(text, overflow="fold").wrap(console, max(room, 8))
                for m, part in enumerate(wrapped):
                    name = (
                        f"  {title[: margin - 2]:<{margin - 2}}  " if not m else " " * (margin + 2)
                    )
                    console.print(Text(name) + part, soft_wrap=True)
    return sink.getvalue()


def _console(sink: StringIO, width: int, *, colour: bool) -> Console:
    from rich.console import Console

    return Console(
        file=sink, width=width, force_terminal=True, no_color=not colour, legacy_windows=False
    )
