"""A bill is one amount, wherever it stands; and what was previewed is what is billed (B2, B3)."""

from __future__ import annotations

import hashlib
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from offices import TODAY, new_ledger

from billcli.render.json import document
from billcli.services.bill import bill_reading, bills
from billcli.services.bill.request import Request
from billcli.services.matter import matters, options
from billcli.services.milestones import tasks, triggers
from billcli.services.month_end import mass
from billcli.services.office import clients, timekeepers
from billcli.services.receivables import payments
from billcli.services.work import expenses, time
from billcli.store import firm
from billcli.store.firm import Tax
from billcli.store.ledger import Ledger, attach
from billcli.values import money

DAY = date(2026, 11, 30)
NOW = Request(DAY, DAY)
H = 10_000
CURRENCIES = {"USD": 2, "JPY": 0, "KWD": 3}
MADE_BY_MAKING = ("id", "number", "state")


@dataclass(frozen=True)
class Work:
    """What a matter has to be billed, and how."""

    arrangement: tuple[str, dict[str, Any]] = ("hourly", {})
    time: tuple[tuple[int, int, str, str], ...] = ()
    costs: tuple[tuple[int, bool], ...] = ()
    milestone: int | None = None
    discount: dict[str, int] | None = None
    taxed: bool = False


amounts = st.integers(1, 999_999)
works = st.builds(
    Work,
    arrangement=st.one_of(
        st.just(("hourly", {})),
        amounts.map(lambda cents: ("capped", {"value_cents": cents})),
        amounts.map(lambda cents: ("fixed", {"value_cents": cents, "bill_when": "start"})),
        amounts.map(lambda cents: ("fixed", {"value_cents": cents, "bill_when": "milestones"})),
    ),
    time=st.lists(
        st.tuples(
            st.integers(1, 240_000),
            st.integers(0, 9_999_999),
            st.sampled_from(["bill", "bill", "bill", "no-charge", "hide", "non-billable"]),
            st.sampled_from(["ma", "jb"]),
        ),
        max_size=5,
    ).map(tuple),
    costs=st.lists(st.tuples(st.integers(1, 99_999), st.booleans()), max_size=3).map(tuple),
    milestone=st.none() | amounts,
    discount=st.sampled_from(
        [None, {"percent_e4": 100 * H}, {"percent_e4": 125_000}, {"cents": 333}]
    ),
    taxed=st.booleans(),
)


@pytest.fixture(scope="module")
def blanks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """An office of each currency, with its people and a tax."""
    made = {}
    for currency in CURRENCIES:
        path = made[currency] = new_ledger(
            tmp_path_factory.mktemp(currency) / "ledger.db", currency=currency
        )
        with ledger_at(path) as ledger, ledger.write():
            timekeepers.add(ledger, "ma", "M. Alvarez", rate_e4=350 * H)
            timekeepers.add(ledger, "jb", "J. Berg", rate_e4=200 * H)
            clients.add(ledger, "rivera", "Ana Rivera")
            firm.put_tax(ledger, Tax("VAT", "VAT", "both", ((date(2020, 1, 1), 82_500),)))
    return made


@contextmanager
def ledger_at(path: Path) -> Iterator[Ledger]:
    """The ledger of that file."""
    ledger = attach(path, today=TODAY, actor="tester", command="test")
    try:
        yield ledger
    finally:
        ledger.close()


@contextmanager
def office(blank: Path) -> Iterator[Ledger]:
    """A copy of an office that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="bills-") as folder:
        path = Path(shutil.copy(blank, Path(folder) / "ledger.db"))
        with ledger_at(path) as ledger:
            yield ledger


def put(ledger: Ledger, number: str, work: Work) -> None:
    """A matter with that work."""
    kind, terms = work.arrangement
    with ledger.write():
        matters.add(
            ledger, number, "Matter", client="rivera", responsible="ma", kind=kind, terms=terms
        )
        changes: dict[str, Any] = {"increment_minutes": 0}
        if work.discount:
            changes["discount"] = work.discount
        if work.taxed:
            changes["tax"] = "VAT"
        options.set_options(ledger, number, changes)
        for n, (hours_e4, rate_e4, behavior, who) in enumerate(work.time):
            time.add(
                ledger, number, hours_e4, f"Work {n}", rate_e4=rate_e4, behavior=behavior,
                timekeeper=who,
            )  # fmt: skip
        for n, (cents, taxable) in enumerate(work.costs):
            expenses.add(ledger, number, cents, f"Cost {n}", taxable=taxable)
        if work.milestone:
            tasks.add(ledger, number, "Part", trigger_kind="amount", trigger_cents=work.milestone)
            triggers.done(ledger, number, 1, charge=True)


def printed(page: str) -> dict[str, str]:
    """The last cell of each row of a Markdown bill's tables, by table and row."""
    found: dict[str, str] = {}
    table = ""
    for n, line in enumerate(page.splitlines()):
        if line.startswith("### "):
            table = line[4:]
        elif line.startswith("| ") and "---" not in line:
            cells = [cell.strip(" *") for cell in line.strip("|").split("|")]
            found[f"{table}/{n}/{' '.join(cells[:-1]).strip()}"] = cells[-1]
    return found


def cents(text: str, decimals: int) -> int:
    """A printed amount; words such as Included are nothing."""
    number = text.replace("−", "-")
    return money.read_cents(number, decimals) if re.fullmatch(r"-?[\d,.]+", number) else 0


def check_pages(view: dict[str, Any], md: str, html: str, decimals: int) -> None:
    """Both pages say what the bill says, line by line and in all."""
    rows = printed(md)
    for table, stored in (("Work", view["fees_cents"]), ("Costs", view["costs_cents"])):
        shown = [cents(text, decimals) for key, text in rows.items() if key.startswith(table)]
        if shown:
            assert sum(shown[1:-1]) == shown[-1] == stored
        else:
            assert stored == 0
    totals = {key.split("/", 2)[2]: text for key, text in rows.items() if key.startswith("Total")}
    assert cents(totals["Total"], decimals) == view["total_cents"]
    due = money.grouped(view["balance_cents"], decimals)
    text = re.sub(r"<[^>]+>", " ", html)
    for page in (md, text):
        found = re.search(r"Balance due:?\s+[A-Z]{3}\s+(-?[\d,.]*\d)", page)
        assert found and found[1] == due


@example(currency="USD", work=Work(time=((22_500, 64_2200, "bill", "ma"),),
                                   discount={"percent_e4": 100 * H}))  # fmt: skip
@example(currency="USD", work=Work(time=((10_000, 815_9550, "bill", "ma"),), taxed=True))
@given(currency=st.sampled_from(list(CURRENCIES)), work=works)
@settings(max_examples=28, deadline=None, derandomize=True)
def test_B02_a_bill_is_one_amount_wherever_it_stands(
    blanks: dict[str, Path], currency: str, work: Work
) -> None:
    with office(blanks[currency]) as ledger:
        decimals = CURRENCIES[currency]
        put(ledger, "2026-001", work)
        asked = Request(DAY, DAY, zero_bill=True)
        seen, _ = bills.preview(ledger, "2026-001", asked)
        made = bills.create(ledger, "2026-001", asked, issued=True)
        assert without(seen) == without(made), "B3"
        number = made["number"]
        stored = bills.show(ledger, number)
        assert stored == made
        assert document(stored, decimals) == document(made, decimals)
        lines = made["lines"]
        assert (
            sum(line["amount_cents"] for line in lines) == made["fees_cents"] + made["costs_cents"]
        )
        assert made["total_cents"] == (
            made["fees_cents"] - made["discount_cents"] + made["costs_cents"] + made["tax_cents"]
        )
        assert 0 <= made["discount_cents"] <= made["fees_cents"]
        shares = sum(share["amount_cents"] for share in made["allocation"])
        assert shares == made["fees_cents"] - made["discount_cents"], "invariant 3"
        pages = [bill_reading.render(ledger, number, form=form).decode() for form in ("md", "html")]
        check_pages(made, *pages, decimals)
        total = made["total_cents"]
        assert made["balance_cents"] == total
        if work.discount == {"percent_e4": 100 * H} and not work.costs:
            assert total == 0
        if total:
            payments.add(ledger, number, cents(money.grouped(total, decimals), decimals))
        after = bills.show(ledger, number)
        assert (after["balance_cents"], after["state"]) == (0, "paid")


def without(view: dict[str, Any]) -> dict[str, Any]:
    """A bill less what only making it gives."""
    return {key: value for key, value in view.items() if key not in MADE_BY_MAKING}


def file_hash(path: Path) -> str:
    """The ledger's bytes, with what still waits in its log."""
    wal = path.with_name(path.name + "-wal")
    parts = [file.read_bytes() for file in (path, wal) if file.exists()]
    return hashlib.sha256(b"".join(parts)).hexdigest()


def test_B03_a_dry_run_writes_nothing_and_the_run_does_what_it_said(
    blanks: dict[str, Path], torture: bool
) -> None:
    @given(st.sampled_from(list(CURRENCIES)), st.lists(works, min_size=1, max_size=4))
    @settings(max_examples=500 if torture else 10, deadline=None, derandomize=not torture)
    def hold(currency: str, several: list[Work]) -> None:
        check_dry_run(blanks[currency], several)

    hold()


def check_dry_run(blank: Path, several: list[Work]) -> None:
    """What a dry run says of some matters, the run then stores, field by field."""
    with office(blank) as ledger:
        path = ledger.path
        for n, work in enumerate(several, 1):
            put(ledger, f"2026-00{n}", work)
        ledger.close()
        before = file_hash(path)
        with ledger_at(path) as reading:
            batch = mass.Batch(DAY, DAY, dry=True)
            seen = {row["matter"]: row for row in mass.preview(reading, batch)}
            dry = mass.run(reading, batch)
        assert file_hash(path) == before
        with ledger_at(path) as writing:
            report = mass.run(writing, mass.Batch(DAY, DAY, issued=True))
            amounts = ("matter", "total_cents")
            assert [[bill[key] for key in amounts] for bill in report["bills"]] == [
                [bill[key] for key in amounts] for bill in dry["bills"]
            ]
            assert (report["skipped"], report["failed"]) == (dry["skipped"], dry["failed"])
            for bill in report["bills"]:
                stored = bills.show(writing, bill["number"])
                row = seen.pop(bill["matter"])
                same = set(row) & set(stored) - {"warnings"}
                assert {key: row[key] for key in same} == {key: stored[key] for key in same}
            assert all(row["skipped"] for row in seen.values())
            ended = file_hash(path)
            again = mass.run(writing, mass.Batch(DAY, DAY, issued=True))
            assert again["bills"] == []
            assert file_hash(path) == ended, "invariant 8"
