"""Text as it may stand in a file: no pipe, no end of record, and only letters that are allowed.

Nothing is dropped in silence: what was changed is noted, what can't be written is refused.
"""

from __future__ import annotations

import re
import unicodedata

from billcli.errors import Refused
from billcli.formats.ledes.model import Note
from billcli.values.text import shown

_PLAIN = str.maketrans(
    {
        "‘": "'", "’": "'", "‚": "'", "‛": "'", "′": "'", "“": '"', "”": '"', "„": '"', "″": '"',
        "«": '"', "»": '"', "‹": "'", "›": "'", "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-",
        "―": "-", "−": "-", "…": "...", "•": "*", "·": "*", "§": "Sec. ", "¶": "Para. ",
        "€": "EUR ", "£": "GBP ", "©": "(c)", "®": "(R)", "×": "x", "÷": "/", "⁄": "/",
        "ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O",
        "đ": "d", "Đ": "D", "ł": "l", "Ł": "L", "þ": "th", "Þ": "Th", "ð": "d", "Ð": "D",
        "ı": "i", "º": "o", "ª": "a", "¿": "?", "¡": "!",
    }
)  # fmt: skip
# Not seen, and of no use to a reader: soft hyphens, joiners, marks of direction.
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufeff\u202a-\u202e\u2066-\u2069]")
_BLANKS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


class Words:
    """The texts of one file: each call gives one as it is written, and notes what changed."""

    def __init__(self, encoding: str = "ascii") -> None:
        self.encoding = encoding
        self.notes: list[Note] = []

    def fit(
        self, text: str, column: str, longest: int, *, row: int | None = None, cut: bool = False
    ) -> str:
        """The text for a column. Refused `ledes.character`, `ledes.too-long` unless it may be cut.

        A pipe becomes a slash, two brackets that would end the record get a blank between them.
        """
        if text.isascii() and text.isprintable() and "|" not in text and "[]" not in text:
            made = text.strip()
        else:
            made = self._changed(text, column, row)
        if len(made) > longest:
            if not cut:
                raise Refused(
                    "ledes.too-long",
                    f"{column} takes {longest} characters; {shown(made)} has {len(made)}.",
                    hint="A shorter one, or another of the client's own: "
                    "billcli client edit ID --ebilling client_id=… or law_firm_id=….",
                )
            self._note(row, column, f"cut from {len(made):,} to {longest:,} characters.")
            made = made[: longest - 3].rstrip() + "..." if longest > 10 else made[:longest]
        return made

    def _note(self, row: int | None, column: str, words: str) -> None:
        self.notes.append(Note(row, column, words))

    def _changed(self, text: str, column: str, row: int | None) -> str:
        seen = _UNSEEN.sub("", text)
        if seen != text:
            self._note(row, column, "characters that nobody sees were left out.")
        line = _BLANKS.sub(" ", seen).strip()
        if line != seen.strip():
            self._note(row, column, "line ends and control characters became blanks.")
        folded = self._folded(line, column, row)
        safe = folded.replace("|", "/")
        if safe != folded:
            self._note(row, column, '"|" became "/".')
        closed = safe.replace("[]", "[ ]")
        if closed != safe:
            self._note(row, column, '"[]" became "[ ]".')
        return closed

    def _folded(self, text: str, column: str, row: int | None) -> str:
        composed = unicodedata.normalize("NFC", text)
        if self._fits(composed):
            return composed
        made = "".join(char if self._fits(char) else _bare(char) for char in composed)
        for char in made:
            if not self._fits(char):
                where = f"row {row}, {column}" if row else column
                raise Refused(
                    "ledes.character",
                    f"{shown(char)} (U+{ord(char):04X}) in {where} can't be written as "
                    f"{self.encoding.upper()}.",
                    hint="Change the text, or, where the receiver takes it, --encoding utf-8.",
                )
        self._note(row, column, f"letters were written as {self.encoding.upper()} has them.")
        return made

    def _fits(self, text: str) -> bool:
        try:
            text.encode(self.encoding)
        except UnicodeEncodeError:
            return False
        return True


def _bare(char: str) -> str:
    """A letter without its accents, or as it is where nobody would know it again."""
    plain = char.translate(_PLAIN)
    if plain.isascii():
        return plain
    parts = unicodedata.normalize("NFKD", plain).translate(_PLAIN)
    return "".join(part for part in parts if not unicodedata.combining(part)) or char
