"""Jinja, held: templates may print what a bill holds, and every text they print is escaped.

A template's author never thinks of escaping. In HTML, Jinja's own autoescape does it; in
Markdown, every printed value goes through `values.text.markdown`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from contextlib import suppress
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from jinja2 import BaseLoader, StrictUndefined
from jinja2.compiler import CodeGenerator
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import missing
from markupsafe import Markup, escape

from billcli.render.compiled import kept
from billcli.render.figures import Printed
from billcli.values import text

_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_PLAIN_CSS = re.compile(r"[^0-9A-Za-z _.,-]")
WEB_ADDRESS = re.compile(r"https?://[^\s<>\"'`\\|]*[^\s<>\"'`\\|.,;:!?)\]]", re.IGNORECASE)
_SHORT = 40
"""Names, days and amounts come again on bill after bill and are kept escaped; narratives don't."""


class Fields(dict[str, Any]):
    """Named values of a bill; a name never meets a method of dict, such as `items`."""

    __slots__ = ()


class _Code(CodeGenerator):
    """Python made of a template: a printed value is escaped in one step, where Jinja takes two.

    Jinja finalizes a value and then escapes what comes of it. In the month end's inner loop that
    is a third of the time, because most of what is printed has been printed before.
    """

    def _output_child_pre(self, node: Any, frame: Any, finalize: Any) -> None:
        if frame.eval_ctx.autoescape and not frame.eval_ctx.volatile:
            self.write("environment.printed(")
        else:
            super()._output_child_pre(node, frame, finalize)

    def _output_child_post(self, node: Any, frame: Any, finalize: Any) -> None:
        if frame.eval_ctx.autoescape and not frame.eval_ctx.volatile:
            self.write(")")
        else:
            super()._output_child_post(node, frame, finalize)


class BillEnvironment(ImmutableSandboxedEnvironment):
    """Jinja's sandbox, quick on the bill's own fields."""

    code_generator_class = _Code
    intercepted_binops = frozenset(["*", "**"])
    printed: Callable[[object], str]
    """What is printed for a value: `finalize`, escaped."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        """A field by its name; anything else as the sandbox allows."""
        if type(obj) is Fields:
            try:
                return obj[attribute]
            except KeyError:
                return self.undefined(obj=obj, name=attribute)
        return super().getattr(obj, attribute)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Arithmetic; what would fill the memory is refused."""
        numbers = isinstance(left, int | float) and isinstance(right, int | float)
        if operator == "*" and numbers:
            return left * right
        if operator == "*" and isinstance(left, str) and isinstance(right, int) and right <= 200:
            return left * right
        raise SecurityError(f"a template may use {operator} on small numbers alone")


class NoSuchField(StrictUndefined):
    """A field that isn't there, in the words of whoever writes templates."""

    @property
    def _undefined_message(self) -> str:
        name = text.shown(str(self._undefined_name))
        if self._undefined_hint:
            return str(self._undefined_hint)
        if self._undefined_obj is missing:
            return f"there is no {name}"
        return f"there is no field {name} here"


def environment(form: str, loader: BaseLoader) -> BillEnvironment:
    """The sandbox for templates of one form, md or html."""
    made = BillEnvironment(
        loader=loader,
        undefined=NoSuchField,
        autoescape=True,
        finalize=_in_html if form == "html" else _in_markdown,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
        bytecode_cache=kept(form, compiler=_compiler()),
    )
    made.printed = _printed_html if form == "html" else _in_markdown
    made.filters["css"] = css_string
    made.filters["linked"] = _linked_html if form == "html" else _linked_markdown
    return made


@cache
def _compiler() -> str:
    """What decides which code becomes of a template: the text of this module."""
    with suppress(OSError):
        return hashlib.sha256(Path(__file__).read_bytes()).hexdigest()
    return ""


def css_string(value: object) -> Markup:
    """The text for use between the quotes of a string in a style sheet."""
    line = text.visible(_LINE_ENDS.sub(" ", str(value)).replace("\n", " "))
    return Markup(_PLAIN_CSS.sub(lambda found: f"\\{ord(found.group()):x} ", line))


def _linked_html(value: object) -> Markup:
    """The text with its web addresses to be clicked."""
    made, rest = Markup(), str(_in_html(str(value)))
    after = 0
    for found in WEB_ADDRESS.finditer(rest):
        made += rest[after : found.start()]
        made += Markup('<a href="{0}">{0}</a>').format(found.group())
        after = found.end()
    return made + rest[after:]


def _linked_markdown(value: object) -> Markup:
    """The text with its web addresses to be clicked and its line ends kept."""
    lines = []
    for line in _LINE_ENDS.sub("\n", str(value)).split("\n"):
        made, after = "", 0
        for found in WEB_ADDRESS.finditer(line):
            made += _spaced(line[after : found.start()])
            made += f"<{text.visible(found.group())}>"
            after = found.end()
        lines.append((made + _spaced(line[after:])).strip())
    return Markup("\\\n".join(line for line in lines if line))


def _spaced(words: str) -> str:
    """The words escaped, the blanks around them kept."""
    bare = words.strip()
    if not bare:
        return " " if words else ""
    return (
        (" " if words[0] != bare[0] else "")
        + text.markdown(bare)
        + (" " if words[-1] != bare[-1] else "")
    )


def _in_html(value: object) -> object:
    """The value as Jinja is then to escape it: control characters shown, line ends kept."""
    if type(value) is str:
        if value.isascii() and value.isprintable():
            return value
        return text.visible(_LINE_ENDS.sub("\n", value).replace("\t", " "), lines=True)
    if type(value) is Printed or isinstance(value, Markup):
        return value
    return "" if value is None else _in_html(str(value))


def _printed_html(value: object) -> Markup:
    if type(value) is Printed:
        return _own_html(value)
    if type(value) is str and len(value) <= _SHORT:
        return _short_html(value)
    return escape(_in_html(value))


@lru_cache(maxsize=8192)
def _short_html(value: str) -> Markup:
    return escape(_in_html(value))


# Caches of their own for what is Printed: the same text typed by a user is an equal key.
@lru_cache(maxsize=8192)
def _own_html(value: Printed) -> Markup:
    return escape(value)


def _in_markdown(value: object) -> Markup:
    if type(value) is Printed:
        return _as_is(value)
    if isinstance(value, Markup):
        return value
    if type(value) is str:
        return _escaped(value) if len(value) <= _SHORT else Markup(text.markdown(value))
    return Markup("") if value is None else _in_markdown(str(value))


@lru_cache(maxsize=8192)
def _escaped(value: str) -> Markup:
    return Markup(text.markdown(value))


@lru_cache(maxsize=8192)
def _as_is(value: Printed) -> Markup:
    return Markup(value)
