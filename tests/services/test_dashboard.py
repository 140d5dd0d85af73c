"""The practice on a page: the page shows the numbers of --json, whatever the names are."""

from __future__ import annotations

import stat
from collections.abc import Callable
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from offices import Answer, furnish

from billcli.render import page_tables as tables
from billcli.render.table import Column
from billcli.services.arrangement import arrangements
from billcli.services.matter import matters
from billcli.services.milestones import tasks, triggers
from billcli.services.office import clients, timekeepers
from billcli.store.ledger import Ledger

H = 10_000
HOSTILE = (
    'R&D | "Smith" <b>',
    "</svg><script>alert(1)</script>",
    "\u202eגבר\u202c נגד עיריית תל אביב",
    "👩‍⚖️ v. 🏛️ Zürich",
    "{{ 7*7 }} {% raw %}",
    "x" * 190,
)


class Read(HTMLParser):
    """A page as a reader has it: its tables by id, its elements, its texts."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tables: dict[str, list[list[str]]] = {}
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self._table: list[list[str]] = []
        self._cell = False
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "table":
            self._table = self.tables.setdefault(str(dict(attrs)["id"]), [])
        elif tag == "tr":
            self._ends()
            self._table.append([])
        elif tag in ("td", "th"):
            self._table[-1].append("")
            self._cell = True

    def handle_endtag(self, tag: str) -> None:
        if self._cell and tag in ("td", "th", "tr", "tbody"):
            self._ends()

    def _ends(self) -> None:
        """A row's end needs no tag, but its line ends."""
        if self._cell:
            self._table[-1][-1] = self._table[-1][-1].rstrip("\n")
        self._cell = False

    def handle_data(self, data: str) -> None:
        self.texts.append(data)
        if self._cell:
            self._table[-1][-1] += data

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.tags if name == tag]


def expected(item: dict[str, Any], column: Column) -> str:
    """A value of --json as the page writes it."""
    from billcli.values.text import visible

    value = item[column.key.removesuffix("_cents").removesuffix("_e4")]
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if column.kind == "percent":
        return f"{value}%"
    if column.key in ("state", "arrangement"):
        return str(value).replace("_", " ")
    return visible(str(value), lines=True)


def same(read: Read, key: str, columns: tuple[Column, ...], items: list[dict[str, Any]]) -> None:
    """Every cell of a table is what --json says; the last line holds the sums of the money."""
    if not items:
        assert key not in read.tables
        return
    head, *rows = read.tables[key]
    assert head == [column.title for column in columns]
    shown = [
        [
            cell.replace(",", "") if column.kind == "money" else cell
            for column, cell in zip(columns, row, strict=True)
        ]
        for row in rows
    ]
    assert shown[: len(items)] == [[expected(item, c) for c in columns] for item in items]
    for sums in shown[len(items) :]:
        for n, column in enumerate(columns):
            if column.kind == "money" and sums[n]:
                cents = sum(round(float(row[n] or 0) * 100) for row in shown[: len(items)])
                assert sums[n] == f"{cents / 100:.2f}", column


def equal(page: str, told: dict[str, Any]) -> Read:
    """The whole page against the whole document."""
    read = Read(page)
    forecast = told["forecast"]
    items = [item for span in forecast["periods"] for item in span["items"]]
    same(read, "t-milestones", tables.MILESTONES, told["milestones"])
    same(read, "t-periods", tables.PERIODS, forecast["periods"])
    same(read, "t-items", tables.ITEMS, items)
    same(read, "t-undated", tables.ITEMS, forecast["undated"])
    same(read, "t-unbilled", tables.UNBILLED, told["unbilled"])
    same(read, "t-ageing", tables.AGEING, told["ageing"])
    same(read, "t-caps", tables.CAPS, told["caps"])
    same(read, "t-minimums", tables.MINIMUMS, told["minimums"])
    same(read, "t-trust", tables.TRUST, told["trust"])
    same(read, "t-funded", tables.FUNDED, told["funded"])
    texts = {text.strip().replace(",", "") for text in read.texts}
    for name in ("receivable", "unbilled", "expected", "trust", "unsecured"):
        assert told["key"][name] in texts, name
    for name in ("open_matters", "caps_passed", "stuck_milestones"):
        assert str(told["key"][name]) in texts, name
    return read


def sound(read: Read) -> None:
    """Nothing is fetched or run; every picture has a name and a description; ids are unique."""
    tags = {tag for tag, _ in read.tags}
    assert not tags & {"script", "img", "iframe", "link", "object", "b", "image", "foreignobject"}
    for tag, attrs in read.tags:
        assert not [name for name in attrs if name.startswith("on") or name in ("src", "style")]
        to = attrs.get("href")
        assert to is None or to.startswith("#"), (tag, to)
    ids = [attrs["id"] for _, attrs in read.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    pointed = [attrs["href"] for _, attrs in read.tags if attrs.get("href")]
    assert {str(to)[1:] for to in pointed} <= set(ids)
    for attrs in read.named("svg"):
        if attrs.get("class") == "chart":
            assert attrs["role"] == "img"
            assert set(str(attrs["aria-labelledby"]).split()) <= set(ids)


def contract(ledger: Ledger, number: str, title: str, *, client: str = "odum") -> None:
    """A matter with a milestone that is stuck, one to come and one without a day."""
    matters.add(ledger, number, title, client=client, opened_on=date(2026, 9, 1))
    fixed = {"value_cents": 10_000_00, "bill_when": "milestones"}
    arrangements.set_(ledger, number, "fixed", fixed)
    for name, due in ((title, date(2026, 10, 2)), ("Hearing", date(2027, 1, 15)), ("End", None)):
        tasks.add(
            ledger,
            number,
            name[:100],
            due_on=due,
            trigger_kind="percent",
            trigger_percent_e4=30 * H,
        )
    triggers.done(ledger, number, 1, day=date(2026, 10, 5), charge=False)


@pytest.fixture
def office(ledger: Ledger) -> Ledger:
    """A furnished office, and a matter for each hostile name."""
    furnish(ledger)
    for n, name in enumerate(HOSTILE):
        clients.add(ledger, f"c{n}", name)
        contract(ledger, f"2026-9{n}", name, client=f"c{n}")
    return ledger


def page_of(cli: Callable[..., Answer], tmp_path: Path, *words: str) -> tuple[str, Answer]:
    made = tmp_path / "page.html"
    answer = cli("report", *words, "--html", made, "--json")
    assert answer.code == 0, answer.err
    return made.read_text("utf-8"), answer


def test_the_page_shows_what_json_tells(
    office: Ledger, cli: Callable[..., Answer], tmp_path: Path
) -> None:
    page, answer = page_of(cli, tmp_path, "dashboard")
    read = equal(page, answer.json)
    sound(read)
    assert {"t-milestones", "t-items", "t-unbilled", "t-ageing", "t-caps", "t-trust"} <= set(
        read.tables
    )
    assert answer.json["key"]["stuck_milestones"] == len(HOSTILE)
    assert stat.S_IMODE((tmp_path / "page.html").stat().st_mode) == 0o600


def test_each_board_of_the_page_is_its_own_report(
    office: Ledger, cli: Callable[..., Answer]
) -> None:
    told = cli("report", "dashboard", "--json").json
    for name in ("milestones", "unbilled", "ageing", "trust", "funded"):
        assert told[name] == cli("report", name, "--json").json, name
    by_week = ("--by", "week", "--periods", "13", "--json")
    assert told["forecast"] == cli("report", "forecast", *by_week).json
    passed = [line for line in told["caps"] if line["passed_percent"] is not None]
    known = cli("status", "--json").json["caps"]
    assert {line["matter"] for line in passed} == {line["matter"] for line in known}


def test_hostile_names_stay_text(
    office: Ledger, cli: Callable[..., Answer], tmp_path: Path
) -> None:
    from billcli.values.text import visible

    page, _ = page_of(cli, tmp_path, "dashboard")
    read = Read(page)
    shown = "".join(read.texts)
    for name in HOSTILE:
        assert visible(name) in shown, name
    assert "\u202e" not in page and "49" not in [text.strip() for text in read.texts]


@pytest.mark.parametrize("count", [0, 1, 60, 70])
def test_no_matter_one_matter_and_many(
    count: int, ledger: Ledger, cli: Callable[..., Answer], tmp_path: Path
) -> None:
    with ledger.write():
        timekeepers.add(ledger, "ro", "R. Ohm", rate_e4=300 * H)
        clients.add(ledger, "odum", "Odum & Co")
        for n in range(count):
            contract(ledger, f"2026-{n:03}", f"Matter {n}")
    page, answer = page_of(cli, tmp_path, "dashboard")
    read = equal(page, answer.json)
    sound(read)
    names = [name for name in read.texts if name.startswith("2026-") and len(name) == 8]
    drawn = page.count('class="lead">2026-')
    assert answer.json["key"]["open_matters"] == count
    # Sixty matters on the line of time, twelve values.
    assert drawn == min(count, 60) + min(len(answer.json["caps"]), 12)
    assert len(set(names)) == count
    assert len(page) < 25_000 + 4_000 * min(count, 60) + 2_000 * count


def test_the_boards_have_pages_of_their_own(
    office: Ledger, cli: Callable[..., Answer], tmp_path: Path
) -> None:
    page, answer = page_of(cli, tmp_path, "milestones")
    read = Read(page)
    sound(read)
    same(read, "t-milestones", tables.MILESTONES, answer.json)
    page, answer = page_of(cli, tmp_path, "forecast")
    read = Read(page)
    sound(read)
    same(read, "t-periods", tables.PERIODS, answer.json["periods"])
    assert all(warning in read.texts for warning in answer.json["warnings"])
    page, answer = page_of(cli, tmp_path, "milestones", "--client", "c1")
    assert "Milestones of c1" in Read(page).texts
    assert {line["client"] for line in answer.json} == {"c1"}


def test_a_page_replaces_a_page_and_nothing_else(
    ledger_path: Path, cli: Callable[..., Answer], tmp_path: Path
) -> None:
    made = tmp_path / "practice.html"
    assert cli("report", "dashboard", "--html", made).out == f"The dashboard is in {made}.\n"
    assert cli("report", "dashboard", "--html", made).code == 0
    other = tmp_path / "letter.html"
    other.write_text("<!DOCTYPE html><title>A letter</title>", "utf-8")
    answer = cli("report", "dashboard", "--html", other)
    assert (answer.code, other.read_text("utf-8")[:15]) == (2, "<!DOCTYPE html>")
    assert cli("report", "milestones", "--html", ledger_path).code == 2
    assert not list(tmp_path.glob(".*.tmp"))


def test_a_currency_without_decimals(
    make_ledger: Callable[..., Ledger], cli: Callable[..., Answer], tmp_path: Path
) -> None:
    ledger = make_ledger(tmp_path / "ledger.db", currency="JPY")
    clients.add(ledger, "odum", "Odum & Co")
    timekeepers.add(ledger, "ro", "R. Ohm", rate_e4=300 * H)
    contract(ledger, "2026-001", "Lease")
    page, answer = page_of(cli, tmp_path, "dashboard")
    sound(Read(page))
    same(Read(page), "t-milestones", tables.MILESTONES, answer.json["milestones"])
    assert answer.json["milestones"][0]["amount"] == "300000"
