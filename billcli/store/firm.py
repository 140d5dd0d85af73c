"""The firm's taxes and kinds of expense, and whether the ledger holds money yet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import text
from sqlmodel import col, select

from billcli.store.models import (
    ExpenseCategoryRow,
    MatterOptionRow,
    TaskRow,
    TaxCodeRow,
    TaxRateRow,
)

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger

# In the order in which a person would recognise them: what, table, condition.
_MONEY = (
    ("bills", "bill", "1"),
    ("payments", "payment", "1"),
    ("money in its journal", "journal_entry", "1"),
    ("time", "time_entry", "1"),
    ("expenses", "expense", "1"),
    ("charges", "charge", "1"),
    ("milestones with amounts", "task", "trigger_cents > 0"),
    ("workflows with amounts", "workflow_task", "trigger_cents > 0"),
    ("agreed values", "arrangement", "terms LIKE '%cents\"%'"),
    ("billing options with amounts", "matter_option", "value LIKE '%cents\"%'"),
    ("settings with amounts", "setting", "value LIKE '%cents\"%' OR key LIKE '%cents'"),
)


class Tax(NamedTuple):
    """A tax code with its rates, the earliest first."""

    code: str
    label: str
    applies_to: str
    rates: tuple[tuple[date, int], ...]


def taxes(ledger: Ledger) -> tuple[Tax, ...]:
    """The tax codes with their rates in time."""
    rates: dict[str, list[tuple[date, int]]] = {}
    for rate in ledger.session.exec(select(TaxRateRow).order_by(TaxRateRow.valid_from)):
        day = date.fromisoformat(rate.valid_from)
        rates.setdefault(rate.code, []).append((day, rate.percent_e4))
    codes = ledger.session.exec(select(TaxCodeRow).order_by(TaxCodeRow.code))
    return tuple(
        Tax(row.code, row.label, row.applies_to, tuple(rates.get(row.code, ()))) for row in codes
    )


def put_tax(ledger: Ledger, tax: Tax) -> None:
    """Keep a tax code; rates of other days than those given stay."""
    session = ledger.session
    session.merge(TaxCodeRow(code=tax.code, label=tax.label, applies_to=tax.applies_to))
    session.flush()
    for day, percent_e4 in tax.rates:
        session.merge(TaxRateRow(code=tax.code, valid_from=day.isoformat(), percent_e4=percent_e4))
    session.flush()


def categories(ledger: Ledger) -> Sequence[ExpenseCategoryRow]:
    """The kinds of expense by their name."""
    query = select(ExpenseCategoryRow).order_by(ExpenseCategoryRow.name)
    return ledger.session.exec(query).all()


def put_category(ledger: Ledger, name: str, kind: str, code: str | None) -> None:
    """Keep a kind of expense."""
    ledger.session.merge(ExpenseCategoryRow(name=name, kind=kind, code=code))
    ledger.session.flush()


def matter_options(ledger: Ledger) -> Sequence[MatterOptionRow]:
    """The billing options that matters set for themselves."""
    query = select(MatterOptionRow).order_by(col(MatterOptionRow.matter_id), MatterOptionRow.name)
    return ledger.session.exec(query.execution_options(populate_existing=True)).all()


def live_tasks(ledger: Ledger) -> Sequence[TaskRow]:
    """The tasks of all matters that were not removed, in the order of their numbers."""
    query = (
        select(TaskRow)
        .where(col(TaskRow.archived_on).is_(None))
        .order_by(col(TaskRow.matter_id), col(TaskRow.number))
    )
    return ledger.session.exec(query).all()


def money_held(ledger: Ledger) -> str | None:
    """What the ledger holds that is counted in its currency; None while there is nothing (B11)."""
    connection = ledger.session.connection()
    for what, table, condition in _MONEY:
        found = text(f"SELECT EXISTS (SELECT 1 FROM {table} WHERE {condition})")
        if connection.execute(found).scalar():
            return what
    return None
