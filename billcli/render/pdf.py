"""Pages as PDF, made of their HTML by WeasyPrint; it comes with the extra `billcli[pdf]`."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from billcli.errors import Refused, UsageProblem

if TYPE_CHECKING:
    from weasyprint import HTML, URLFetcher


# A style sheet, a title, a tag, or a word that no line is wide enough for. The engine cuts such a
# word off in a table; asked to break it anywhere, it takes minutes for a long narrative.
_WORDS = re.compile(r"(<(style|title)\b.*?</\2>|<[^>]*>)|([^\s<>&]{48})", re.DOTALL | re.IGNORECASE)


def pdf(page: str) -> bytes:
    """The HTML page as a PDF with tags for screen readers; the same page gives the same bytes.

    Nothing is fetched: no file and no address, only what the page carries in itself. UsageProblem
    `pdf.missing` without the extra; Refused `pdf.failed` where the page can't be laid out.
    """
    fetcher = _fetcher()
    from weasyprint import HTML

    try:
        html = HTML(string=_breakable(page), url_fetcher=fetcher)
        _leave_files(html)
        made: bytes = html.write_pdf(pdf_tags=True)
    except Exception as fault:  # whatever a user's own template makes a layout engine do
        raise Refused(
            "pdf.failed",
            f"The page can't be laid out as a PDF: {type(fault).__name__}: {fault}",
            hint="Look at the bill with --format html, and at the template it is made with.",
        ) from fault
    return made


def _leave_files(html: HTML) -> None:
    """Take no file along: it would carry the moment at which the PDF was made."""
    for element in html.etree_element.iter():
        if "attachment" in element.get("rel", "").lower().split():
            del element.attrib["rel"]


def _breakable(page: str) -> str:
    return _WORDS.sub(lambda found: found[1] or f"{found[3]}<wbr>", page)


@cache
def _fetcher() -> URLFetcher:
    """The door through which a page could reach out: open for what it carries itself alone."""
    try:
        from weasyprint import URLFetcher
    except ImportError as missing:
        raise UsageProblem(
            "pdf.missing",
            "PDFs are made by WeasyPrint, which isn't installed here.",
            hint="Install it: pip install 'billcli[pdf]'",
        ) from missing
    except OSError as missing:  # its Python part is here, the text engine that it calls isn't
        raise UsageProblem(
            "pdf.missing",
            f"WeasyPrint can't be loaded: {str(missing).splitlines()[0]}",
            hint="It needs Pango: apt-get install libpango-1.0-0 libpangoft2-1.0-0, "
            "or brew install pango",
        ) from missing
    return URLFetcher(allowed_protocols=("data",), allow_redirects=False)


def ready() -> None:
    """Make sure that PDFs can be made, before anything is written. UsageProblem `pdf.missing`."""
    _fetcher()
