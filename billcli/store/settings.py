"""Firm settings: dotted keys with JSON values, and what holds where nothing is set."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from billcli.store import rows

if TYPE_CHECKING:
    from billcli.store.plain import PlainLedger

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


_ALL = "SELECT key, value FROM setting ORDER BY key"
_ONE = "SELECT value FROM setting WHERE key = :key"
_DELETE = "DELETE FROM setting WHERE key = ?"
_PUT = "INSERT INTO setting (key, value) VALUES (?, ?)"


def all_(ledger: PlainLedger) -> dict[str, Any]:
    """Every setting that holds, defaults among them."""
    return {**DEFAULTS, **own(ledger)}


def own(ledger: PlainLedger) -> dict[str, Any]:
    """The settings that somebody made."""
    return {key: json.loads(value) for key, value in rows.driver(ledger).execute(_ALL)}


def get(ledger: PlainLedger, key: str) -> Any:
    """One setting, or what holds without it."""
    text = rows.one(ledger, _ONE, {"key": key})
    return DEFAULTS.get(key) if text is None else json.loads(text)


def put(ledger: PlainLedger, key: str, value: Any) -> None:
    """Set a setting; None takes it back to what holds without it."""
    driver = rows.driver(ledger)
    driver.execute(_DELETE, (key,))
    if value is not None:
        driver.execute(_PUT, (key, json.dumps(value)))
