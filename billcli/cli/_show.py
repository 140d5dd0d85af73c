"""Results on stdout, talk on stderr; JSON, CSV or a table, as the command was asked."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from billcli.cli._root import run
from billcli.errors import UsageProblem
from billcli.values.text import visible

if TYPE_CHECKING:
    from billcli.render.table import Column


def say(sentence: str) -> None:
    """Print what was done, one sentence a line; --quiet mutes it."""
    if not run().quiet:
        print(visible(sentence, lines=True))


def talk(sentence: str) -> None:
    """Print a remark beside the result, on stderr; --quiet mutes it."""
    if not run().quiet:
        print(visible(sentence), file=sys.stderr)


def warn(sentence: str) -> None:
    """Print a warning on stderr; --quiet doesn't mute it."""
    print(f"warning: {visible(sentence)}", file=sys.stderr)


def show_one(view: object, *, json: bool, sentence: str, decimals: int = 2) -> None:
    """Print a single thing: its JSON document, or the sentence that says what was done."""
    if json:
        _write_json(view, decimals)
    else:
        say(sentence)


def show_facts(
    view: object,
    columns: Sequence[Column],
    *,
    json: bool,
    decimals: int = 2,
    title: str = "",
) -> None:
    """Print a single thing: its JSON document, or a line for each column, name before value."""
    if json:
        _write_json(view, decimals)
        return
    from billcli.render.table import cell, value_of

    wide = max((len(column.title) for column in columns), default=0)
    if title:
        print(visible(title))
    for column in columns:
        value = value_of(view, column.key)
        if value not in (None, "", (), []):
            told = cell(value, column.kind, decimals)
            print(f"{column.title:<{wide}}  {_beside(told, wide + 2)}")


def _beside(text: str, indent: int) -> str:
    """On a terminal a long value goes on below itself, not below its name."""
    if sys.stdout is None or not sys.stdout.isatty():
        return text
    import shutil
    import textwrap

    room = max(shutil.get_terminal_size().columns - indent, 20)
    lines = textwrap.wrap(text, room, break_long_words=False, break_on_hyphens=False) or [text]
    return ("\n" + " " * indent).join(lines)


def show_list(
    rows: Sequence[Any],
    columns: Sequence[Column],
    *,
    json: bool,
    csv: bool = False,
    empty: str,
    totals: Mapping[str, Any] | None = None,
    decimals: int = 2,
) -> None:
    """Print many things as JSON, CSV or a table; `empty` is said where there are none.

    `totals` maps column keys to values of a last line; JSON and CSV are without it.
    """
    if json and csv:
        raise UsageProblem("usage.option", "Only one of --json and --csv can be given.")
    if json:
        _write_json(rows, decimals)
    elif csv:
        from billcli.render.csv import csv_text

        sys.stdout.write(csv_text(rows, columns, decimals=decimals))
    elif not rows:
        talk(empty)
    else:
        show_table(rows, columns, totals=totals, decimals=decimals)


def show_table(
    rows: Sequence[Any],
    columns: Sequence[Column],
    *,
    totals: Mapping[str, Any] | None = None,
    decimals: int = 2,
) -> None:
    """Print a table: with Rich on a terminal, plain aligned text anywhere else."""
    from billcli.render.table import plain_lines, table

    if not at_a_terminal():
        for line in plain_lines(rows, columns, decimals, totals=totals):
            sys.stdout.write(line)
        return
    import shutil

    width, colour = shutil.get_terminal_size().columns, run().colour
    sys.stdout.write(
        table(rows, columns, decimals, rich=True, width=width, totals=totals, colour=colour)
    )


def print_text(text: str) -> None:
    """Print a result that is text already, such as a bill; nothing is escaped or muted."""
    sys.stdout.write(text if text.endswith("\n") else text + "\n")


def print_page(content: bytes, form: str) -> None:
    """Print a page as it is: text, or a PDF byte for byte."""
    if form != "pdf":
        print_text(content.decode())
        return
    sys.stdout.flush()
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


def refuse_at_terminal(form: str) -> None:
    """Keep what is no text from a terminal. UsageProblem `pdf.terminal`."""
    if form == "pdf" and at_a_terminal():
        raise UsageProblem(
            "pdf.terminal", "A PDF is no text for a terminal.", hint="Give --out FILE, or pipe it."
        )


def at_a_terminal() -> bool:
    """Whether what is printed goes to a terminal."""
    return sys.stdout is not None and sys.stdout.isatty()


def speaks_unicode() -> bool:
    """Whether stdout can show marks such as ◆; where it can't, lists use ASCII."""
    encoding = (getattr(sys.stdout, "encoding", None) or "utf-8").lower()
    return encoding.replace("-", "") == "utf8"


def _write_json(view: object, decimals: int) -> None:
    from billcli.render.json import pieces

    for piece in pieces(view, decimals, ascii_only=not speaks_unicode()):
        sys.stdout.write(piece)
