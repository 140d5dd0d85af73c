"""The journal for QuickBooks and Xero, read again by code that shares nothing with the exporter."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis.stateful import initialize
from money_machine import AGREED, ClientMoney, play
from offices import Answer, furnished_ledger

from billcli.core.books import PLAN, Basis
from billcli.errors import BillError, UsageProblem
from billcli.formats.journal import accounts, iif, sheets
from billcli.formats.journal.entries import Entry, Line
from billcli.services.exchange import journals
from billcli.services.funds import general_retainers, trust_views
from billcli.services.matter import matters as matter_service
from billcli.services.receivables import payments
from billcli.services.reporting import reports
from billcli.store.ledger import Ledger

Cli = Callable[..., Answer]
Sums = dict[str, Decimal]
BASES: tuple[Basis, ...] = ("accrual", "cash")
OWED = "Accounts Receivable (A/R)"


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return furnished_ledger(tmp_path_factory.mktemp("office") / "ledger.db")


@pytest.fixture
def office(furnished: Path, make_ledger: Callable[..., Ledger]) -> Ledger:
    return make_ledger(furnished)


class Read:
    """What a bookkeeper's program would have after the files: sums by account and by client."""

    def __init__(self) -> None:
        self.sums: Sums = defaultdict(Decimal)
        self.clients: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
        self.entries: dict[str, set[date]] = defaultdict(set)
        self.rows = 0

    def take(self, number: str, day: date, account: str, amount: Decimal, client: str) -> None:
        assert amount, "a line without an amount"
        self.sums[account] += amount
        self.clients[account, client] += amount
        self.entries[number].add(day)
        self.rows += 1


def us_day(text: str) -> date:
    month, day, year = (int(part) for part in text.split("/"))
    return date(year, month, day)


def other_day(text: str) -> date:
    day, month, year = (int(part) for part in text.split("/"))
    return date(year, month, day)


def quickbooks(text: str, into: Read) -> None:
    """As QuickBooks Online has it: debits and credits, days with the month in front."""
    made = list(csv.reader(io.StringIO(text, newline="")))
    assert ",".join(made[0]) == (
        "Journal No,Journal Date,Account Name,Debits,Credits,Description,Name"
    )
    assert len(made) <= 1_000 and len(text.encode()) <= 2_000_000
    balance: Sums = defaultdict(Decimal)
    for number, day, account, debit, credit, _, name in made[1:]:
        assert number not in into.entries or number in balance, "an entry over two files"
        assert bool(debit) != bool(credit)
        amount = Decimal(debit or "0") - Decimal(credit or "0")
        assert (Decimal(debit or "0") > 0) or (Decimal(credit or "0") > 0)
        if account == OWED:
            assert name, "a receivable without a customer"
            assert number not in balance, "a receivable behind another line"
        balance[number] += amount
        into.take(number, us_day(day), account, amount, name)
    assert not any(balance.values()), "an entry out of balance"


def xero(text: str, into: Read) -> None:
    """As Xero has it: what has the same narration and date is a journal."""
    made = list(csv.reader(io.StringIO(text, newline="")))
    assert ",".join(made[0]) == (
        "*Narration,*Date,Description,*AccountCode,*TaxRate,*Amount,"
        "TrackingName1,TrackingOption1,TrackingName2,TrackingOption2"
    )
    assert len(made) <= 300
    balance: Sums = defaultdict(Decimal)
    for narration, day, words, code, rate, amount, *tracking in made[1:]:
        assert rate == "Tax Exempt" and not any(tracking) and code.isdigit() and narration
        key = f"{narration} {day}"
        assert key not in into.entries or key in balance, "a journal over two files"
        balance[key] += Decimal(amount)
        client = words.rpartition(" / ")[2]
        into.take(key, other_day(day), code, Decimal(amount), client)
    assert not any(balance.values()), "a journal out of balance"


def desktop(text: str, into: Read) -> None:
    """As QuickBooks Desktop has it: blocks of TRNS, SPL and ENDTRNS."""
    head, block = text.split("\r\n")[:3], []
    columns = "TRNSTYPE\tDATE\tACCNT\tNAME\tAMOUNT\tDOCNUM\tMEMO"
    assert head == [f"!TRNS\t{columns}", f"!SPL\t{columns}", "!ENDTRNS"]
    for line in text.split("\r\n")[3:-1]:
        if line == "ENDTRNS":
            assert [row[0] for row in block] == ["TRNS"] + ["SPL"] * (len(block) - 1)
            assert sum(Decimal(row[5]) for row in block) == 0
            assert all(row[3] != "Accounts Receivable" for row in block[1:])
            block = []
            continue
        row = line.split("\t")
        _, kind, day, account, name, amount, number, _ = row
        assert kind == "GENERAL JOURNAL" and len(number) <= 11
        block.append(row)
        into.take(number, us_day(day), account, Decimal(amount), name)
    assert not block


READERS = {"qbo": quickbooks, "xero": xero, "iif": desktop}


def read(ledger: Ledger, folder: Path, program: journals.Program, basis: Basis) -> Read:
    found = Read()
    view = journals.export(
        ledger, program, basis=basis, out=folder / f"{program}-{basis}.csv", force=True
    )
    for each in view.files:
        coded = each.file.read_bytes()
        READERS[program](coded.decode("cp1252" if program == "iif" else "utf-8"), found)
    assert (len(found.entries), found.rows) == (view.entries, view.rows)
    return found


def reports_agree(ledger: Ledger, found: Read, names: dict[str, str]) -> None:
    """Each account is what billcli's own reports tell of it, in whole and by client."""
    clients = {m.number: m.client for m in matter_service.list_(ledger)}
    called = {row.id: row.name for row in _clients(ledger)}
    owed, trust, kept, credit = (defaultdict(int) for _ in range(4))  # type: ignore[var-annotated]
    for row in reports.ageing(ledger):
        owed[clients[row["matter"]]] += row["total_cents"]
    for number, client in clients.items():
        trust[client] += trust_views.balance(ledger, number).balance_cents
        kept[client] += general_retainers.balance(ledger, number).balance_cents
    for payment in payments.list_(ledger):
        credit[payment["client"]] += payment["credit_cents"]
    for kind, told, sign in (
        ("receivable", owed, 1), ("trust_liability", trust, -1),
        ("retainer_liability", kept, -1), ("client_credit", credit, -1),
    ):  # fmt: skip
        account = names[kind]
        for client, cents in told.items():
            assert found.clients.pop((account, called[client]), Decimal(0)) * 100 == sign * cents
        assert not any(sum for (of, _), sum in found.clients.items() if of == account)
        assert found.sums[account] * 100 == sign * sum(told.values())
    firm = sum(entry.amount_cents for entry in trust_views.firm_card(ledger))
    assert found.sums[names["trust_bank_clients"]] * 100 == sum(trust.values()) + firm


def _clients(ledger: Ledger) -> list[Any]:
    from billcli.services.office import clients

    return list(clients.list_(ledger))


@pytest.mark.parametrize("basis", BASES)
def test_every_program_has_the_balances_of_the_reports(
    office: Ledger, tmp_path: Path, basis: Basis
) -> None:
    sums = {program: read(office, tmp_path, program, basis) for program in READERS}  # type: ignore[arg-type]
    for program, found in sums.items():
        names = dict(accounts.DEFAULTS[program].names)
        assert sum(found.sums.values()) == 0
        # 500.00 came from trust, 300.00 to a retainer, 400.00 and 690.00 from a client.
        assert found.sums[names["operating_bank"]] == 500 + 300 + 400 + 690
        assert found.sums[names["trust_bank_clients"]] == 1_400
        assert found.sums[names["trust_liability"]] == -1_400
        if basis == "accrual":
            reports_agree(office, found, names)
        else:
            assert names["receivable"] not in found.sums
    # Books of some days alone have an opening account, and journals have none.
    assert set(accounts.CODES) == set(accounts.QUICKBOOKS) == set(PLAN) - {"opening"}
    by_kind = [
        {kind: found.sums.get(accounts.DEFAULTS[program].names[kind]) for kind in accounts.CODES}
        for program, found in sums.items()
    ]
    assert by_kind[0] == by_kind[1] == by_kind[2]


class Booked(ClientMoney):
    """Client money in play; at the end its journal goes to a bookkeeper."""

    @initialize()
    def begin(self) -> None:
        for number in AGREED:
            self.work_and_bill(number, 500_00)
            self.deposit(number, 400_00, "wire", 0, None, False)
            self.work_and_bill(number, 300_00)

    def judge(self, ledger: Ledger) -> None:
        for program in journals.PROGRAMS:
            found = read(ledger, self.folder, program, "accrual")
            reports_agree(ledger, found, dict(accounts.DEFAULTS[program].names))


def test_journals_of_any_practice_agree_with_its_reports(tmp_path: Path, torture: bool) -> None:
    games, steps = (100, 80) if torture else (3, 40)
    play(Booked, tmp_path, games=games, steps=steps, same=not torture)


def entry(n: int, lines: int, words: str = "Work") -> Entry:
    made = [Line("1010", 100 * (lines - 1), "", words)]
    made += [Line("4000", -100, "", words)] * (lines - 1)
    return Entry(f"BC-{n}", date(2026, 10, 1), words, tuple(made))


@pytest.mark.parametrize("program", ["qbo", "xero"])
@pytest.mark.parametrize(("count", "lines"), [(0, 2), (900, 2), (333, 3), (34, 30), (3, 299)])
def test_no_file_is_longer_than_it_may_be_and_no_entry_is_parted(
    program: str, count: int, lines: int
) -> None:
    preset, found = sheets.PRESETS[program], Read()
    made = list(
        sheets.sheets(
            [entry(n, lines) for n in range(count)], preset, accounts.DEFAULTS[program], decimals=2
        )
    )
    for sheet in made:
        READERS[program](sheet.text, found)
    assert found.rows == count * lines == sum(sheet.rows for sheet in made)
    assert len(found.entries) == count
    fitting = (preset.lines - 1) // lines
    assert len(made) == max(1, -(-count // fitting))


def test_long_words_open_another_file_and_an_endless_entry_is_refused() -> None:
    preset = sheets.PRESETS["qbo"]
    words = "a long story " * 70
    made = list(
        sheets.sheets(
            [entry(n, 9, words * 2) for n in range(109)],
            sheets.Preset(preset.columns, preset.row, 1_000, 100_000),
            accounts.DEFAULTS["qbo"],
            decimals=2,
        )
    )
    assert len(made) > 9 and all(len(sheet.text.encode()) <= 100_000 for sheet in made)
    with pytest.raises(BillError) as refused:
        list(sheets.sheets([entry(1, 1_000)], preset, accounts.DEFAULTS["qbo"], decimals=2))
    assert refused.value.code == "export.entry-too-long"


def test_many_lines_go_to_numbered_files_or_not_to_a_screen(
    office: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = sheets.PRESETS["xero"]
    monkeypatch.setitem(sheets.PRESETS, "xero", sheets.Preset(usual.columns, usual.row, 20, 10**6))
    with pytest.raises(UsageProblem) as refused:
        journals.export(office, "xero")
    assert refused.value.code == "export.several"
    (tmp_path / "books-2.csv").write_text("mine")
    with pytest.raises(UsageProblem) as there:
        journals.export(office, "xero", out=tmp_path / "books.csv")
    assert there.value.code == "file.exists"
    assert [each.name for each in tmp_path.glob("books*")] == ["books-2.csv"]
    view = journals.export(office, "xero", out=tmp_path / "books.csv", force=True)
    assert [each.file.name for each in view.files[:2]] == ["books-1.csv", "books-2.csv"]
    found = Read()
    for each in view.files:
        xero(each.file.read_text("utf-8"), found)
        assert each.rows <= 19
    assert sum(found.sums.values()) == 0 and len(found.entries) == view.entries


def test_spans_of_days_make_the_whole(office: Ledger, tmp_path: Path) -> None:
    whole, parts = read(office, tmp_path, "qbo", "accrual"), Read()
    spans = ((None, date(2026, 10, 30)), (date(2026, 10, 31), date(2026, 11, 1)))
    for n, (first, last) in enumerate((*spans, (date(2026, 11, 2), None))):
        view = journals.export(office, "qbo", first=first, last=last, out=tmp_path / f"{n}.csv")
        quickbooks(view.files[0].file.read_text("utf-8"), parts)
    assert parts.sums == whole.sums and parts.entries == whole.entries
    assert any(day.month == 10 for days in whole.entries.values() for day in days)


def test_clients_of_one_name_are_told_apart_and_no_name_is_a_formula(
    tmp_path: Path, make_ledger: Callable[..., Ledger]
) -> None:
    from billcli.services.bill import bills
    from billcli.services.bill.request import Request
    from billcli.services.matter import matters
    from billcli.services.office import clients
    from billcli.services.work import charges

    ledger = make_ledger(tmp_path / "ledger.db", currency="KWD")
    for id, name in (("a", "Ana Silva"), ("b", "ANA SILVA"), ("c", '=1+1,"x"\té 中')):
        clients.add(ledger, id, name)
        matters.add(ledger, f"M-{id}", "Lease", client=id)
        charges.add(ledger, f"M-{id}", 1_500, "Advice")
        bills.create(ledger, f"M-{id}", Request(ledger.today, ledger.today), issued=True)
    found = read(ledger, tmp_path, "qbo", "accrual")
    named = {client for (account, client), _ in found.clients.items() if account == OWED}
    assert {"Ana Silva (a)", "ANA SILVA (b)"} < named
    (third,) = named - {"Ana Silva (a)", "ANA SILVA (b)"}
    assert third.startswith("'=1+1,")
    assert set(found.clients.values()) == {Decimal("1.5"), Decimal("-4.5")}
    assert read(ledger, tmp_path, "iif", "accrual").sums["Legal Fees"] == Decimal("-4.5")


@pytest.mark.parametrize("letters", ["é", "e\u0301", "\u0301", "中", "“x”", "ﬁ", "\u202e", "€"])
def test_the_letters_of_a_block_are_those_of_the_program(letters: str) -> None:
    line = Line("Fees", 1, letters, letters)
    made = Entry("BC-1", date(2026, 1, 1), "x", (line, Line("Bank", -1, "", "y")))
    assert len(iif.text([made], decimals=2).encode("cp1252").splitlines()) == 6


def test_a_file_names_the_accounts(office: Ledger, tmp_path: Path) -> None:
    file = tmp_path / "accounts.toml"
    file.write_text(
        'tax_rate = "No VAT"\n[accounts]\nfee_income = "Income:Legal"\nreceivable = "120"\n'
    )
    view = journals.export(office, "xero", accounts=file)
    lines = list(csv.reader(io.StringIO(view.text or "", newline="")))[1:]
    codes = {line[3] for line in lines}
    assert {"Income:Legal", "120", "1010"} <= codes and not {"4000", "1100"} & codes
    assert {line[4] for line in lines} == {"No VAT"}


def test_the_command_says_what_it_wrote(furnished: Path, tmp_path: Path, cli: Cli) -> None:
    out = tmp_path / "books.csv"
    told = cli("export", "journal", "--for", "qbo", "--out", out, "--json", ledger=furnished)
    assert told.code == 0
    assert told.json["files"][0]["rows"] == told.json["rows"] > 50
    shown = cli("export", "journal", "--for", "qbo", ledger=furnished)
    assert shown.out.replace("\n", "\r\n").encode() == out.read_bytes()
