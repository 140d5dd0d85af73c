"""What bills are printed with: templates found by name or file, frozen at the approval (§4.1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from billcli.core.document import BillDocument
from billcli.errors import BillError
from billcli.store import template_sets

if TYPE_CHECKING:
    from billcli.render.bill import BillTemplates
    from billcli.services.bill.beside import Beside
    from billcli.services.bill.pressroom import Printed
    from billcli.store.bill_rows import Heading
    from billcli.store.ledger import Ledger

FORMS = ("md", "html")


@dataclass
class Stationery:
    """The templates of a ledger, each read and compiled once in a command.

    `beside` is a process that prints meanwhile, in a run that has one.
    """

    ledger: Ledger
    beside: Beside | None = None
    _found: dict[Path | None, BillTemplates] = field(default_factory=dict)
    _texts: dict[str, str] = field(default_factory=dict)
    _kept: dict[str, str] = field(default_factory=dict)
    _sets: dict[str, str] = field(default_factory=dict)
    _hashes: dict[str, str] = field(default_factory=dict)

    def render(self, document: BillDocument, form: str, template: str) -> str:
        """The bill by a template's name, or by the file that `--template` names."""
        templates, name = self._template(template, form)
        return templates.render(document, form, name)

    def pages(self, document: BillDocument, template: str) -> dict[str, bytes]:
        """Markdown and HTML of a bill; a fault in the template is said."""
        return {form: self.render(document, form, template).encode() for form in FORMS}

    def freeze(self, document: BillDocument, template: str, *, proven: bool = False) -> str:
        """Keep the texts that the bill is printed from; the SHA-256 of their set (§4.1).

        A fault in them is said now: at the issue it couldn't be mended any more. `proven` are
        those that this bill was printed from already.
        """
        if template not in self._kept:
            texts = self._texts_of(template)
            if not proven:
                _printed(document, texts)
            sha256 = template_sets.keep(self.ledger, texts)
            self._kept[template], self._sets[sha256] = sha256, texts
        return self._kept[template]

    def forget(self) -> None:
        """What was kept in a change that was taken back isn't there any more."""
        self._kept.clear()

    def approved_page(
        self, document: BillDocument, form: str, template: str, template_set: str | None
    ) -> bytes:
        """A page of an approved bill, printed from the texts that were frozen with it."""
        if template_set is None:  # approved under schema 1, which kept the name alone
            return self.render(document, form, template).encode()
        from billcli.render.bill import frozen_templates

        return frozen_templates(self._set(template_set)).render(document, form).encode()

    def approved_pages(
        self, document: BillDocument, template: str, template_set: str | None
    ) -> Mapping[str, bytes]:
        """All pages of an approved bill."""
        return {form: self.approved_page(document, form, template, template_set) for form in FORMS}

    def ask(self, bills: Iterable[tuple[BillDocument, Heading, str]], forms: Sequence[str]) -> None:
        """Have bills made meanwhile, as they are going to be: each its heading and its state."""
        if self.beside is not None:
            from billcli.services.bill.pressroom import Order

            orders = []
            for paper, heading, state in bills:
                # A template at fault is told by its own bill.
                with suppress(BillError):
                    texts = self._texts_of(heading.template)
                    set_ = self._set_of(texts)
                    orders.append(Order(paper, heading._replace(template_set=set_), state, texts))
            self.beside.ask(orders, forms)

    def take(self, paper: BillDocument, template: str) -> Printed | None:
        """What was asked for ahead of a bill that isn't numbered yet, if it is there."""
        if self.beside is None:
            return None
        return self.beside.take(paper, self._texts_of(template))

    def _set_of(self, texts: str) -> str:
        if texts not in self._hashes:
            self._hashes[texts] = template_sets.sha256(texts)
        return self._hashes[texts]

    def _set(self, sha256: str) -> str:
        if sha256 not in self._sets:
            self._sets[sha256] = template_sets.texts(self.ledger, sha256)
        return self._sets[sha256]

    def _texts_of(self, template: str) -> str:
        """The texts of a template as they stand when this command first needs them."""
        if template not in self._texts:
            from billcli.render.texts import dumped

            forms = {}
            for form in FORMS:
                templates, name = self._template(template, form)
                forms[form] = templates.texts(form, name)
            self._texts[template] = dumped(forms)
        return self._texts[template]

    def _template(self, template: str, form: str) -> tuple[BillTemplates, str]:
        """Where the template of a form is, and its name there."""
        file = template_file(template)
        if file is None:
            return self._templates(None), template
        from billcli.render.bill import form_of

        if form_of(file) != form:
            # One file makes one form; the other comes from the standard template.
            return self._templates(None), "standard"
        return self._templates(file), "standard"

    def _templates(self, file: Path | None) -> BillTemplates:
        if file not in self._found:
            from billcli.render.bill import BillTemplates

            folder = self.ledger.path.parent / "templates"
            self._found[file] = BillTemplates(folder if folder.is_dir() else None, file)
        return self._found[file]


def template_file(template: str) -> Path | None:
    """The file of a `--template` that names one, rather than a template of a folder."""
    if "/" in template or template.lower().endswith((".j2", ".md", ".html")):
        return Path(template).absolute()
    return None


def _printed(document: BillDocument, texts: str) -> None:
    from billcli.render.bill import frozen_templates

    for form in FORMS:
        frozen_templates(texts).render(document, form)
