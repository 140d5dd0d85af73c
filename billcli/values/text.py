"""Typed text: read with its limits, and made safe for screens, Markdown, CSV and file names."""

from __future__ import annotations

import re
from collections.abc import Iterable

from billcli.errors import UsageProblem

# Besides the control characters: line and paragraph separators, and the marks that make a
# terminal or an editor show text in another order than it is stored.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
_BREAKS = re.compile("\r\n|[\n\r\t\x0b\x0c\x85\u2028\u2029]")
_MARKS = re.compile(r"[\\`*_\[\]<>#|~]")
_ENTITY = re.compile(r"&(?=#?[0-9A-Za-z]+;)")
_BARE_LINK = re.compile(r":(?=//)|(?<=www)\.", re.IGNORECASE)
_NUMBERED = re.compile(r"(\d{1,9})([.)])", re.ASCII)
_PLAIN_NUMBER = re.compile(r"[-+]?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?", re.ASCII)
# What starts a formula, in full width too.
_FORMULA = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"
_ID = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*")
_ZEROS = re.compile(r"(?<!\d)0+(?=\d)", re.ASCII)
_SIGNS = "abcdefghijklmnopqrstuvwxyz0123456789-._ "
MANY = 2_000
"""Choices that can still be compared one by one as quickly as an error should come."""
_NOT_IN_FILE_NAMES = re.compile(r'[/\\:*?"<>|]')
_RESERVED = re.compile(
    r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE | re.DOTALL
)


def visible(text: str, *, lines: bool = False) -> str:
    r"""The text with everything a screen would obey instead of show written out, as `\x1b`.

    With `lines`, line ends (`\n` alone) are kept.
    """
    if text.isascii() and text.isprintable():
        return text
    return _UNSEEN.sub(
        lambda found: "\n" if lines and found[0] == "\n" else _escape(found[0]), text
    )


def shown(text: str, *, longest: int = 40) -> str:
    """A typed value as an error names it: in quotes, not longer than needed, nothing unseen.

    Stricter than visible: a no-break or zero-width blank may be the very fault.
    """
    cut = "".join(char if char.isprintable() else _escape(char) for char in text[: longest + 1])
    return f'"{cut}"' if len(cut) <= longest else f'"{cut[: longest - 1]}…"'


def _escape(char: str) -> str:
    code = ord(char)
    if char in _SHORT:
        return _SHORT[char]
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def read_text(text: str, what: str, *, longest: int = 200, required: bool = True) -> str:
    """What was typed, without blanks around it; anything a person may mean to write is kept.

    UsageProblem: `text.nul`, `text.undecodable`, `text.empty`, `text.too-long`.
    """
    if "\0" in text:
        raise UsageProblem(
            "text.nul",
            f"The {what} holds a NUL character, which no text can keep: {shown(text)}.",
            hint="Remove it and try again.",
        )
    if any("\ud800" <= char <= "\udfff" for char in text):
        raise UsageProblem(
            "text.undecodable",
            f"The {what} holds bytes that are not UTF-8 text: {shown(text)}.",
            hint="Type it again, or convert the file to UTF-8.",
        )
    kept = text.strip()
    if required and not kept:
        raise UsageProblem(
            "text.empty", f"The {what} is empty.", hint=f"Give the {what} in quotes."
        )
    if len(kept) > longest:
        raise UsageProblem(
            "text.too-long",
            f"The {what} has {len(kept):,} characters; at most {longest:,} are kept.",
            hint="Shorten it.",
        )
    return kept


def read_id(text: str, what: str, *, longest: int = 20) -> str:
    """A short name that can stand in a command and in a file name: letters, digits, `-` `.` `_`.

    UsageProblem `id.unreadable`.
    """
    if len(text) <= longest and _ID.fullmatch(text):
        return text
    why = (
        "is empty"
        if not text
        else f"is longer than {longest} characters"
        if len(text) > longest
        else f'starts with "{text[0]}"'
        if text[0] in "-."
        else "holds something else"
    )
    raise UsageProblem(
        "id.unreadable",
        f"{shown(text)} can't be a {what}: it {why}.",
        hint=f'Use at most {longest} of A-Z, a-z, 0-9, "-", "." and "_", '
        'not starting with "-" or ".".',
    )


def markdown(text: str) -> str:
    """The text so that Markdown shows it as typed, on one line, in a table cell too.

    No raw HTML is made: a line end becomes a blank.
    """
    plain = text.isascii() and text.isprintable()
    line = text.strip() if plain else visible(_BREAKS.sub(" ", text).strip())
    line = _MARKS.sub(r"\\\g<0>", line)
    # Looked for first: a substitution costs ten times as much, and few narratives need one.
    if "&" in line:
        line = _ENTITY.sub(r"\\&", line)
    if "//" in line or "www." in line.lower():
        line = _BARE_LINK.sub(r"\\\g<0>", line)
    if line[:1] in ("-", "+", "=", ":"):
        return "\\" + line
    return _NUMBERED.sub(r"\1\\\2", line, count=1) if _NUMBERED.match(line) else line


def csv_cell(text: str) -> str:
    """The text so that no spreadsheet runs it as a formula; a plain number stays a number."""
    if _PLAIN_NUMBER.fullmatch(text):
        return text
    first = text.lstrip(" \xa0")[:1]
    return "'" + text if first and first in _FORMULA else text


def file_name(text: str) -> str:
    """A name for a file, made from any text, that stays in its folder on every system.

    At most 100 characters and 200 bytes, so that an ending can still be put after it.
    """
    import unicodedata

    name = unicodedata.normalize("NFC", text)
    name = _NOT_IN_FILE_NAMES.sub("-", _UNSEEN.sub("-", name))
    name = re.sub(r"\s+", " ", name).lstrip(" .-")[:100]
    while len(name.encode("utf-8")) > 200:
        name = name[:-1]
    name = name.rstrip(" .")
    if _RESERVED.fullmatch(name):
        name = "_" + name[:99].rstrip(" .")
    return name or "unnamed"


def nearest(word: str, choices: Iterable[str]) -> str | None:
    """The choice that was probably meant, if one comes near: as a whole, or by its beginning.

    A number is near whatever zeros it begins with. Of equals it is the first. Among very many
    choices only those one slip away count, since looking at each takes seconds.
    """
    import difflib

    folded: dict[str, str] = {}
    for choice in choices:
        folded.setdefault(choice.casefold(), choice)
    typed = word[:100].casefold()
    bare = _ZEROS.sub("", typed)
    same = [choice for choice in folded if _ZEROS.sub("", choice) == bare]
    if same:
        return folded[min(same)]
    begun = [choice for choice in folded if len(typed) > 1 and choice.startswith(typed)]
    if begun:
        return folded[min(begun, key=lambda choice: (len(choice), choice))]
    if len(folded) > MANY:
        slips = folded.keys() & _slips(typed)
        return folded[min(slips)] if slips else None
    close = difflib.get_close_matches(typed, folded, n=9)
    if close:
        alike = difflib.SequenceMatcher
        return folded[max(sorted(close), key=lambda each: alike(None, each, typed).ratio())]
    # What was broken off early, with a slip in it: `earnd` for earned-on-receipt.
    openings = {choice[: len(typed) + 1]: choice for choice in folded if len(choice) > len(typed)}
    near = difflib.get_close_matches(typed, openings, n=1, cutoff=0.8) if len(typed) > 3 else []
    return folded[openings[near[0]]] if near else None


def _slips(typed: str) -> set[str]:
    """All that one slip of the finger may have made this of: a sign too much, too few, another."""
    parts = [(typed[:at], typed[at:]) for at in range(len(typed) + 1)]
    made = {head + tail[1:] for head, tail in parts}
    made |= {head + tail[1] + tail[0] + tail[2:] for head, tail in parts if len(tail) > 1}
    for sign in _SIGNS:
        made |= {head + sign + tail for head, tail in parts}
        made |= {head + sign + tail[1:] for head, tail in parts}
    return made


def did_you_mean(word: str, choices: Iterable[str]) -> str | None:
    """The hint that names the choice that was probably meant, if one comes near."""
    choice = nearest(word, choices)
    return f'Did you mean "{visible(choice)}"?' if choice is not None else None


def meant(word: str, choices: Iterable[str]) -> str:
    """The hint for a word that has to be one of a few: the nearest, or all of them."""
    few = tuple(choices)
    return did_you_mean(word, few) or f"It is one of {', '.join(few)}."
