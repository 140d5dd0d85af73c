"""What every command about one bill says of it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from billcli.cli._show import show_one, warn

if TYPE_CHECKING:
    from billcli.cli._ledger import Ledger


def _given_back(view: dict[str, Any], ledger: Ledger) -> str:
    from billcli.services.giving_back import told

    given = view.get("given_back")
    return f" Given back: {told(given, ledger.decimals)}." if given else ""


def tell_warnings(view: dict[str, Any]) -> None:
    """Print what its arithmetic warns of."""
    for words in view["warnings"]:
        warn(words)


def tell(view: dict[str, Any], ledger: Ledger, *, json: bool) -> None:
    """One sentence on what a bill is now."""
    from billcli.values.money import grouped

    if not json:
        tell_warnings(view)
    name = view["number"] or view["id"]
    money = f"{grouped(view['total_cents'], ledger.decimals)} {view['currency']}"
    due: date = view["due_date"]
    words = {
        "draft": f"Draft {name} for {view['matter']}: {money}, not yet approved.",
        "approved": f"Bill {name} is approved: {money}, not yet issued.",
        "void": f"Bill {name} is void.{_given_back(view, ledger)}",
    }
    otherwise = f"Bill {name} is issued: {money}, due {due}."
    show_one(
        view,
        json=json,
        sentence=words.get(view["state"], otherwise),
        decimals=ledger.decimals,
    )
