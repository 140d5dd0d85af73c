"""What an accounting program calls the accounts of the books: its own names, or those of a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from billcli.errors import UsageProblem
from billcli.values.text import did_you_mean, shown, visible

QUICKBOOKS = {
    "operating_bank": "Checking",
    "trust_bank_clients": "Trust Bank Account",
    "trust_bank_firm": "Trust Bank Account",
    "receivable": "Accounts Receivable",
    "trust_liability": "Trust Liability",
    "retainer_liability": "General Retainers",
    "client_credit": "Client Credits",
    "tax_payable": "Sales Tax Owed",
    "fee_income": "Legal Fees",
    "cost_recoveries": "Costs Recovered",
    "discounts_given": "Discounts Given",
    "interest": "Interest Income",
    "bad_debt": "Bad Debts",
    "bank_charges": "Bank Charges",
}
CODES = {
    "operating_bank": "1010",
    "trust_bank_clients": "1020",
    "trust_bank_firm": "1020",
    "receivable": "1100",
    "trust_liability": "2100",
    "retainer_liability": "2110",
    "client_credit": "2120",
    "tax_payable": "2200",
    "fee_income": "4000",
    "cost_recoveries": "4010",
    "discounts_given": "4020",
    "interest": "4030",
    "bad_debt": "6010",
    "bank_charges": "6020",
}
LONGEST = 150


@dataclass(frozen=True, slots=True)
class Accounts:
    """The name, or for Xero the code, of each account; the tax rate is Xero's alone."""

    names: Mapping[str, str]
    tax_rate: str = "Tax Exempt"


DEFAULTS: Mapping[str, Accounts] = MappingProxyType(
    {
        "qbo": Accounts(QUICKBOOKS | {"receivable": "Accounts Receivable (A/R)"}),
        "xero": Accounts(CODES),
        "iif": Accounts(QUICKBOOKS),
    }
)


def read(text: str, kind: str, name: str) -> Accounts:
    """The accounts as a TOML file names them; what it leaves out keeps its usual name.

    UsageProblem `accounts.file`.
    """
    import tomllib

    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise _fault(name, f"{fault}") from None
    usual = DEFAULTS[kind]
    tables = {"accounts", "tax_rate"}
    for key in said:
        if key not in tables:
            hint = did_you_mean(key, (*tables, *CODES))
            raise _fault(name, f"{shown(key)} is neither tax_rate nor [accounts]", hint)
    named = said.get("accounts", {})
    if not isinstance(named, dict):
        raise _fault(name, "accounts is a table: [accounts]")
    for key in named:
        if key not in CODES:
            raise _fault(name, f"{shown(key)} is no account", did_you_mean(key, CODES))
    names = {key: _text(value, key, name) for key, value in named.items()}
    rate = _text(said.get("tax_rate", usual.tax_rate), "tax_rate", name)
    return Accounts({**usual.names, **names}, rate)


def _text(value: Any, key: str, name: str) -> str:
    if type(value) is not str or not value.strip() or visible(value) != value:
        raise _fault(name, f"{key} wants the name of an account, in quotes")
    if len(value) > LONGEST:
        raise _fault(name, f"{key} has {len(value):,} characters; at most {LONGEST}")
    return value.strip()


def _fault(name: str, what: str, hint: str | None = None) -> UsageProblem:
    return UsageProblem(
        "accounts.file",
        f"{name}: {what}.",
        hint=hint or 'A line under [accounts] is like: fee_income = "Legal Fees"',
    )
