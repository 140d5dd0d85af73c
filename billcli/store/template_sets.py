"""The texts of templates that bills were approved with: each set is kept once."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from billcli.store import rows
from billcli.store.models import TemplateSetRow

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger


def keep(ledger: Ledger, texts: str) -> str:
    """Keep a set of texts, unless it is kept already; returns its SHA-256."""
    sha256 = hashlib.sha256(texts.encode()).hexdigest()
    there = "SELECT 1 FROM template_set WHERE sha256 = :sha256"
    if rows.one(ledger, there, {"sha256": sha256}) is None:
        rows.insert(ledger, TemplateSetRow, {"sha256": sha256, "texts": texts})
    return sha256


def texts(ledger: Ledger, sha256: str) -> str:
    """The texts of a set."""
    found = "SELECT texts FROM template_set WHERE sha256 = :sha256"
    return str(rows.one(ledger, found, {"sha256": sha256}))
