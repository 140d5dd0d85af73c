"""Codes of tasks, activities and expenses: clients' own lists, taken in and named."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from billcli.core.utbms import ACTIVITY, EXPENSE, Code, grouped
from billcli.errors import NotFound, UsageProblem
from billcli.formats import utbms as lists
from billcli.services.work.codes import sets as sets
from billcli.services.work.codes import warnings as warnings
from billcli.store import utbms
from billcli.values.text import did_you_mean, read_text, shown

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger

LARGEST = 5_000_000


@dataclass(frozen=True, slots=True)
class ImportedSet:
    """A list that was taken in: what is new in it, changed, and gone from it."""

    set: str
    codes: int
    added: int
    changed: int
    removed: int


def named_set(ledger: Ledger, word: str) -> str:
    """A set by its name in any case. NotFound `utbms.set`."""
    known = sets(ledger)
    found = known.named(word)
    usual = [name for name in known.names if name.split("-")[0] not in (ACTIVITY, EXPENSE)]
    if found is None:
        raise NotFound(
            "utbms.set",
            f"There is no set of codes {shown(word)}.",
            hint=did_you_mean(word, known.names)
            or f"There are {', '.join(usual)}; import a client's own: billcli import utbms FILE.",
        )
    return found


def import_(
    ledger: Ledger, path: Path, *, set_: str | None = None, dry_run: bool = False
) -> tuple[ImportedSet, ...]:
    """Take in a client's own lists, each in the place of the set of its name.

    A second import of the same file changes nothing. UsageProblem `utbms.unreadable`.
    """
    codes = lists.read(_text(path), path.name, set_=_set_name(set_))
    by_set: dict[str, list[Code]] = {}
    known = sets(ledger)
    for code in codes:
        by_set.setdefault(known.named(code.set) or code.set, []).append(code)
    with ledger.write():
        before = grouped((), utbms.all_(ledger))
        views = []
        for name, given in by_set.items():
            was = before.codes.get(name, {})
            now = {c.code: Code(name, c.code, c.title, c.phase, c.confirmed) for c in given}
            changed = sum(was[code] != now[code] for code in was.keys() & now.keys())
            view = ImportedSet(
                name, len(now), len(now.keys() - was.keys()), changed, len(was.keys() - now.keys())
            )
            views.append(view)
            if not dry_run and (view.added or view.changed or view.removed):
                utbms.replace(ledger, name, tuple(now.values()))
                after = {"codes": view.codes, "added": view.added, "changed": view.changed}
                ledger.record(f"utbms {name}", after={**after, "removed": view.removed})
    return tuple(views)


def _set_name(text: str | None) -> str | None:
    return None if text is None else read_text(text, "set", longest=40)


def _text(path: Path) -> str:
    if path.is_dir():
        raise UsageProblem("file.unusable", f"{path} is a folder.", hint="Name a file in it.")
    content = path.read_bytes()[: LARGEST + 1]
    if len(content) > LARGEST:
        raise UsageProblem("utbms.unreadable", f"{path.name} is no list of codes: it is too large.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UsageProblem(
            "utbms.unreadable",
            f"{path.name} isn't UTF-8 text.",
            hint="Save the list as tab-separated text in UTF-8.",
        ) from None
