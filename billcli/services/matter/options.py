"""The billing options of a matter: set, shown, and where each value comes from (§2.6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from billcli.core.matter import MatterFile, in_force
from billcli.core.options import OPTIONS, Option, effective, setting_of
from billcli.errors import Refused, UsageProblem
from billcli.services.arrangement import standing
from billcli.services.matter.option_values import bare_name, checked_option
from billcli.store import bill_reads, closings, drafts, find, matters, settings
from billcli.values import money

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger
    from billcli.store.models import MatterRow


@dataclass(frozen=True, slots=True)
class OptionView:
    """One option with its value and its source: matter, client, firm or built_in."""

    name: str
    value: Any
    source: str
    help: str


@dataclass(frozen=True, slots=True)
class OptionsView:
    """All billing options of a matter."""

    matter: str
    options: tuple[OptionView, ...]

    def value(self, name: str) -> Any:
        """The value of one option."""
        return next(option.value for option in self.options if option.name == name)

    def document(self) -> dict[str, Any]:
        """As JSON has it: the options by name, and where each comes from."""
        values = {option.name: option.value for option in self.options}
        sources = {bare_name(option.name): option.source for option in self.options}
        return {"matter": self.matter, **values, "sources": sources}


def set_options(ledger: Ledger, number: str, changes: Mapping[str, Any]) -> OptionsView:
    """Set billing options by name; None takes one back to its default.

    Refused `billing.still-open` where billing would go off over unbilled work, a draft or an open
    balance (§2.6). UsageProblem `option.unknown`, `option.value`; NotFound `tax.missing`,
    `template.missing`.
    """
    with ledger.write():
        row = find.matter(ledger, number)
        matter_id = row.id or 0
        known = settings.own(ledger)
        checked = {
            name: checked_option(ledger, name, value, known) for name, value in changes.items()
        }
        file = standing.file_of(ledger, matter_id)
        if checked.get("billing") is False and effective("billing", file.options, known):
            _refuse_off(ledger, row)
        _refuse_quote(ledger, file, checked)
        _refuse_half_origination({**file.options, **checked}, known)
        _refuse_retainers(checked, known)
        before = {name: file.options.get(name) for name in checked}
        after = {name: value for name, value in checked.items() if value != before[name]}
        for name, value in after.items():
            matters.put_option(ledger, matter_id, name, value)
        if after:
            old = {name: before[name] for name in after}
            mark = ledger.record(f"matter {number}", before=old, after=after, matter_id=matter_id)
            closings.keep(ledger, matter_id, old, mark)
        return _view(ledger, standing.file_of(ledger, matter_id))


def show_options(ledger: Ledger, number: str) -> OptionsView:
    """Every option with the value that governs the matter."""
    row = find.matter(ledger, number)
    return _view(ledger, standing.file_of(ledger, row.id or 0))


def _view(ledger: Ledger, file: MatterFile) -> OptionsView:
    known = settings.own(ledger)
    client_terms = file.client.terms_days if file.client else None
    views = []
    for name, option in OPTIONS.items():
        value = effective(name, file.options, known, client_terms=client_terms)
        if name in file.options:
            source = "matter"
        elif name == "terms" and client_terms is not None:
            source = "client"
        else:
            key = f"{setting_of(name)}.minimum_cents" if option.kind == "replenish" else None
            firms = known.get(key or setting_of(name)) is not None
            source = "firm" if firms else "built_in"
        views.append(OptionView(name, _told(option, value, ledger), source, option.help))
    return OptionsView(file.number, tuple(views))


def _told(option: Option, value: Any, ledger: Ledger) -> Any:
    """The value as JSON and people read it."""
    if option.kind == "discount":
        if not value:
            return None
        if value.get("percent_e4") is not None:
            return f"{money.plain_percent(value['percent_e4'])}%"
        return money.plain(value["cents"], ledger.decimals)
    if value is None and option.default is None:
        return None
    if option.kind == "choice" or (option.kind == "sharer" and value in option.choices):
        return str(value).replace("-", "_")
    if option.kind in ("money", "percent", "timekeeper", "replenish"):
        return value or None
    if option.kind == "split":
        return {who: money.plain_percent(e4) for who, e4 in value.items()} if value else None
    if option.kind in ("tax", "utbms"):
        return value or None
    return list(value) if option.kind == "list" else value


def _refuse_quote(ledger: Ledger, file: MatterFile, changes: Mapping[str, Any]) -> None:
    """A fixed fee is its own quote: one field, V (D-63)."""
    cents = changes.get("quote_cents")
    version = in_force(file.versions, ledger.today)
    value = version.terms.get("value_cents")
    if not cents or version.kind not in ("fixed", "fixed-recurring") or cents == value:
        return
    shown_value = money.grouped(value, ledger.decimals) if value else "its milestones"
    raise Refused(
        "quote.fixed",
        f"Matter {file.number} is {version.kind}: what was quoted is its value, {shown_value}.",
        hint=f"Change it: billcli arrangement set {file.number} {version.kind} --value "
        f"{money.plain(cents, ledger.decimals)}",
    )


def _refuse_half_origination(own: Mapping[str, Any], known: Mapping[str, Any]) -> None:
    given = {name: value for name, value in own.items() if value is not None}
    who, share = (effective(name, given, known) for name in ("originator", "origination_e4"))
    if bool(who) == bool(share):
        return
    missing = "--origination PCT" if who else "--originator TK"
    raise UsageProblem(
        "option.origination",
        "An originator has a share, and a share an originator.",
        hint=f"Give {missing} too; for none, --originator none --origination 0.",
    )


def _refuse_retainers(changes: Mapping[str, Any], known: Mapping[str, Any]) -> None:
    """The firm may do without general retainers altogether."""
    asked = [
        name for name in ("retainer", "retainer_pays", "retainer_applies") if changes.get(name)
    ]
    if asked and known.get("billing.general_retainers") is False:
        raise Refused(
            "retainer.off",
            f"The firm keeps no general retainers, so --{asked[0].replace('_', '-')} can't be set.",
            hint="Advances go to trust; or: billcli firm set billing.general_retainers true",
        )


def _refuse_off(ledger: Ledger, row: MatterRow) -> None:
    open_ = what_is_open(ledger, row.id or 0)
    if open_:
        raise Refused(
            "billing.still-open",
            f"Billing of {row.number} can't go off: there is {', '.join(open_)}.",
            hint=f"Bill or settle it first; see `billcli matter show {row.number}`.",
        )


def what_is_open(
    ledger: Ledger, matter_id: int, *, unbilled: matters.Unbilled | None = None
) -> list[str]:
    """What still waits to be billed or paid on a matter, each with its amount."""
    work = matters.unbilled_of(ledger, matter_id) if unbilled is None else unbilled
    found = []
    if work.cents:
        found.append(f"unbilled work of {money.grouped(work.cents, ledger.decimals)}")
    draft = drafts.of_matter(ledger, matter_id)
    if draft is not None:
        found.append(f"the open draft D-{draft}")
    for bill in bill_reads.all_(ledger, matter_id=matter_id):
        if bill.state == "approved":
            total = money.grouped(bill.total_cents, ledger.decimals)
            found.append(f"bill {bill.number} over {total}, approved and not issued")
        elif bill.balance_cents > 0:
            left = money.grouped(bill.balance_cents, ledger.decimals)
            found.append(f"{left} open on bill {bill.number}")
    return found
