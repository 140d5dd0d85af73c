"""Bills on paper: one document, the firm's template or the one that comes with the program."""

from __future__ import annotations

import re
import traceback
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import NoReturn

from jinja2 import ChoiceLoader, FileSystemLoader, Template, TemplateNotFound, TemplateSyntaxError

from billcli.assets import templates_folder
from billcli.core.document import BillDocument
from billcli.errors import BillError, NotFound, UsageProblem
from billcli.render.printing import printable
from billcli.render.sandbox import BillEnvironment, Fields, environment
from billcli.render.texts import Texts, gathered, loaded
from billcli.values.text import did_you_mean, shown

FORMS = ("md", "html")
STANDARD = "standard"
STATEMENT = "statement"
"""Its template stands beside those of bills, and is none."""
_NAME = re.compile(r"[\w][\w .-]*")


class Press(ABC):
    """What prints bills. Templates are compiled once, and found by those who know where."""

    def __init__(self) -> None:
        self._environments: dict[str, BillEnvironment] = {}
        self._compiled: dict[tuple[str, str], Template] = {}
        self._last: tuple[BillDocument, Fields] | None = None

    def render(self, document: BillDocument, form: str, template: str = STANDARD) -> str:
        """The bill as text of that form, md or html.

        UsageProblem `template.fault`, `template.form`; NotFound `template.missing`.
        """
        found = self._compiled.get((form, template)) or self._compile(form, template)
        if self._last is None or self._last[0] is not document:
            self._last = (document, printable(document))
        try:
            return found.render(self._last[1])
        except BillError:
            raise
        except Exception as fault:  # noqa: BLE001 - whatever goes wrong here, the template did it
            blame(fault, Path(found.filename or found.name or template))

    @abstractmethod
    def _compile(self, form: str, template: str) -> Template:
        """The template by its name, ready to print, or the error that says what is wrong."""


class BillTemplates(Press):
    """Templates for bills: the user's own folder first, then those of the program.

    A single `file` takes the place of every template.
    """

    def __init__(self, user_folder: Path | None = None, file: Path | None = None) -> None:
        super().__init__()
        self._folders = [folder for folder in (user_folder, templates_folder()) if folder]
        self._file = file

    def names(self, form: str) -> list[str]:
        """The templates that there are for a form."""
        ending = f".{form}.j2"
        files = {path.name for folder in self._folders for path in folder.glob(f"*{ending}")}
        names = {name.removesuffix(ending) for name in files if not name.startswith("_")}
        names.discard(STATEMENT)
        return sorted(STANDARD if name == "bill" else name for name in names)

    def texts(self, form: str, template: str = STANDARD) -> Texts:
        """The text of a template and of all that it includes, as it stands now."""
        name = self._file_name(form, template)
        with self._found(form, template, name) as held:
            names = {path.name for folder in self._where() for path in folder.glob("*.j2")}
            return gathered(held, name, sorted(names))

    def _compile(self, form: str, template: str) -> Template:
        if form not in FORMS:
            raise UsageProblem(
                "template.form",
                f"A template makes {' or '.join(FORMS)}; {shown(form)} was asked for.",
            )
        name = self._file_name(form, template)
        with self._found(form, template, name) as held:
            made = self._compiled[form, template] = held.get_template(name)
        return made

    def _where(self) -> list[Path]:
        return [self._file.parent, *self._folders] if self._file else self._folders

    @contextmanager
    def _found(self, form: str, template: str, name: str) -> Iterator[BillEnvironment]:
        """The sandbox of a form; what is wrong with a file read in it is said as the user's."""
        held = self._environments.get(form)
        if held is None:
            loader = ChoiceLoader([FileSystemLoader(folder) for folder in self._where()])
            held = self._environments[form] = environment(form, loader)
        try:
            yield held
        except TemplateNotFound as missing:
            if missing.name != name:
                blame(missing, Path(name))
            raise self._missing(form, template) from None
        except (TemplateSyntaxError, UnicodeDecodeError, OSError) as fault:
            blame(fault, Path(name))

    def _file_name(self, form: str, template: str) -> str:
        if self._file is not None:
            if form_of(self._file) != form:
                raise UsageProblem(
                    "template.form",
                    f"{shown(self._file.name)} makes {form_of(self._file)}; {form} was asked for.",
                    hint=f"Add --format {form_of(self._file)}.",
                )
            return self._file.name
        if template == STANDARD:
            return f"bill.{form}.j2"
        if not _NAME.fullmatch(template) or template == STATEMENT:
            raise self._missing(form, template)
        other = next(other for other in FORMS if other != form)
        if template not in self.names(form) and template in self.names(other):
            # A firm that only designed its HTML still gets plain Markdown beside it.
            return f"bill.{form}.j2"
        return f"{template}.{form}.j2"

    def _missing(self, form: str, template: str) -> NotFound:
        if self._file is not None:
            return NotFound(
                "template.missing", f"There is no file {shown(str(self._file), longest=200)}."
            )
        names = self.names(form)
        guess = did_you_mean(template, names)
        return NotFound(
            "template.missing",
            f"There is no template {shown(template)} for {form}; there is {', '.join(names)}.",
            hint=guess or f"Put {template}.{form}.j2 into the folder templates beside the ledger.",
        )


class FrozenTemplates(Press):
    """The templates that a bill was approved with, whatever became of their files (§4.1)."""

    def __init__(self, texts: str) -> None:
        super().__init__()
        self._forms = loaded(texts)

    def _compile(self, form: str, template: str) -> Template:
        texts = self._forms[form]
        try:
            made = environment(form, texts.loader()).get_template(texts.name)
        except (TemplateNotFound, TemplateSyntaxError) as fault:
            blame(fault, Path(texts.name))
        self._compiled[form, template] = made
        return made


@lru_cache(maxsize=8)
def frozen_templates(texts: str) -> FrozenTemplates:
    """The templates of a set, compiled once: the same texts print the same."""
    return FrozenTemplates(texts)


def form_of(file: Path) -> str:
    """The form that a template file makes, told by its name. UsageProblem `template.form`."""
    for form in FORMS:
        if file.name.lower().endswith((f".{form}.j2", f".{form}")):
            return form
    raise UsageProblem(
        "template.form",
        f"The name {shown(file.name)} doesn't tell what the template makes.",
        hint="Name it with .md.j2 or .html.j2 at its end.",
    )


def blame(fault: Exception, file: Path) -> NoReturn:
    """Raise the fault as the user's to mend: which file, which line, what is wrong."""
    line = None
    if isinstance(fault, TemplateSyntaxError):
        line, file = fault.lineno, Path(fault.filename or fault.name or file)
    else:
        for frame in traceback.extract_tb(fault.__traceback__):
            if frame.filename.endswith((".j2", ".md", ".html")):
                line, file = frame.lineno, Path(frame.filename)
    if isinstance(fault, TemplateNotFound):
        words = f"it asks for {shown(str(fault.name))}, which isn't there"
    elif isinstance(fault, UnicodeDecodeError):
        words = "it isn't UTF-8 text"
    else:
        words = str(fault).rstrip(".") or type(fault).__name__
    where = f" line {line}" if line else ""
    raise UsageProblem(
        "template.fault",
        f"The template {shown(file.name)}{where}: {words}.",
        hint="The fields that a template can print are listed in docs/templates.md.",
    ) from fault
