"""A file as its lines of fields, whoever wrote it, with what is wrong with its shape."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from billcli.formats.ledes.columns import COLUMNS, FIRST_LINES
from billcli.values.text import shown


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that a receiver refuses (error) or grumbles at (warning), by line and column."""

    line: int
    column: str
    severity: str
    code: str
    words: str

    def __str__(self) -> str:
        return f"{self.severity}: {self.told()}"

    def told(self) -> str:
        """The finding without how bad it is."""
        return f"line {self.line}, {self.column}: {self.words}"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the file by column names, and the line it begins in."""

    line: int
    fields: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.fields.get(column, "")


@dataclass(slots=True)
class Sheet:
    """What was read: the format where it could be told, the rows, the faults of the shape."""

    format: str | None = None
    rows: list[Row] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def fault(self, line: int, column: str, code: str, words: str, *, error: bool = True) -> None:
        """Keep a finding."""
        severity = "error" if error else "warning"
        self.findings.append(Finding(line, column, severity, code, words))


def read(content: bytes) -> Sheet:
    """The rows of any bytes; what can't be read becomes a finding, never a failure."""
    sheet = Sheet()
    records = list(_records(_text(content, sheet), sheet))
    if not records:
        sheet.fault(1, "first line", "empty", "the file holds no record that ends with [].")
        return sheet
    line, first = records[0]
    kinds = {words: kind for kind, words in FIRST_LINES.items()}
    sheet.format = kinds.get(first)
    if sheet.format is None:
        wanted = " or ".join(f"{words}[]" for words in kinds)
        words = f"{shown(first)} is no format that is known; {wanted} is wanted."
        sheet.fault(line, "first line", "format", words)
        return sheet
    if len(records) == 1:
        sheet.fault(line, "header", "header", "there is no line with the names of the columns.")
        return sheet
    names = list(COLUMNS[sheet.format])
    _header(sheet, *records[1], names)
    for at, record in records[2:]:
        fields = record.split("|")
        if len(fields) != len(names):
            words = f"{len(fields)} fields; {len(names)} are wanted."
            sheet.fault(at, "columns", "count", words)
        else:
            sheet.rows.append(Row(at, dict(zip(names, fields, strict=True))))
    if len(records) == 2:
        sheet.fault(records[1][0], "rows", "empty", "the file has no rows.")
    return sheet


def _text(content: bytes, sheet: Sheet) -> str:
    if content.startswith(b"\xef\xbb\xbf"):
        sheet.fault(1, "first line", "bom", "the file begins with a byte order mark.")
        content = content[3:]
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    if not content.isascii():
        line = content[: next(n for n, byte in enumerate(content) if byte > 127)].count(b"\n") + 1
        words = "letters that aren't ASCII; some receivers refuse the file as an invalid format."
        sheet.fault(line, "encoding", "encoding", words, error=False)
    return text


def _records(text: str, sheet: Sheet) -> Iterator[tuple[int, str]]:
    """Each record with its line: it ends at `[]`, and the end of the line is only looks."""
    line = 1
    *whole, rest = text.split("[]")
    for part in whole:
        record = part.lstrip("\r\n")
        led = part[: len(part) - len(record)]
        line += led.count("\n")
        if led.count("\n") > 1:
            sheet.fault(line, "blank line", "blank-line", "a blank line.", error=False)
        yield line, record
        if "\n" in record or "\r" in record:
            words = "a record goes over several lines: a line end in a field, or [] is missing."
            sheet.fault(line, "record", "line-end", words)
        line += record.count("\n")
    if rest.strip():
        sheet.fault(line + 1, "record", "unended", f"{shown(rest.strip())} doesn't end with [].")
    elif rest.count("\n") > 1:
        sheet.fault(line + 1, "blank line", "blank-line", "blank lines at the end.", error=False)


def _header(sheet: Sheet, line: int, record: str, names: list[str]) -> None:
    found = record.split("|")
    if len(found) != len(names):
        words = f"the header names {len(found)} columns; {len(names)} are wanted."
        sheet.fault(line, "header", "count", words)
    for n, (has, wanted) in enumerate(zip(found, names, strict=False), 1):
        if has != wanted:
            words = f"column {n} is {shown(has)}; {wanted} is wanted."
            sheet.fault(line, "header", "header", words)
