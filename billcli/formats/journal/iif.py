"""Entries for QuickBooks Desktop: text with tabs, a block of TRNS, SPL and ENDTRNS for each."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from billcli.formats.journal.entries import Entry
from billcli.values.money import plain
from billcli.values.text import visible

ENCODING = "cp1252"
_COLUMNS = "TRNSTYPE\tDATE\tACCNT\tNAME\tAMOUNT\tDOCNUM\tMEMO"
_KIND = "GENERAL JOURNAL"
LONGEST = 200


def text(entries: Iterable[Entry], *, decimals: int) -> str:
    """The whole file; its letters are all in Windows-1252."""
    made = [f"!TRNS\t{_COLUMNS}", f"!SPL\t{_COLUMNS}", "!ENDTRNS"]
    for entry in entries:
        for n, line in enumerate(entry.lines):
            fields = (
                "SPL" if n else "TRNS",
                _KIND,
                f"{entry.day:%m/%d/%Y}",
                _field(line.account),
                _field(line.client),
                plain(line.cents, decimals),
                entry.number,
                _field(line.words)[:LONGEST],
            )
            made.append("\t".join(fields))
        made.append("ENDTRNS")
    return "".join(f"{line}\r\n" for line in made)


def _field(words: str) -> str:
    """A text without tabs, line ends and quotes, in the letters that the program knows."""
    bare = visible(words).replace("\t", " ").replace('"', "'")
    return "".join(_letter(letter) for letter in bare)


def _letter(letter: str) -> str:
    """The letter, or the one it is without its accents; a question mark where there is none."""
    plainer = unicodedata.normalize("NFKD", letter)
    bare = "".join(each for each in plainer if not unicodedata.combining(each))
    for form in (letter, bare):
        try:
            form.encode(ENCODING)
        except UnicodeEncodeError:
            continue
        return form
    return "?"
