"""What the commands of a month end share: filters, limits, formats, the bar, the report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

from typer import Argument, Option

from billcli.cli import _complete
from billcli.cli._outbox import tell_sent
from billcli.cli._show import say, show_one, show_table, warn
from billcli.cli._terms import KINDS, read_kind
from billcli.core.arrangements import known
from billcli.errors import BatchFailed, UsageProblem
from billcli.render.table import Column
from billcli.values.text import shown

if TYPE_CHECKING:
    from billcli.cli._ledger import Ledger
    from billcli.core.mass import Breakers
    from billcli.services.month_end.batch import Batch

QUOTE = Column("Quote", "quote_rule")
BILLS = (
    Column("Matter", "matter"),
    Column("Draft", "id"),
    Column("Bill", "number"),
    Column("Total", "total_cents", "money"),
)
SKIPPED: tuple[Column, ...] = (Column("Skipped", "matter"), Column("Because", "reason"))
LEFT: tuple[Column, ...] = (
    Column("Left as draft", "matter"),
    Column("Draft", "id"),
    Column("Because", "reason"),
)

Matters = Annotated[
    list[str] | None,
    Option(
        "--matter",
        metavar="MATTER",
        help="This matter, even an excluded one; may be given again.",
        autocompletion=_complete.matters,
    ),
]
Responsible = Annotated[
    str | None,
    Option(
        "--responsible",
        metavar="TK",
        help="Only matters of this responsible lawyer.",
        autocompletion=_complete.timekeepers,
    ),
]
PracticeArea = Annotated[
    str | None,
    Option(
        "--practice-area",
        metavar="AREA",
        help="Only matters of this practice area.",
        autocompletion=_complete.practice_areas,
    ),
]
Kind = Annotated[
    str | None,
    Option(
        "--arrangement",
        metavar="KIND",
        help="Only matters charged this way, such as hourly.",
        autocompletion=_complete.of(*KINDS),
    ),
]
MaxTotal = Annotated[
    str | None,
    Option("--max-total", metavar="AMOUNT", help="Leave a bill over this total as a draft."),
]
MaxWriteup = Annotated[
    str | None,
    Option(
        "--max-writeup",
        metavar="AMOUNT",
        help="Leave a bill as a draft that charges over this more than its work comes to.",
    ),
]
Send = Annotated[
    bool, Option("--send", help="Issue them, and send them by e-mail at the end of the run.")
]
Out = Annotated[
    str | None, Option("--out", metavar="DIR", help="Write issued bills into this folder.")
]
Form = Annotated[
    str, Option("--format", metavar="md,html,pdf", help="The formats written to --out.")
]
Run = Annotated[
    str,
    Argument(
        metavar="RUN",
        help="A run's number; see mass status.",
        autocompletion=_complete.runs,
    ),
]
MaybeRun = Annotated[
    str | None,
    Argument(
        metavar="RUN",
        help="A run's number; without it, all of them.",
        autocompletion=_complete.runs,
    ),
]


def read_batch(
    ledger: Ledger,
    *,
    through: str | None,
    day: str | None,
    matters: list[str] | None,
    client: str | None,
    responsible: str | None = None,
    practice_area: str | None = None,
    arrangement: str | None = None,
) -> Batch:
    """Which matters, and which days; the bill's day is the cutoff where none is given."""
    from billcli.services.month_end.batch import Batch
    from billcli.values.dates import read_day, read_through

    on = read_day(day, ledger.today) if day else ledger.today
    until = read_through(through, ledger.today) if through else on
    picked = tuple(dict.fromkeys(matters or ()))
    area = practice_area.strip() if practice_area is not None else None
    kind = None if arrangement is None else known(read_kind(arrangement))
    return Batch(on, until, picked, client, responsible, area, kind)


def read_breakers(ledger: Ledger, max_total: str | None, max_writeup: str | None) -> Breakers:
    """The limits over which a bill stays a draft (D-58)."""
    from billcli.core.mass import Breakers
    from billcli.values.money import read_cents

    def read(typed: str | None, option: str) -> int | None:
        cents = None if typed is None else read_cents(typed, ledger.decimals, what=option)
        if cents is not None and cents < 0:
            raise UsageProblem(
                "money.negative", f"{option} is an amount of 0 or more; {shown(str(typed))} isn't."
            )
        return cents

    return Breakers(read(max_total, "--max-total"), read(max_writeup, "--max-writeup"))


def read_forms(text: str) -> tuple[str, ...]:
    """The formats of the pages. UsageProblem `bill.format`."""
    forms = tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    unknown = [form for form in forms if form not in ("md", "html", "pdf")]
    if unknown or not forms:
        raise UsageProblem(
            "bill.format",
            f"--format takes md, html and pdf; {text[:40]!r} was given.",
            hint="Write --format md,html,pdf.",
        )
    return forms


def tell_report(view: dict[str, Any], ledger: Ledger, *, json: bool, verb: str = "made") -> None:
    """Show the report, and end with 6 where a matter failed."""
    from billcli.services.delivery.mailing import Sent, raise_failures
    from billcli.values.money import grouped

    mail = Sent(**view["mail"]) if view["mail"] else None
    if json:
        show_one(view, json=True, sentence="", decimals=ledger.decimals)
    else:
        total = grouped(view["total_cents"], ledger.decimals)
        if view["bills"]:
            quoted = any(bill.get("quote_rule") for bill in view["bills"])
            columns = (*BILLS, QUOTE) if quoted else BILLS
            show_table(view["bills"], columns, decimals=ledger.decimals)
            say("")
            if quoted:
                say("A quote's rule was applied where one is named; check those bills.")
        for key, told in (("left_as_draft", LEFT), ("skipped", SKIPPED)):
            if view[key]:
                show_table(view[key], told, decimals=ledger.decimals)
                say("")
        again = len(view.get("refreshed", ()))
        also = f", {again} made anew" if again else ""
        left = len(view["left_as_draft"])
        also += f", {left} left as {'a draft' if left == 1 else 'drafts'}" if left else ""
        say(f"{counted(view['created'])} {verb}{also}, {total} {ledger.currency} in all.")
        if left and view["run"] is not None:
            say(f"See what was left: billcli mass review {view['run']}")
        for bill in view["to_deliver"]:
            say(f"To deliver: bill {bill['number']} has no e-mail address. {bill['hint']}")
        if wanted := len(view.get("to_print", ())):
            are = "is" if wanted == 1 else "are"
            say(f"{counted(wanted)} {are} wanted on paper: billcli bill print --run {view['run']}")
        if mail is not None:
            say(f"{counted(len(mail.sent), 'message')} sent.")
            tell_sent(replace(mail, sent=[]))
        for failure in view["failed"]:
            warn(f"{failure['matter']}: {failure['error']}")
    refuse_failed(view["failed"])
    if mail is not None:
        raise_failures(mail)


def refuse_failed(failed: Sequence[Mapping[str, str]]) -> None:
    """End with 6 where a part of the batch failed; the others are done."""
    if failed:
        raise BatchFailed(
            "mass.failed",
            f"{len(failed)} of the matters failed: "
            f"{', '.join(each['matter'] for each in failed[:10])}.",
            hint="Mend what is named and run the same command again; the others are done.",
        )


def counted(count: int, word: str = "bill") -> str:
    """`1 bill`, `2 bills`."""
    return f"{count} {word}" if count == 1 else f"{count} {word}s"
