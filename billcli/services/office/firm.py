"""The firm's own settings, and its whole set-up out of a file and into one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from billcli.errors import UsageProblem
from billcli.formats.firm import model
from billcli.formats.firm.checks import check
from billcli.formats.firm.settings import (
    read_setting,
    setting_keys,
    setting_text,
    stored_setting,
    word_setting,
)
from billcli.services.funds.trust_firm import refuse_limit_below_held
from billcli.services.office.firm_export import export, export_text
from billcli.services.office.firm_faults import names, refuse, wrong
from billcli.services.office.firm_import import (
    COMMAND,
    ImportView,
    forget_currency,
    import_,
    refuse_other_currency,
)
from billcli.services.office.logos import embedded
from billcli.store import firm, people, settings
from billcli.store import workflows as kept_workflows

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger

__all__ = [
    "ImportView",
    "export",
    "export_file",
    "export_text",
    "import_",
    "new_command",
    "set_",
    "show",
    "unset",
]


@dataclass(frozen=True, slots=True)
class SettingView:
    """A setting as people read and type it; `own` says that the firm set it."""

    key: str
    value: str
    own: bool


def show(ledger: Ledger) -> list[SettingView]:
    """Every setting that holds, in the order of the firm file."""
    own, all_ = settings.own(ledger), settings.all_(ledger)
    found = {}
    for stored, value in all_.items():
        key, text = setting_text(stored, value, currency=ledger.currency)
        found[key] = SettingView(key, text, stored in own)
    known = [key for key in setting_keys() if key in found]
    return [found[key] for key in known]


def document(ledger: Ledger) -> dict[str, Any]:
    """The set-up as JSON has it: the settings in their groups, then taxes, categories, counts."""
    groups: dict[str, Any] = {"firm": {}, "billing": {}, "trust": {}, "email": {}}
    for stored, value in settings.all_(ledger).items():
        *path, name = stored.split(".")
        if path[0] not in groups:
            continue
        table = groups
        for part in path:
            table = table.setdefault(part, {})
        table[name] = value.replace("-", "_") if word_setting(stored) else value
    return {
        **groups,
        "taxes": [
            {
                "code": tax.code,
                "label": tax.label,
                "on": tax.applies_to,
                "rates": [{"from": day, "percent_e4": percent_e4} for day, percent_e4 in tax.rates],
            }
            for tax in firm.taxes(ledger)
        ],
        "expense_categories": [
            {"name": row.name, "kind": row.kind, "code": row.code}
            for row in firm.categories(ledger)
        ],
        "timekeepers": [row.id for row in people.timekeepers(ledger) if not row.archived_on],
        "workflows": [row.name for row in kept_workflows.all_(ledger)],
    }


def set_(ledger: Ledger, key: str, text: str) -> SettingView:
    """Set one setting, by its key in the firm file and read as the firm file reads it.

    UsageProblem `firm-file.unknown-key`, `firm-file.value`, `firm-file.reference`,
    `number.format`, `firm-file.logo`; Refused `currency.fixed` (B11).
    """
    with ledger.write():
        stored, value = read_setting(key, text, currency=ledger.currency)
        if stored == "firm.logo":
            value = embedded(str(value), Path.cwd())
        own = settings.own(ledger)
        if stored == "firm.currency":
            refuse_other_currency(ledger, str(value))
        file = model.FirmFile(currency=ledger.currency, settings={stored: value})
        refuse(wrong(file, names(ledger, file)))
        _refuse_alone(key, {**own, stored: value})
        if own.get(stored) != value:
            settings.put(ledger, stored, value)
            before = {stored: own[stored]} if stored in own else None
            ledger.record("firm", before=before, after={stored: value})
            forget_currency(ledger)
            refuse_limit_below_held(ledger)
        name, told = setting_text(stored, value, currency=ledger.currency)
        return SettingView(name, told, own=True)


def unset(ledger: Ledger, key: str) -> SettingView:
    """Take a setting back to what holds without it. UsageProblem `firm-file.unknown-key`."""
    with ledger.write():
        stored = stored_setting(key)
        own = settings.own(ledger)
        if stored == "firm.currency":
            refuse_other_currency(ledger, str(settings.DEFAULTS[stored]))
        if stored in own:
            settings.put(ledger, stored, None)
            ledger.record("firm", before={stored: own[stored]}, after={stored: None})
            forget_currency(ledger)
            refuse_limit_below_held(ledger)
        value = settings.get(ledger, stored)
        told = "" if value is None else setting_text(stored, value, currency=ledger.currency)[1]
        return SettingView(key, told, own=False)


def export_file(ledger: Ledger, path: Path, *, force: bool = False) -> None:
    """Write the set-up to a file, complete or not at all. UsageProblem `file.exists`."""
    from billcli.deliver import files

    files.save(path, export_text(ledger).encode("utf-8"), force=force)


def new_command(file: model.FirmFile, ledger: Ledger | None = None) -> str | None:
    """The command for the mail password that a file brings anew, for a person to see first."""
    wanted = file.settings.get(COMMAND)
    if wanted is None or (ledger is not None and settings.get(ledger, COMMAND) == wanted):
        return None
    return str(wanted)


def _refuse_alone(key: str, together: dict[str, Any]) -> None:
    """What only holds together with another setting."""
    mail = {
        name.removeprefix("email."): value
        for name, value in together.items()
        if name.startswith("email.")
    }
    if key.startswith("email."):
        refuse(check({"email": mail}))
    if key.startswith("billing.replenish."):
        amounts = {
            name: together[f"billing.replenish.{name}"]
            for name in ("minimum_cents", "trigger_cents")
            if f"billing.replenish.{name}" in together
        }
        if len(amounts) < 2:
            raise UsageProblem(
                "firm-file.missing-key",
                "billing.replenish has a minimum and a trigger, and one of them is missing.",
                hint="Set both with a firm file: replenish = { minimum = 5000, trigger = 3000 }",
            )
        refuse(check({"billing": {"replenish": amounts}}))
