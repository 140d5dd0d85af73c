"""A CSV file as rows of named cells: headers found by their names, in any order."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from billcli.errors import BillError, UsageProblem
from billcli.formats.imports.model import Place
from billcli.values.text import did_you_mean, read_text, shown, visible

Headers = Mapping[str, Sequence[str]]
LONGEST = 10_000
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


@dataclass(frozen=True, slots=True)
class Cells:
    """One row: its cells by field."""

    place: Place
    cells: Mapping[str, str]
    titles: Mapping[str, str]

    def __getitem__(self, field: str) -> str:
        """The text of a cell; nothing where the file has no such column."""
        return self.cells.get(field, "")

    def kept(self) -> Cells:
        """The same row, where each of its cells is text that can be kept. `import.row`."""
        for field, text in self.cells.items():
            # What can't be kept is rare, and reading each cell for it would take long.
            if len(text) > LONGEST or not text.isascii() or "\0" in text:
                try:
                    read_text(text, "cell", longest=LONGEST, required=False)
                except UsageProblem as problem:
                    raise self.fault(field, problem) from None
        return self

    def title(self, field: str) -> str:
        """The column as the file heads it."""
        return f'column "{self.titles[field]}"' if field in self.titles else "as a whole"

    def fault(self, field: str, problem: BillError) -> UsageProblem:
        """The problem with the row and the column."""
        return self.place.fault(self.title(field), problem)


def decoded(content: bytes) -> str:
    """The text of a file: UTF-8, with or without a mark at its start. `import.unreadable`."""
    encoding = next((name for mark, name in _BOMS if content.startswith(mark)), "utf-8")
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        raise UsageProblem(
            "import.unreadable",
            "The file isn't UTF-8 text.",
            hint='Save it as "CSV UTF-8" and try again.',
        ) from None


def rows(
    text: str, headers: Headers, needed: Sequence[str], columns: Mapping[str, str]
) -> Iterator[Cells]:
    """The rows of a CSV file. `columns` says which header stands for a field.

    Blank lines are passed over, but counted, as a spreadsheet does. UsageProblem:
    `import.unreadable`, `import.columns`, `import.row`.
    """
    lines = enumerate(_lines(text), start=1)
    head = next((row for _, row in lines if any(cell.strip() for cell in row)), None)
    if head is None:
        raise UsageProblem(
            "import.unreadable", "The file is empty.", hint="Export it again, headers included."
        )
    titles = [cell.strip() for cell in head]
    places = _places(titles, headers, needed, columns)
    named = {field: titles[place] for field, place in places.items()}
    for number, row in lines:
        if not any(cell.strip() for cell in row):
            continue
        place = Place(number)
        if len(row) < len(titles) or any(cell.strip() for cell in row[len(titles) :]):
            raise place.missing(
                f"column {min(len(row), len(titles)) + 1}",
                f"the row has {len(row)} cells; the headers are {len(titles)}.",
                "The file may be cut short, or a text with commas lacks its quotes.",
            )
        yield Cells(place, {field: row[at].strip() for field, at in places.items()}, named).kept()


def _lines(text: str) -> Iterator[list[str]]:
    first = text.lstrip("\r\n").partition("\n")[0]
    mark = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    try:
        yield from reader
    except csv.Error as failure:
        raise UsageProblem(
            "import.unreadable",
            f"Line {reader.line_num} isn't CSV: {visible(str(failure))}.",
            hint="A quote may be missing, or one stands in the middle of a cell.",
        ) from None


def _places(
    titles: Sequence[str], headers: Headers, needed: Sequence[str], columns: Mapping[str, str]
) -> dict[str, int]:
    """Where each field stands."""
    folded: dict[str, list[int]] = {}
    for at, title in enumerate(titles):
        folded.setdefault(title.casefold(), []).append(at)
    places: dict[str, int] = {}
    for field, known in headers.items():
        wanted = (columns[field],) if field in columns else known
        found = next((folded[name.casefold()] for name in wanted if name.casefold() in folded), [])
        if len(found) > 1:
            raise UsageProblem(
                "import.columns",
                f"Two columns are headed {shown(titles[found[0]])}.",
                hint="Rename one of them in the file.",
            )
        if found:
            places[field] = found[0]
        elif field in needed or field in columns:
            raise UsageProblem(
                "import.columns",
                f"The file has no column {shown(wanted[0])}"
                + (
                    f" (or {', '.join(shown(name) for name in wanted[1:])})." if wanted[1:] else "."
                ),
                hint=did_you_mean(wanted[0], [title for title in titles if title])
                or f"Name the header that stands for it: --column {field}=HEADER.",
            )
    return places
