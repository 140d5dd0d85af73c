"""Firm settings: dotted keys with JSON values, and what holds where nothing is set."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select

from billcli.store.models import SettingRow

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger

DEFAULTS: dict[str, Any] = {
    "firm.name": "My law firm",
    "firm.address": [],
    "firm.currency": "USD",
    "firm.timezone": "UTC",
    "billing.terms_days": 30,
    "billing.number_format": "{year}-{seq:04}",
    "billing.credit_format": "CN-{seq:04}",
    "billing.request_format": "RR-{seq:04}",
    "billing.increment_minutes": 6,
    "billing.rounding": "up",
    "billing.template": "standard",
    "billing.default_behavior": "bill",
    "billing.tax_rounding": "document",
}
_TABLE = SettingRow.__table__  # type: ignore[attr-defined]


def all_(ledger: Ledger) -> dict[str, Any]:
    """Every setting that holds, defaults among them."""
    return {**DEFAULTS, **own(ledger)}


def own(ledger: Ledger) -> dict[str, Any]:
    """The settings that somebody made."""
    found = ledger.session.connection().execute(select(_TABLE).order_by(_TABLE.c.key))
    return {row.key: json.loads(row.value) for row in found}


def get(ledger: Ledger, key: str) -> Any:
    """One setting, or what holds without it."""
    found = ledger.session.connection().execute(select(_TABLE.c.value).where(_TABLE.c.key == key))
    text = found.scalar()
    return DEFAULTS.get(key) if text is None else json.loads(text)


def put(ledger: Ledger, key: str, value: Any) -> None:
    """Set a setting; None takes it back to what holds without it."""
    connection = ledger.session.connection()
    connection.execute(delete(_TABLE).where(_TABLE.c.key == key))
    if value is not None:
        connection.execute(insert(_TABLE).values(key=key, value=json.dumps(value)))
