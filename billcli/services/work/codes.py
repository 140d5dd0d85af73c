"""What a client may object to in the codes of an entry, over sqlite3 alone.

Codes never block work: a bill that a client may refuse is told of while it can still be changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from billcli.core.options import effective
from billcli.store import recording, settings

if TYPE_CHECKING:
    from billcli.core.utbms import Code, CodeSets
    from billcli.store.items import Item
    from billcli.store.plain import PlainLedger


@cache
def _shipped() -> tuple[Code, ...]:
    from billcli.assets import utbms_codes
    from billcli.formats import utbms as lists

    return lists.shipped(utbms_codes().read_text("utf-8"))


def sets(ledger: PlainLedger) -> CodeSets:
    """The sets that come with the program, and clients' own lists in their place."""
    from billcli.core.utbms import grouped  # most entries have no codes
    from billcli.store import utbms

    return grouped(_shipped(), utbms.all_(ledger))


def agreed_set(
    own: Mapping[str, Any], rules: Mapping[str, Any], firm: Mapping[str, Any]
) -> str | None:
    """The set of a matter: its own, its client's, or the firm's."""
    return own.get("utbms") or rules.get("utbms") or effective("utbms", {}, firm) or None


def warnings(ledger: PlainLedger, item: Item) -> tuple[str, ...]:
    """What a client may object to in the codes of an entry; nothing where no set was agreed."""
    matter = recording.matter(ledger, item.matter)
    rules = recording.client_rules(ledger, matter.client_id) if matter.client_id else {}
    own = recording.options_of(ledger, matter.id)
    named = agreed_set(own, rules, settings.own(ledger))
    bound = bool(own.get("ebilling"))
    return tuple(_complaints(ledger, item, named, rules if bound or named else {}))


def _complaints(
    ledger: PlainLedger, item: Item, named: str | None, rules: Mapping[str, Any]
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
