"""Lists of codes: tab-separated, with the names of the columns in the first line."""

from __future__ import annotations

from billcli.core.code import read_code
from billcli.core.utbms import Code
from billcli.errors import UsageProblem
from billcli.values.text import did_you_mean, read_text, shown

KNOWN = ("code", "title", "set", "phase", "status")
ALSO = {"description": "title", "name": "title", "code set": "set", "codeset": "set"}
LONGEST = {"title": 200, "set": 40, "phase": 20}


def shipped(text: str) -> tuple[Code, ...]:
    """The list that comes with the program, which is sound."""
    _, *rows = (line.split("\t") for line in text.splitlines())
    return tuple(
        Code(set_, code, title, phase, status == "confirmed")
        for code, set_, phase, title, status in rows
    )


def read(text: str, name: str, *, set_: str | None = None) -> tuple[Code, ...]:
    """A client's own list; `set_` is the set where the file has no column for it.

    UsageProblem `utbms.unreadable`, naming the line.
    """
    lines = [(n, line) for n, line in enumerate(text.lstrip("\ufeff").splitlines(), 1) if line]
    if not lines:
        raise _wrong(f"{name} is empty.")
    columns = _columns(lines[0][1], name)
    if "set" not in columns and set_ is None:
        raise _wrong(f"{name} has no column named set.", "Name the set: --set NAME.")
    found: dict[tuple[str, str], Code] = {}
    for code in (_code(n, line, columns, name, set_) for n, line in lines[1:]):
        key = (code.set.lower(), code.code)
        if key in found:
            raise _wrong(f"{name} has {code.code} of {shown(code.set)} twice.")
        found[key] = code
    if not found:
        raise _wrong(f"{name} has the names of columns, and no codes.")
    return tuple(found.values())


def _columns(line: str, name: str) -> list[str]:
    heads = [head.strip().strip('"').lower() for head in line.split("\t")]
    columns = [ALSO.get(head, head) for head in heads]
    for wanted in ("code", "title"):
        if wanted not in columns:
            near = did_you_mean(wanted, columns)
            hint = "The first line names the columns: code, title, and set and phase if there are."
            raise _wrong(f"{name} has no column named {wanted}.", near or hint)
    if len(set(columns) & set(KNOWN)) < sum(column in KNOWN for column in columns):
        raise _wrong(f"{name} has a column twice.")
    return columns


def _code(n: int, line: str, columns: list[str], name: str, set_: str | None) -> Code:
    cells = [cell.strip() for cell in line.split("\t")]
    if len(cells) > len(columns):
        raise _wrong(f"{name}, line {n}: {len(cells)} cells under {len(columns)} names.")
    row = dict(zip(columns, cells, strict=False))
    try:
        code = read_code(row.get("code", ""))
        texts = {key: _text(row, key) for key in LONGEST if key != "set"}
        named = read_text(set_ or row.get("set", ""), "set", longest=LONGEST["set"])
    except UsageProblem as problem:
        raise _wrong(f"{name}, line {n}: {problem.sentence}", problem.hint) from problem
    confirmed = row.get("status", "confirmed").lower() != "unconfirmed"
    return Code(named, code, texts["title"], texts["phase"], confirmed)


def _text(row: dict[str, str], key: str) -> str:
    return read_text(row.get(key, ""), key, longest=LONGEST[key], required=key == "title")


def _wrong(sentence: str, hint: str | None = None) -> UsageProblem:
    return UsageProblem("utbms.unreadable", sentence, hint=hint)
