"""Codes of tasks, activities and expenses: a client's own list, and what is wrong with an entry's.

Codes never block work: a bill that a client may refuse is told of while it can still be changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from billcli.assets import utbms_codes
from billcli.core.utbms import ACTIVITY, EXPENSE, Code, CodeSets, grouped
from billcli.errors import NotFound, UsageProblem
from billcli.formats import utbms as lists
from billcli.services.work.ebilling import code_set, rules_of
from billcli.store import find, recording, utbms
from billcli.values.text import did_you_mean, read_text, shown

if TYPE_CHECKING:
    from billcli.store.entries import Item
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


@cache
def _shipped() -> tuple[Code, ...]:
    return lists.shipped(utbms_codes().read_text("utf-8"))


def sets(ledger: Ledger) -> CodeSets:
    """The sets that come with the program, and clients' own lists in their place."""
    return grouped(_shipped(), utbms.all_(ledger))


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


def warnings(ledger: Ledger, item: Item) -> tuple[str, ...]:
    """What a client may object to in the codes of an entry; nothing where no set was agreed."""
    matter = find.matter(ledger, item.matter)
    client = find.client(ledger, matter.client_id) if matter.client_id else None
    rules = rules_of(client) if client else {}
    named = code_set(ledger, matter.id or 0, client)
    bound = bool(recording.options_of(ledger, matter.id or 0).get("ebilling"))
    return tuple(_complaints(ledger, item, named, rules if bound or named else {}))


def _complaints(
    ledger: Ledger, item: Item, named: str | None, rules: dict[str, object]
) -> Iterator[str]:
    kinds = {"time": ("task", "activity"), "expense": ("expense",)}.get(item.kind, ())
    given = {
        "task": item.task_code,
        "activity": item.activity_code,
        "expense": item.expense_code,
    }
    listed = rules.get("allowed_codes")
    allowed = listed if isinstance(listed, list) else []
    known = sets(ledger) if named and any(given[kind] for kind in kinds) else None
    for kind in kinds:
        code = given[kind]
        if code is None:
            if rules.get(f"require_{kind}"):
                yield f"{item.id} has no {kind} code, which the client requires."
        elif allowed and code not in allowed:
            yield f"{item.id}: {code} isn't on the client's list."
        elif known and named and (said := known.complaint(code, kind, named)):
            yield f"{item.id}: {said}"


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
