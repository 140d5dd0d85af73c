"""What only the ledger can tell of a firm file: names that lead nowhere, things not built."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from billcli.core import arrangements
from billcli.errors import BillError, LedgerProblem, Refused, UsageProblem
from billcli.formats.firm import model
from billcli.formats.firm.place import Fault, Place
from billcli.store import firm as kept
from billcli.store import numbers, people
from billcli.values.money import decimals_of
from billcli.values.text import did_you_mean, shown

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger

FORMATS = ("billing.number_format", "billing.credit_format", "billing.request_format")
_SAID = 5


@dataclass(frozen=True, slots=True)
class Names:
    """Everything a firm file may refer to: what it brings, and what the ledger has."""

    timekeepers: Collection[str]
    clients: Collection[str]
    taxes: Collection[str]
    categories: Collection[str]


def names(ledger: Ledger, file: model.FirmFile) -> Names:
    """The names that can be referred to once the file is in."""
    return Names(
        {t.id for t in people.timekeepers(ledger)} | {t.id for t in file.timekeepers},
        {c.id for c in people.clients(ledger)} | {c.id for c in file.clients},
        {t.code for t in kept.taxes(ledger)} | {t.code for t in file.taxes},
        {c.name for c in kept.categories(ledger)} | {c.name for c in file.expense_categories},
    )


def refuse(faults: Iterable[Fault]) -> None:
    """Raise the first fault, if there is one; the hint tells of the others."""
    found = list(faults)
    if not found:
        return
    first, others = found[0], found[1:]
    hint = first.hint
    if others:
        told = " ".join(fault.sentence for fault in others[:_SAID])
        rest = f" And {len(others) - _SAID} more." if len(others) > _SAID else ""
        hint = " ".join(filter(None, (hint, f"Also wrong ({len(others)}): {told}{rest}")))
    raise UsageProblem(first.code, first.sentence, hint=hint)


@contextmanager
def at(place: Place) -> Iterator[None]:
    """Name the place in the file when something there is refused."""
    try:
        yield
    except LedgerProblem:
        raise
    except BillError as problem:
        named = f"{place}: {problem.sentence}"
        raise type(problem)(problem.code, named, hint=problem.hint) from problem


def matter_place(index: int, matter: model.Matter) -> Place:
    """Where a matter stands in the file: `matter[2] (2026-001)`."""
    return Place(key="matter").item(index, {"number": matter.number})


def wrong(file: model.FirmFile, known: Names) -> Iterator[Fault]:
    """References that lead nowhere, terms that don't fit, number formats that can't count."""
    yield from _settings(file.settings, known)
    for index, client in enumerate(file.clients):
        here = Place(key="client").item(index, {"id": client.id})
        yield from _rates(client.rates, here, known)
    for index, matter in enumerate(file.matters):
        yield from _matter(matter, matter_place(index, matter), known, decimals_of(file.currency))


def reference(name: object, what: str, choices: Collection[str], place: object) -> Iterator[Fault]:
    """A name that has to be among the choices."""
    if name is not None and name not in choices:
        yield Fault(
            "firm-file.reference",
            f"{place}: there is no {what} {shown(str(name))}.",
            did_you_mean(str(name), sorted(choices)) or f"Add the {what}, here or in the ledger.",
        )


def _settings(settings: model.Options, known: Names) -> Iterator[Fault]:
    yield from _shared(
        {
            key.removeprefix("billing."): v
            for key, v in settings.items()
            if key.startswith("billing.")
        },
        Place(key="billing"),
        known,
    )
    for key in FORMATS:
        if key in settings:
            try:
                numbers.check_format(str(settings[key]))
            except UsageProblem as problem:
                yield Fault(problem.code, f"{key}: {problem.sentence}", problem.hint)
    yield from _mail(settings)


def _mail(settings: model.Options) -> Iterator[Fault]:
    """Senders that no mail could come from, told before a bill waits for them."""
    asked = {key: str(settings[key]) for key in ("email.from", "email.reply_to") if key in settings}
    if not asked:
        return
    from billcli.deliver.letters import address_of, sender_of

    for key, text in asked.items():
        try:
            sender_of(text) if key == "email.from" else address_of(text)
        except Refused:
            yield Fault(
                "firm-file.value",
                f"{key}: {shown(text)} has no address that mail can come from.",
                "Write it as Alvarez Law <office@alvarez.example>."
                if key == "email.from"
                else "Write a bare address, such as office@alvarez.example.",
            )


def _shared(options: Mapping[str, Any], place: Place, known: Names) -> Iterator[Fault]:
    """References in billing options, the firm's or a matter's."""
    tax = options.get("tax")
    if str(tax).lower() != "none":
        yield from reference(tax, "tax code", known.taxes, place.under("tax"))
    originator = options.get("originator")
    if str(originator).lower() != "none":
        yield from reference(originator, "timekeeper", known.timekeepers, place.under("originator"))
    for name, words in (
        ("allocate", ("pro-rata", "responsible")),
        ("allocate_adjustments", ("original", "responsible")),
    ):
        choices = {*words, *known.timekeepers}
        yield from reference(options.get(name), "timekeeper", choices, place.under(name))


def _rates(rates: model.Rates, place: Place, known: Names) -> Iterator[Fault]:
    for timekeeper in rates:
        here = place.under("rates").under(timekeeper)
        yield from reference(timekeeper, "timekeeper", known.timekeepers, here)


def _matter(matter: model.Matter, here: Place, known: Names, decimals: int) -> Iterator[Fault]:
    yield from reference(matter.client, "client", known.clients, here.under("client"))
    split: Any = matter.billing.get("split", {})
    for payor in split:
        place = here.under("billing").under("split").under(payor)
        yield from reference(payor, "client", known.clients, place)
    responsible = here.under("responsible")
    yield from reference(matter.responsible, "timekeeper", known.timekeepers, responsible)
    yield from _rates(matter.rates, here, known)
    yield from _shared(matter.billing, here.under("billing"), known)
    if matter.arrangement:
        terms = {k: v for k, v in matter.arrangement.terms.items() if k != "from"}
        try:
            arrangements.read(matter.arrangement.kind, terms, decimals)
        except UsageProblem as problem:
            sentence = f"{here.under('arrangement')}: {problem.sentence}"
            yield Fault("firm-file.value", sentence, problem.hint)
    for index, entry in enumerate(matter.time):
        place = here.under("time").item(index).under("timekeeper")
        yield from reference(entry.timekeeper, "timekeeper", known.timekeepers, place)
    for index, expense in enumerate(matter.expenses):
        place = here.under("expense").item(index).under("category")
        yield from reference(expense.category, "expense category", known.categories, place)
