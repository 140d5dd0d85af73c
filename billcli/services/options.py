"""The billing options of a matter: set, shown, and where each value comes from (§2.6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from billcli.core.matter import MatterFile
from billcli.core.options import OPTIONS, Option, effective, setting_of
from billcli.errors import NotFound, Refused, UsageProblem
from billcli.services import standing
from billcli.store import bill_reads, drafts, find, matters, settings
from billcli.values import money
from billcli.values.hours import ROUNDINGS
from billcli.values.text import did_you_mean, read_text, shown

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger
    from billcli.store.models import MatterRow

LIMITS = {"copies": (0, 2), "terms": (0, 3650), "increment_minutes": (0, 60)}


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
        sources = {_bare(option.name): option.source for option in self.options}
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
        checked = {name: _checked(ledger, name, value, known) for name, value in changes.items()}
        file = standing.file_of(ledger, matter_id)
        if checked.get("billing") is False and effective("billing", file.options, known):
            _refuse_off(ledger, row)
        before = {name: file.options.get(name) for name in checked}
        after = {name: value for name, value in checked.items() if value != before[name]}
        for name, value in after.items():
            matters.put_option(ledger, matter_id, name, value)
        if after:
            old = {name: before[name] for name in after}
            ledger.record(f"matter {number}", before=old, after=after, matter_id=matter_id)
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
            source = "firm" if known.get(setting_of(name)) is not None else "built_in"
        views.append(OptionView(name, _told(option, value, ledger), source, option.help))
    return OptionsView(file.number, tuple(views))


def _bare(name: str) -> str:
    """An option's name without its unit, as JSON has it."""
    return name.removesuffix("_cents")


def _told(option: Option, value: Any, ledger: Ledger) -> Any:
    """The value as JSON and people read it."""
    if option.kind == "discount":
        if not value:
            return None
        if value.get("percent_e4") is not None:
            return f"{money.plain_percent(value['percent_e4'])}%"
        return money.plain(value["cents"], ledger.decimals)
    if option.kind == "choice":
        return str(value).replace("-", "_")
    if option.kind == "tax":
        return value or None
    return list(value) if option.kind == "list" else value


def _checked(ledger: Ledger, name: str, value: Any, known: Mapping[str, Any]) -> Any:
    option = OPTIONS.get(name)
    if option is None:
        raise UsageProblem(
            "option.unknown",
            f"{shown(name)} isn't a billing option.",
            hint=did_you_mean(name, OPTIONS) or f"The options are {', '.join(OPTIONS)}.",
        )
    if value is None:
        return None
    return _READERS[option.kind](ledger, name, value, known)


def _bool(ledger: Ledger, name: str, value: Any, known: Mapping[str, Any]) -> bool:
    if not isinstance(value, bool):
        raise _wrong(name, value, "It is true or false.")
    return value


def _int(ledger: Ledger, name: str, value: Any, known: Mapping[str, Any]) -> int:
    low, high = LIMITS[name]
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise _wrong(name, value, f"It is a whole number from {low} to {high}.")
    return value


def _choice(ledger: Ledger, name: str, value: Any, known: Mapping[str, Any]) -> str:
    choices = ROUNDINGS if name == "rounding" else OPTIONS[name].choices
    word = str(value).strip().lower().replace("_", "-")
    if word not in choices:
        raise _wrong(name, value, did_you_mean(word, choices) or f"It is {', '.join(choices)}.")
    return word


def _list(ledger: Ledger, name: str, value: Any, known: Mapping[str, Any]) -> list[str]:
    addresses = [read_text(str(item), "e-mail address") for item in value]
    for address in addresses:
        before, at, after = address.rpartition("@")
        if not (before and at and after) or any(c.isspace() or c in ",;<>" for c in address):
            raise _wrong(name, address, "Write addresses as ana@rivera.example, with commas.")
    return addresses


def _discount(
    ledger: Ledger, name: str, value: Any, known: Mapping[str, Any]
) -> dict[str, int] | None:
    if value in ({}, "none"):  # an explicit none is needed only against a firm's discount
        return {} if known.get(setting_of(name)) else None
    percent, cents = value.get("percent_e4"), value.get("cents")
    if percent is not None and 0 <= percent <= money.WHOLE_E4:
        return {"percent_e4": percent}
    if cents is not None and cents >= 0:
        return {"cents": cents}
    raise _wrong(name, value, "Write it as 10%, as an amount such as 150.00, or none.")


def _tax(ledger: Ledger, name: str, value: Any, known: Mapping[str, Any]) -> str | None:
    from billcli.store import gather

    code = read_text(str(value), "tax code", longest=40)
    if code.lower() == "none":
        return "" if known.get(setting_of(name)) else None
    codes = gather.firm(ledger).taxes
    if code not in codes:
        have = f"The firm has {', '.join(codes)}." if codes else "The firm has no tax codes yet."
        raise NotFound(
            "tax.missing",
            f"There is no tax code {shown(code)}.",
            hint=did_you_mean(code, codes) or have,
        )
    return code


def _text(ledger: Ledger, name: str, value: Any, known: Mapping[str, Any]) -> str:
    from billcli.render.bill import BillTemplates

    template = read_text(str(value), "template", longest=100)
    folder = ledger.path.parent / "templates"
    shelf = BillTemplates(folder if folder.is_dir() else None)
    names = sorted({*shelf.names("md"), *shelf.names("html")})
    if template not in names:
        raise NotFound(
            "template.missing",
            f"There is no bill template {shown(template)}.",
            hint=did_you_mean(template, names) or f"There are: {', '.join(names)}.",
        )
    return template


def _money(ledger: Ledger, name: str, value: Any, known: Mapping[str, Any]) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise _wrong(name, value, "It is an amount of 0 or more.")
    return value


_READERS = {
    "money": _money,
    "bool": _bool,
    "int": _int,
    "choice": _choice,
    "list": _list,
    "discount": _discount,
    "tax": _tax,
    "text": _text,
}


def _wrong(name: str, value: Any, hint: str) -> UsageProblem:
    option = "--" + name.replace("_", "-").removesuffix("-minutes")
    return UsageProblem(
        "option.value", f"{shown(str(value))} isn't a value of {option}.", hint=hint
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
