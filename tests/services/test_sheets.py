"""The tables for spreadsheets say what the ledger says, and start no formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from offices import Answer, furnished_ledger

from billcli.errors import UsageProblem
from billcli.services.exchange import sheets
from billcli.store.ledger import Ledger

Cli = Callable[..., Answer]


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = furnished_ledger(tmp_path_factory.mktemp("office") / "ledger.db")
    sheets.export(path, path.parent / "tables")
    return path


def table(path: Path, name: str) -> list[dict[str, str]]:
    """The rows of a file, read by Python's own reader."""
    text = (path.parent / "tables" / f"{name}.csv").read_text("utf-8")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def total(rows: list[dict[str, str]], column: str) -> Decimal:
    return sum((Decimal(row[column] or 0) for row in rows), Decimal(0))


def test_each_column_of_each_file_is_explained(furnished: Path) -> None:
    folder = furnished.parent / "tables"
    told = table(furnished, "columns")
    named = [(row["file"], row["column"]) for row in told]
    found = []
    for file in sorted(folder.glob("*.csv")):
        if file.name != "columns.csv":
            head = next(csv.reader(file.open(encoding="utf-8", newline="")))
            found += [(file.name, column) for column in head]
            assert file.name in (folder / "README.txt").read_text("utf-8")
    assert sorted(named) == sorted(found)
    assert all(row["meaning"] for row in told)
    units = {(row["file"], row["column"]): row["unit"] for row in told}
    assert units["bills.csv", "balance"] == "USD"
    assert units["time.csv", "hours"] == units["time.csv", "logged_hours"] == "hours"
    assert units["rates.csv", "rate"] == "USD an hour"
    assert units["trust.csv", "date"] == units["trust.csv", "effective_on"] == "date"
    assert units["bill-taxes.csv", "percent"] == "percent"
    assert (folder.stat().st_mode & 0o777, file.stat().st_mode & 0o777) == (0o700, 0o600)


def test_the_tables_say_what_the_lists_say(furnished: Path, cli: Cli) -> None:
    for name, words, columns in (
        ("bills", ("bill", "list"), {"state": "state", "paid": "paid", "total": "total"}),
        ("time", ("time", "list"), {"state": "state", "hours": "hours", "bill": "bill"}),
        ("expenses", ("expense", "list"), {"state": "state", "amount": "amount", "bill": "bill"}),
        ("charges", ("charge", "list"), {"state": "state", "amount": "amount", "bill": "bill"}),
        ("payments", ("payment", "list"), {"amount": "amount", "credit": "credit"}),
        ("matters", ("matter", "list"), {"title": "title", "client": "client"}),
        ("clients", ("client", "list"), {"name": "name"}),
    ):  # fmt: skip
        rows = table(furnished, name)
        listed = cli(*words, "--json", ledger=furnished).json
        if name == "bills":
            listed = [each for each in listed if each["number"]]
        assert len(rows) == len(listed) > 0, name
        for mine, theirs in columns.items():
            said = sorted("" if each[theirs] is None else str(each[theirs]) for each in listed)
            assert sorted(row[mine] for row in rows) == said, (name, mine)


def test_the_sums_agree_with_each_other(furnished: Path) -> None:
    bills, lines = table(furnished, "bills"), table(furnished, "bill-lines")
    journal = table(furnished, "journal")
    assert total(journal, "debit") == total(journal, "credit") > 0
    for bill in bills:
        mine = [line for line in lines if line["bill"] == bill["bill"]]
        costs = [line for line in mine if line["class"] == "cost"]
        assert total(costs, "amount") == Decimal(bill["costs"])
        taxes = [t for t in table(furnished, "bill-taxes") if t["bill"] == bill["bill"]]
        assert total(taxes, "tax") == Decimal(bill["tax"])
        owed = [j for j in journal if (j["bill"], j["account"]) == (bill["bill"], "receivable")]
        assert total(owed, "debit") - total(owed, "credit") == Decimal(bill["balance"])
    held = [j for j in journal if j["account"] == "trust_bank"]
    trust = table(furnished, "trust")
    assert total(held, "debit") - total(held, "credit") == total(trust, "amount") == 1400


@pytest.mark.parametrize(
    "words", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", '−1,"x"\n;']
)
def test_no_text_starts_a_formula_or_breaks_a_row(
    words: str, tmp_path: Path, make_ledger: Callable[..., Ledger]
) -> None:
    from billcli.services.matter import matters
    from billcli.services.office import clients, timekeepers
    from billcli.services.work import expenses, time

    ledger = make_ledger(tmp_path / "ledger.db", currency="JPY")
    timekeepers.add(ledger, "ro", words, rate_e4=300_0000)
    clients.add(ledger, "q", words, address=(words, words))
    matters.add(ledger, "M-1", words, client="q")
    time.add(ledger, "M-1", 5_000, words)
    expenses.add(ledger, "M-1", 90, words)
    sheets.export(ledger.path, tmp_path / "tables")
    for name, column in (
        ("clients", "name"), ("clients", "address"), ("timekeepers", "name"), ("matters", "title"),
        ("time", "description"), ("expenses", "description"),
    ):  # fmt: skip
        (row,) = table(ledger.path, name)
        assert row[column].lstrip("'").startswith(words.strip()[:1]) or words[0] == "\t"
        assert row[column].lstrip(" \xa0")[:1] not in ("=", "+", "-", "@", "\t", "\r")
    (cost,) = table(ledger.path, "expenses")
    assert cost["amount"] == "90"


def test_files_that_are_there_stay_and_nothing_is_half_written(
    furnished: Path, tmp_path: Path, cli: Cli
) -> None:
    folder = tmp_path / "tables"
    folder.mkdir()
    (folder / "trust.csv").write_text("mine")
    with pytest.raises(UsageProblem) as refused:
        sheets.export(furnished, folder)
    assert refused.value.code == "file.exists"
    assert [each.name for each in folder.iterdir()] == ["trust.csv"]
    assert (folder / "trust.csv").read_text() == "mine"
    told = cli("export", "csv", "--out", folder, "--force", "--json", ledger=furnished)
    assert told.code == 0
    counts = {each["name"]: each["rows"] for each in told.json["files"]}
    assert counts["bills.csv"] == 7 and (folder / "trust.csv").read_text() != "mine"
    assert cli("export", "csv", "--out", folder / "trust.csv", ledger=furnished).code == 2
