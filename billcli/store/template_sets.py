"""The texts of templates that bills were approved with: each set is kept once."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from billcli.store import rows
from billcli.store.models import TemplateSetRow

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger


def sha256(texts: str) -> str:
    """What names a set."""
    return hashlib.sha256(texts.encode()).hexdigest()


def keep(ledger: Ledger, texts: str) -> str:
    """Keep a set of texts, unless it is kept already; returns its SHA-256."""
    name = sha256(texts)
    there = "SELECT 1 FROM template_set WHERE sha256 = :sha256"
    if rows.one(ledger, there, {"sha256": name}) is None:
        rows.insert(ledger, TemplateSetRow, {"sha256": name, "texts": texts})
    return name


def texts(ledger: Ledger, name: str) -> str:
    """The texts of a set."""
    found = "SELECT texts FROM template_set WHERE sha256 = :sha256"
    return str(rows.one(ledger, found, {"sha256": name}))
