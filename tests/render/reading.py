"""Reads a printed bill back: what a person sees in HTML and in Markdown."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from markdown_it import MarkdownIt

VOID = {"meta", "img", "br", "link", "input", "hr"}


class Page(HTMLParser):
    """A page's text, its tables and its faults."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.faults: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.pieces: list[str] = []
        self.tables: dict[str, list[list[str]]] = {}
        self._caption = ""
        self.feed(html)
        self.close()
        self.faults += [f"{tag} stays open" for tag in self.open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
        if tag == "caption":
            self._caption = ""
        if tag == "tr":
            self.tables.setdefault(self._caption, []).append([])
        if tag in ("td", "th"):
            self.tables[self._caption][-1].append("")

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1] != tag:
            self.faults.append(f"</{tag}> closes {self.open[-1:]}")
            return
        self.open.pop()

    def handle_data(self, data: str) -> None:
        if "style" in self.open:
            return
        self.pieces.append(data)
        if "caption" in self.open:
            self._caption += data
        if "td" in self.open or "th" in self.open:
            self.tables[self._caption][-1][-1] += data

    @property
    def text(self) -> str:
        return "".join(self.pieces)


def of_markdown(text: str) -> Page:
    """The page that a Markdown reader makes of it; a table's caption is its heading."""
    html = MarkdownIt("commonmark").enable("table").render(text)
    return Page(re.sub(r"<h3>(.*?)</h3>", r"<caption>\1</caption>", html))


def cents(shown: str) -> int:
    """A printed amount of two decimals, in cents; words such as Included are nothing."""
    digits = re.sub(r"[,\s]", "", shown)
    return int(digits.replace(".", "")) if re.fullmatch(r"-?\d+\.\d\d", digits) else 0


def e4(shown: str) -> int:
    """Printed hours or a printed rate, times ten thousand."""
    whole, _, fraction = shown.replace(",", "").partition(".")
    return int(whole + fraction.ljust(4, "0"))
