"""The text that a bill is printed from, gathered whole: an approved bill keeps its template's.

A template may include others. Which ones is mostly written in it; where it is computed, all that
lies beside it is gathered.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass

from jinja2 import BaseLoader, FunctionLoader, TemplateNotFound
from jinja2.meta import find_referenced_templates

from billcli.render.sandbox import BillEnvironment

_NAMED = re.compile(
    r"""\{%[-+]?\s*(?:include|extends|import|from)\b
        (?:\s*(["'])(?P<name>[^"'\\]*)\1\s*(?=[-+]?%\}|(?:ignore|with|without|as|import)\b))?""",
    re.VERBOSE,
)
"""A tag that takes in another file; without a name where that is computed."""


@dataclass(frozen=True, slots=True)
class Texts:
    """What one form of a bill is printed from: its file's name, and every file by its name."""

    name: str
    files: Mapping[str, str]

    def loader(self) -> BaseLoader:
        """Finds these texts and no other; a fault is told by the file's name."""

        def found(name: str) -> tuple[str, str, None] | None:
            text = self.files.get(name)
            return None if text is None else (text, name, None)

        return FunctionLoader(found)


def gathered(held: BillEnvironment, name: str, beside: Iterable[str]) -> Texts:
    """A template with all that it may include; `beside` are the names that it could compute.

    What it includes and isn't there is left out: perhaps it is `ignore missing`, and if it isn't,
    printing says so. Faults are Jinja's own.
    """
    if held.loader is None:
        raise TemplateNotFound(name)
    files: dict[str, str] = {}
    gone: set[str] = set()
    wanted = [name]
    while wanted:
        next_ = wanted.pop()
        if next_ in files or next_ in gone:
            continue
        try:
            text, path, _ = held.loader.get_source(held, next_)
        except (TemplateNotFound, UnicodeDecodeError):
            if next_ == name:
                raise
            gone.add(next_)
            continue
        files[next_] = text
        for other in _taken_in(held, text, next_, path):
            wanted += beside if other is None else [other]
    return Texts(name, files)


def _taken_in(
    held: BillEnvironment, text: str, name: str, path: str | None
) -> Iterable[str | None]:
    """The names of what a text takes in; None for one that is computed.

    Where every name stands plainly in its tag, Jinja needn't parse the text to tell.
    """
    found = [tag["name"] for tag in _NAMED.finditer(text)]
    if None in found:
        return find_referenced_templates(held.parse(text, name, path))
    return found


def dumped(forms: Mapping[str, Texts]) -> str:
    """The texts of all forms as JSON with one spelling."""
    data = {form: asdict(texts) for form, texts in forms.items()}
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def loaded(data: str) -> dict[str, Texts]:
    """Back from JSON."""
    return {form: Texts(**texts) for form, texts in json.loads(data).items()}
