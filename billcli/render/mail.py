"""The text of mail with a bill: its subject in the first line, the same fields as on bills."""

from __future__ import annotations

import re
from pathlib import Path

from jinja2 import ChoiceLoader, FileSystemLoader, TemplateNotFound

from billcli.assets import templates_folder
from billcli.core.document import BillDocument
from billcli.errors import BillError, NotFound, UsageProblem
from billcli.render.bill import blame
from billcli.render.printing import printable
from billcli.render.sandbox import BillEnvironment, Fields, NoSuchField
from billcli.values.text import did_you_mean, shown, visible

STANDARD = "standard"
OTHERS = ("prebill",)
"""Templates of plain text that are no mail."""
_ENDING = ".txt.j2"
_LINE_ENDS = re.compile("\r\n?|[\n\x0b\x0c\x85\u2028\u2029]")
_INNER = "\ue000"
"""Stands for a line end inside a value, until it is known whether that is in the subject."""
_SUBJECT = re.compile(r"subject:(.*)", re.IGNORECASE)
_BLANKS = re.compile(r"\n{3,}")


class MailTemplates:
    """Templates for mail: the user's own folder first, then those of the program."""

    def __init__(self, user_folder: Path | None = None) -> None:
        self._folders = [folder for folder in (user_folder, templates_folder()) if folder]
        loader = ChoiceLoader([FileSystemLoader(folder) for folder in self._folders])
        self._held = BillEnvironment(
            loader=loader,
            undefined=NoSuchField,
            finalize=_printed,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            auto_reload=False,
        )
        self._held.filters["linked"] = str

    def names(self) -> list[str]:
        """The templates that there are."""
        files = {path.name for folder in self._folders for path in folder.glob(f"*{_ENDING}")}
        names = {name.removesuffix(_ENDING) for name in files if not name.startswith("_")}
        return sorted(STANDARD if name == "email" else name for name in names - {*OTHERS})

    def render(
        self,
        document: BillDocument,
        template: str = STANDARD,
        *,
        balance_cents: int,
        attachments: tuple[str, ...] = (),
    ) -> tuple[str, str]:
        """Subject and text for a bill on which that much is open.

        UsageProblem `template.fault`; NotFound `template.missing`.
        """
        name = f"{'email' if template == STANDARD else template}{_ENDING}"
        fields = fields_of(document, balance_cents=balance_cents, attachments=attachments)
        if template not in self.names():
            raise self._missing(template)
        try:
            text = self._held.get_template(name).render(fields)
        except BillError:
            raise
        except TemplateNotFound as missing:
            if missing.name == name:
                raise self._missing(template) from None
            blame(missing, Path(name))
        except Exception as fault:  # noqa: BLE001 - whatever goes wrong here, the template did it
            blame(fault, Path(name))
        return _parted(text, name)

    def _missing(self, template: str) -> NotFound:
        names = self.names()
        guess = did_you_mean(template, names)
        return NotFound(
            "template.missing",
            f"There is no template {shown(template)} for mail; there is {', '.join(names)}.",
            hint=guess or f"Put {template}{_ENDING} into the folder templates beside the ledger.",
        )


def fields_of(
    document: BillDocument, *, balance_cents: int, attachments: tuple[str, ...]
) -> Fields:
    """The bill's own merge fields, with what is open now, credit notes counted."""
    from billcli.render.figures import figures

    say = figures(document.firm.locale, document.decimals)
    top_up = document.replenishment_due_cents or 0
    fields = printable(document)
    totals = Fields(fields["totals"])
    other = document.balance_cents - balance_cents
    totals["credited"] = say.amount(-other) if other else ""
    totals["balance"] = say.amount(balance_cents)
    totals["please_pay"] = say.amount(balance_cents + top_up)
    totals["nothing_due"] = balance_cents + top_up == 0
    return Fields({**fields, "totals": totals, "attachments": list(attachments)})


def _parted(text: str, name: str) -> tuple[str, str]:
    """The subject, which is one line whatever its fields hold, and the text after it."""
    first, _, rest = text.lstrip("\n").partition("\n")
    found = _SUBJECT.fullmatch(first.strip())
    subject = " ".join(found[1].replace(_INNER, " ").split()) if found else ""
    if not subject:
        raise UsageProblem(
            "template.fault",
            f"The template {shown(name)} line 1: it doesn't begin with a subject.",
            hint="Let its first line be such as: Subject: Bill {{ bill.number }}",
        )
    body = _BLANKS.sub("\n\n", rest.strip("\n")).replace(_INNER, "\n")
    return subject, body.rstrip() + "\n"


def _printed(value: object) -> str:
    """A value in plain text: what a mail program would obey is shown instead."""
    if value is None:
        return ""
    lines = _LINE_ENDS.sub("\n", str(value).replace(_INNER, "")).replace("\t", " ")
    return visible(lines, lines=True).replace("\n", _INNER)
