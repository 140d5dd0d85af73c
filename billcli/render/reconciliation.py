"""The reconciliation of trust on paper: three columns that come to the same sum."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from jinja2 import FileSystemLoader

from billcli.assets import templates_folder
from billcli.core.document import Letterhead
from billcli.render.figures import Figures, figures
from billcli.render.sandbox import Fields, environment

KINDS = {
    "deposit": "Deposit",
    "withdrawal": "Withdrawal",
    "fee": "Fee transfer",
    "fee_return": "Return of fees",
    "bank_fee": "Bank charge",
    "cover": "Firm's cover",
    "reversal": "Reversal",
}


def report(view: Any, head: Letterhead, form: str, *, decimals: int, currency: str) -> str:
    """The page as Markdown (`md`) or HTML (`html`); amounts and days as the firm writes them."""
    say = figures(head.locale, decimals)
    made = environment(form, FileSystemLoader(templates_folder()))
    return made.get_template(f"_reconciliation.{form}.j2").render(
        Fields(
            firm=Fields(
                name=head.name,
                address=head.address,
                logo=head.logo if head.logo and head.logo.startswith("data:image/") else "",
                page="A4" if head.page.lower() == "a4" else "letter",
                language=say.language,
            ),
            currency=currency,
            date=say.day(view.date),
            preparer=view.preparer,
            prepared_on=say.day(view.prepared_on) if view.prepared_on else "",
            agreed=view.agreed,
            sums=_sums(view, say),
            in_transit=_items(view.in_transit_items, say),
            outstanding=_items(view.outstanding_items, say),
            old=_items(view.old_items, say),
            clients=_clients(view.ledgers, say),
            below_zero=view.below_zero,
            hints=view.hints,
        )
    )


def _sums(view: Any, say: Figures) -> Fields:
    amounts = {
        name.removesuffix("_cents"): say.amount(getattr(view, name))
        for name in (
            "statement_cents",
            "in_transit_cents",
            "outstanding_cents",
            "adjusted_bank_cents",
            "journal_cents",
            "client_ledgers_cents",
            "firm_ledger_cents",
            "ledgers_total_cents",
            "difference_cents",
            "ledger_difference_cents",
        )
    }
    differs = {
        "less_outstanding": say.amount(-view.outstanding_cents),
        "bank_differs": view.difference_cents != 0,
        "ledgers_differ": view.ledger_difference_cents != 0,
    }
    return Fields(amounts | differs)


def _items(items: Sequence[Any], say: Figures) -> list[Fields]:
    return [
        Fields(
            entries=", ".join(item.entries),
            date=say.short_day(item.date),
            kind=KINDS.get(item.kind, item.kind),
            matter=item.matter or "",
            description=item.description,
            amount=say.amount(item.amount_cents),
            days=item.days,
            old=item.old,
        )
        for item in items
    ]


def _clients(lines: Sequence[Any], say: Figures) -> list[Fields]:
    """The ledgers by client, each with its matters."""
    found: dict[str, list[Any]] = {}
    for line in lines:
        found.setdefault(line.client or "", []).append(line)
    return [
        Fields(
            name=held[0].client_name or client,
            total=say.amount(sum(line.balance_cents for line in held)),
            matters=[
                Fields(
                    number=line.matter,
                    title=line.title,
                    balance=say.amount(line.balance_cents),
                )
                for line in held
            ],
        )
        for client, held in found.items()
    ]
