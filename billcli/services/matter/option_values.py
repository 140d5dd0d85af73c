"""The values of billing options, checked: what each kind of option takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from billcli.core.options import OPTIONS, effective, setting_of
from billcli.deliver.letters import address_of
from billcli.errors import NotFound, Refused, UsageProblem
from billcli.store import find
from billcli.values import money
from billcli.values.hours import ROUNDINGS
from billcli.values.text import did_you_mean, read_text, shown

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger

LIMITS = {"copies": (0, 2), "terms": (0, 3650), "increment_minutes": (0, 60)}


def bare_name(name: str) -> str:
    """An option's name without its unit, as JSON has it."""
    return name.removesuffix("_cents").removesuffix("_e4")


def checked_option(ledger: Ledger, name: str, value: Any, known: Mapping[str, Any]) -> Any:
    """A billing option's value, checked against the ledger; None is its default.

    UsageProblem `option.unknown`, `option.value`; NotFound `tax.missing`, `template.missing`.
    """
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
    found = next((choice for choice in choices if choice.lower() == word), None)
    if found is None:
        raise _wrong(name, value, did_you_mean(word, choices) or f"It is {', '.join(choices)}.")
    return found


def _list(ledger: Ledger, name: str, value: Any, known: Mapping[str, Any]) -> list[str]:
    addresses = [read_text(str(item), "e-mail address") for item in value]
    for address in addresses:
        try:
            address_of(address)
        except Refused:
            raise _wrong(
                name, address, "Write addresses as ana@rivera.example, with commas."
            ) from None
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


def _mail_template(ledger: Ledger, name: str, value: Any, known: Mapping[str, Any]) -> str:
    from billcli.render.mail import MailTemplates

    template = read_text(str(value), "template", longest=100)
    folder = ledger.path.parent / "templates"
    names = MailTemplates(folder if folder.is_dir() else None).names()
    if template not in names:
        raise NotFound(
            "template.missing",
            f"There is no mail template {shown(template)}.",
            hint=did_you_mean(template, names)
            or f"There are: {', '.join(names)}. A new one is templates/NAME.txt.j2 beside the "
            "ledger.",
        )
    return template


def _money(ledger: Ledger, name: str, value: Any, known: Mapping[str, Any]) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise _wrong(name, value, "It is an amount of 0 or more.")
    return value


def _percent(ledger: Ledger, name: str, value: Any, known: Mapping[str, Any]) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < money.WHOLE_E4:
        typed = f"{money.plain_percent(value)}%" if isinstance(value, int) else value
        raise _wrong(name, typed, "It is a percentage from 0 to below 100.")
    return value if value or known.get(setting_of(name)) else None


def _timekeeper(ledger: Ledger, name: str, value: Any, known: Mapping[str, Any]) -> str | None:
    word = str(value).strip()
    if word.lower() in ("", "none"):
        return "" if known.get(setting_of(name)) else None
    return find.timekeeper(ledger, word).id


def _sharer(ledger: Ledger, name: str, value: Any, known: Mapping[str, Any]) -> str:
    word = str(value).strip().lower().replace("_", "-")
    if word in OPTIONS[name].choices:
        return word
    return find.timekeeper(ledger, str(value).strip()).id


def _replenish(
    ledger: Ledger, name: str, value: Any, known: Mapping[str, Any]
) -> dict[str, int] | None:
    """A top-up brings the balance to a minimum that isn't below what triggers it (§3.4)."""
    minimum, trigger = (int(value.get(part, 0)) for part in ("minimum_cents", "trigger_cents"))
    if not minimum and not trigger:  # an explicit off is needed only against the firm's
        return {} if effective(name, {}, known) else None
    typed = ":".join(money.grouped(cents, ledger.decimals) for cents in (minimum, trigger))
    if trigger < 0:
        raise _wrong(name, typed, "Both amounts are 0 or more.")
    if minimum < trigger:
        raise _wrong(name, typed, "The minimum comes first, and is the trigger or more.")
    return {"minimum_cents": minimum, "trigger_cents": trigger}


def _split(
    ledger: Ledger, name: str, value: Any, known: Mapping[str, Any]
) -> dict[str, int] | None:
    """The payors and their percentages, in their order; together 100 % (D-51)."""
    if not value:
        return None
    shares: dict[str, int] = {}
    for client, percent_e4 in value.items():
        shares[find.client(ledger, client).id] = percent_e4
        if percent_e4 <= 0 or percent_e4 % 100:
            typed = f"{client}={money.plain_percent(percent_e4)}"
            raise _wrong(name, typed, "A share is above 0 and has at most two decimals.")
    total = sum(shares.values())
    if total != money.WHOLE_E4:
        raise UsageProblem(
            "option.split",
            f"The shares make {money.plain_percent(total)} %; together they are 100 %.",
            hint="Give every payor: --split rivera=60 --split insurer=40; or --split off.",
        )
    return shares


def _words(ledger: Ledger, name: str, value: Any, known: Mapping[str, Any]) -> str | None:
    return read_text(str(value), bare_name(name).replace("_", " "), longest=500) or None


def _utbms(ledger: Ledger, name: str, value: Any, known: Mapping[str, Any]) -> str | None:
    from billcli.services.work import utbms

    word = str(value).strip()
    if word.lower() in ("", "none"):
        return "" if known.get(setting_of(name)) else None
    return utbms.named_set(ledger, word)


_READERS = {
    "utbms": _utbms,
    "split": _split,
    "words": _words,
    "replenish": _replenish,
    "percent": _percent,
    "timekeeper": _timekeeper,
    "sharer": _sharer,
    "money": _money,
    "bool": _bool,
    "int": _int,
    "choice": _choice,
    "list": _list,
    "discount": _discount,
    "tax": _tax,
    "text": _text,
    "mail-template": _mail_template,
}


def _wrong(name: str, value: Any, hint: str) -> UsageProblem:
    option = "--" + bare_name(name).replace("_", "-").removesuffix("-minutes")
    return UsageProblem(
        "option.value", f"{shown(str(value))} isn't a value of {option}.", hint=hint
    )
