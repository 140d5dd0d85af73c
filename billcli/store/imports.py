"""What was imported, by the source's own key of each row, and many entries kept at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from billcli.core.work import LETTERS
from billcli.store import audit, entries, rows
from billcli.store.models import ImportRowRow

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger

_KEYS = {
    "known": "SELECT key FROM import_row WHERE kind = :kind AND source = :source",
    "entries": "SELECT entry_id FROM import_row WHERE kind = :kind",
}


def known(ledger: Ledger, kind: str, source: str) -> frozenset[str]:
    """The keys of that source that were imported, whatever became of them since."""
    asked = {"kind": kind, "source": source}
    return frozenset(row.key for row in rows.named(ledger, _KEYS["known"], asked))


def imported(ledger: Ledger, kind: str) -> frozenset[int]:
    """The ids of what came in by an import."""
    found = rows.named(ledger, _KEYS["entries"], {"kind": kind})
    return frozenset(row.entry_id for row in found)


def keep(ledger: Ledger, kind: str, source: str, kept: Mapping[str, int]) -> None:
    """Note what each key became, so that it comes in once."""
    rows.insert_all(
        ledger,
        ImportRowRow,
        [
            {"kind": kind, "source": source, "key": key, "entry_id": entry_id}
            for key, entry_id in kept.items()
        ],
    )


def add_entries(ledger: Ledger, kind: str, values: Sequence[Mapping[str, Any]]) -> list[int]:
    """Keep many entries of one kind, each with its row in the log, and return their ids.

    The values of each are those of recording.insert, with the same columns in all of them.
    """
    ledger.session.flush()
    table = entries.TABLES[kind]
    first = rows.next_id(ledger, table.__table__.name)
    ids = list(range(first, first + len(values)))
    numbered = [{"id": at, **each} for at, each in zip(ids, values, strict=True)]
    rows.insert_all(ledger, table, numbered)
    audit.record_all(
        ledger,
        [
            (f"{LETTERS[kind]}-{at}", each, each["matter_id"])
            for at, each in zip(ids, values, strict=True)
        ],
    )
    return ids
