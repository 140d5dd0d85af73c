"""What the TAB key offers: the numbers, ids and names that are in the ledger."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import typer

Found = list[tuple[str, str]]


def keep_plain() -> None:
    """Keep Rich out of completion: it is slow there, and a matter's title is not markup."""
    from typer import _completion_classes

    _completion_classes._sanitize_help_text = lambda text: text


def _harmless(text: str) -> str:
    """The text without what a shell's own completion code would run: zsh evaluates its lists."""
    return "".join(char if char.isalnum() or char in " .,-_&/#@+" else " " for char in text)


def completions(name: str, ledger: Path, start: str = "") -> Found:
    """The values that a query of store/quick.py knows and that go on from a start.

    None when anything is amiss.
    """
    try:
        from billcli.store import quick

        return [
            (value, _harmless(told))
            for value, told in quick.offers(ledger, name, start)
            if _harmless(value) == value
        ]
    except Exception:  # noqa: BLE001  a TAB never prints a failure into the line being typed
        return []


def _offer(name: str, ctx: typer.Context, incomplete: str) -> Found:
    from billcli.cli._root import default_ledger

    given = ctx.find_root().params.get("ledger") or os.environ.get("BILLCLI_LEDGER")
    ledger = Path(given).expanduser() if given else default_ledger()
    return completions(name, ledger, incomplete)


def matters(ctx: typer.Context, incomplete: str) -> Found:
    """Numbers of matters."""
    return _offer("matters", ctx, incomplete)


def clients(ctx: typer.Context, incomplete: str) -> Found:
    """Ids of clients."""
    return _offer("clients", ctx, incomplete)


def bills(ctx: typer.Context, incomplete: str) -> Found:
    """Numbers of bills and drafts."""
    return _offer("bills", ctx, incomplete)


def timekeepers(ctx: typer.Context, incomplete: str) -> Found:
    """Ids of timekeepers."""
    return _offer("timekeepers", ctx, incomplete)


def runs(ctx: typer.Context, incomplete: str) -> Found:
    """Numbers of runs of mass billing."""
    return _offer("runs", ctx, incomplete)


def mails(ctx: typer.Context, incomplete: str) -> Found:
    """Messages of the outbox that wait for somebody."""
    return _offer("mails", ctx, incomplete)


def payments(ctx: typer.Context, incomplete: str) -> Found:
    """References of payments."""
    return _offer("payments", ctx, incomplete)


def trust_entries(ctx: typer.Context, incomplete: str) -> Found:
    """References of entries in trust."""
    return _offer("trust_entries", ctx, incomplete)


def retainer_entries(ctx: typer.Context, incomplete: str) -> Found:
    """References of entries of general retainers."""
    return _offer("retainer_entries", ctx, incomplete)


def changes(ctx: typer.Context, incomplete: str) -> Found:
    """Numbers of the last changes in the log."""
    return _offer("changes", ctx, incomplete)


def practice_areas(ctx: typer.Context, incomplete: str) -> Found:
    """The practice areas that matters have."""
    return _offer("practice_areas", ctx, incomplete)


def code_sets(ctx: typer.Context, incomplete: str) -> Found:
    """Sets of codes, in any case."""
    names = dict.fromkeys([set_ for _, _, set_ in _shipped_codes()] + _own_sets(ctx))
    return [(name, "") for name in names if name.lower().startswith(incomplete.lower())]


def task_codes(ctx: typer.Context, incomplete: str) -> Found:
    """Codes of tasks, and those of clients' own lists."""
    return _offer_codes(ctx, incomplete, "")


def activity_codes(ctx: typer.Context, incomplete: str) -> Found:
    """Codes of activities, and those of clients' own lists."""
    return _offer_codes(ctx, incomplete, "Activity")


def expense_codes(ctx: typer.Context, incomplete: str) -> Found:
    """Codes of expenses, and those of clients' own lists."""
    return _offer_codes(ctx, incomplete, "Expense")


def _offer_codes(ctx: typer.Context, incomplete: str, kind: str) -> Found:
    """The confirmed codes that come with the program, and then what was imported."""
    found = {
        code: _harmless(title)
        for code, title, set_ in _shipped_codes()
        if kind == (set_.partition("-")[0] if set_.startswith(("Activity", "Expense")) else "")
    }
    typed = incomplete.upper()
    offered = (found | dict(_offer("utbms_codes", ctx, typed))).items()
    return [(code, title) for code, title in offered if code.startswith(typed)]


def _own_sets(ctx: typer.Context) -> list[str]:
    return [name for name, _ in _offer("utbms_sets", ctx, "")]


def _shipped_codes() -> list[tuple[str, str, str]]:
    """Code, title and set of each confirmed code."""
    from billcli.assets import utbms_codes

    try:
        rows = [line.split("\t") for line in utbms_codes().read_text("utf-8").splitlines()]
    except OSError:
        return []
    return [(row[0], row[3], row[1]) for row in rows if row[4:] == ["confirmed"]]


def workflows(ctx: typer.Context, incomplete: str) -> Found:
    """Names of workflows."""
    return _offer("workflows", ctx, incomplete)


def of(*words: str) -> Callable[[str], list[str]]:
    """Fixed words, such as the kinds of arrangement."""

    def offer(incomplete: str) -> list[str]:
        return [word for word in words if word.startswith(incomplete)]

    return offer
