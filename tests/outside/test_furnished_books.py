"""The books of an office that has everything: hledger and beancount find them right."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from judges import CHECKS, HLEDGER, balances, bean_check, hledger, needs_hledger
from offices import TODAY, furnished_ledger

from billcli.core.books import Basis
from billcli.services.bill import bills as bill_service
from billcli.services.bill.request import Request
from billcli.services.exchange import exporting
from billcli.services.funds import trust, trust_firm
from billcli.services.matter import matters, options
from billcli.services.office import clients, timekeepers
from billcli.services.receivables import credits, payments
from billcli.services.work import time
from billcli.store import bill_reads
from billcli.store.ledger import Ledger, attach

BASES: tuple[Basis, ...] = ("accrual", "cash")
H = 10_000


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return furnished_ledger(tmp_path_factory.mktemp("office") / "ledger.db")


def exported(office: Path, folder: Path, form: str, basis: Basis = "accrual") -> Path:
    ledger = attach(office, today=TODAY, actor="tester", command="test")
    file = folder / f"books.{form}"
    exporting.journal(ledger, form, basis=basis, out=file, force=True)
    ledger.close()
    return file


def other(amount: str) -> str:
    """The amount with another last digit."""
    return f"{amount[:-1]}{(int(amount[-1]) + 1) % 10}"


@needs_hledger
@pytest.mark.parametrize("basis", BASES)
def test_hledger_finds_the_books_right(office: Path, tmp_path: Path, basis: Basis) -> None:
    file = exported(office, tmp_path, "hledger", basis)
    assert hledger(file, *CHECKS) == (0, "")
    sums = balances(file)
    assert sums["Assets:Bank:Trust:Clients"] == 1_400_00
    assert sums["Liabilities:Trust:rivera:2026-005"] == -1_400_00
    assert sums["Liabilities:Retainer:rivera:2026-005"] == -300_00
    assert sum(sums.values()) == 0
    assert ("Assets:AR:rivera:2026-001" in sums) == (basis == "accrual")
    # 500.00 came from trust, 300.00 to a retainer, 400.00 and 690.00 from a client.
    assert sums["Assets:Bank:Operating"] == (500 + 300 + 400 + 690) * 100


@pytest.mark.parametrize("basis", BASES)
def test_beancount_finds_the_books_right(office: Path, tmp_path: Path, basis: Basis) -> None:
    assert bean_check(exported(office, tmp_path, "beancount", basis)) == (0, "")


SPANS = (
    (None, date(2026, 10, 31)),
    (date(2026, 10, 31), None),
    (date(2026, 11, 1), None),
    (date(2026, 10, 31), date(2026, 11, 29)),
    (date(2026, 12, 1), None),
    (date(2020, 1, 1), date(2020, 1, 31)),
)


@needs_hledger
@pytest.mark.parametrize("basis", BASES)
def test_books_of_some_days_carry_on_where_the_days_before_ended(
    office: Path, tmp_path: Path, basis: Basis
) -> None:
    whole = exported(office, tmp_path, "hledger", basis)
    ledger = attach(office, today=TODAY, actor="tester", command="test")
    for n, (first, last) in enumerate(SPANS):
        span = {"basis": basis, "first": first, "last": last}
        files = {form: tmp_path / f"{n}.{form}" for form in ("hledger", "beancount")}
        for form, file in files.items():
            exporting.journal(ledger, form, out=file, **span)  # type: ignore[arg-type]
        assert hledger(files["hledger"], *CHECKS) == (0, "")
        assert bean_check(files["beancount"]) == (0, "")
        found = balances(files["hledger"])
        assert sum(found.values()) == 0
        ended = balances(whole, *(("-e", str(last + timedelta(1))) if last else ()))
        began = balances(whole, "-e", str(first)) if first else {}
        for account in {*ended, *began, *found} - {"Equity:Opening"}:
            moved = ended.get(account, 0)
            if account.startswith(("Income", "Expenses")):
                moved -= began.get(account, 0)
            assert found.get(account, 0) == moved, (span, account)
    ledger.close()


def test_a_cent_too_much_is_found_in_books_of_some_days(office: Path, tmp_path: Path) -> None:
    ledger = attach(office, today=TODAY, actor="tester", command="test")
    file = tmp_path / "november.beancount"
    exporting.journal(ledger, "beancount", first=date(2026, 11, 1), out=file)
    ledger.close()
    text = file.read_text("utf-8")
    opening = re.search(r"(Assets:Bank:Trust:Clients  )1400\.00( USD\n)", text)
    assert opening and "opening balances" in text[: opening.start()]
    spoilt = text.replace(opening[0], f"{opening[1]}1400.01{opening[2]}", 1)
    file.write_text(spoilt, "utf-8")
    code, told = bean_check(file)
    assert code == 1 and "Balance failed for 'Assets:Bank:Trust:Clients'" in told


@needs_hledger
def test_a_cent_too_much_is_found_in_every_assertion_of_hledger(
    office: Path, tmp_path: Path
) -> None:
    text = exported(office, tmp_path, "hledger").read_text("utf-8")
    found = list(re.finditer(r" = (-?[0-9]+\.[0-9]{2}) USD", text))
    assert len(found) >= 10
    wrong = tmp_path / "wrong.journal"
    for each in found:
        wrong.write_text(text[: each.start(1)] + other(each[1]) + text[each.end(1) :], "utf-8")
        code, told = hledger(wrong, *CHECKS)
        assert code == 1 and "balance assertion" in told


def test_a_cent_too_much_is_found_in_every_assertion_of_beancount(
    office: Path, tmp_path: Path
) -> None:
    text = exported(office, tmp_path, "beancount").read_text("utf-8")
    found = list(re.finditer(r"balance (\S+)  (-?[0-9]+\.[0-9]{2}) ~ 0", text))
    changed = re.sub(
        r"(balance \S+  )(-?[0-9]+\.[0-9]{2})( ~ 0)",
        lambda line: line[1] + other(line[2]) + line[3],
        text,
    )
    wrong = tmp_path / "wrong.beancount"
    wrong.write_text(changed, "utf-8")
    code, told = bean_check(wrong)
    assert code == 1
    assert told.count("Balance failed") == len(found) >= 10


def test_an_account_that_no_ledger_tells_of_must_have_come_to_nothing(
    office: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from billcli.store import books

    file = exported(office, tmp_path, "beancount")
    monkeypatch.setattr(books, "trust_balances", lambda ledger: {})
    wrong = exported(office, tmp_path, "beancount")
    assert file == wrong
    code, told = bean_check(wrong)
    assert code == 1
    assert "Balance failed for 'Liabilities:Trust:Rivera:2026-005'" in told


@pytest.mark.parametrize("form", ["hledger", "beancount"])
def test_the_same_ledger_gives_the_same_bytes(office: Path, tmp_path: Path, form: str) -> None:
    first = exported(office, tmp_path, form).read_bytes()
    assert exported(office, tmp_path, form).read_bytes() == first


HOSTILE = (
    "; note  = 1 USD",
    "Smith | Sons  and  spaces",
    'R&D "Smith" \\ <b>*x*`y`',
    "(code) ! * 2026-01-01 open",
    "\u202eevil\u200b \x1b[31m 中文 🎉",
    "line one\nline two\t; date:2026-99-99, [2026-99-99]",
    "\\",
    '"Ann"',
)


@pytest.mark.parametrize("currency", ["USD", "JPY", "KWD"])
def test_hostile_names_break_neither(
    tmp_path: Path, make_ledger: Callable[..., Ledger], currency: str
) -> None:
    ledger = make_ledger(tmp_path / "ledger.db", currency=currency)
    asked = Request(ledger.today, ledger.today)
    timekeepers.add(ledger, "ro", "R. Ohm", rate_e4=333 * H)
    ids = ("a.b", "a_b", "a-b", "A-b", "_", "9.", "x--y", "q")
    for n, (id, name) in enumerate(zip(ids, HOSTILE, strict=True), 1):
        clients.add(ledger, id, name)
        number = f"M_{n}.{n}"
        matters.add(ledger, number, name, client=id)
        time.add(ledger, number, H // 3, name, timekeeper="ro")
        made = bill_service.create(ledger, number, asked, issued=True)
        paid = payments.add(ledger, made["number"], 90, reference=name)
        payments.unapply(ledger, paid["id"])
        bill_service.void(ledger, made["number"], reason=name)
    for form in ("hledger", "beancount"):
        for basis in BASES:
            exporting.journal(
                ledger, form, basis=basis, out=tmp_path / f"{basis}.{form}", force=True
            )
    for basis in BASES:
        assert bean_check(tmp_path / f"{basis}.beancount") == (0, "")
        if HLEDGER:
            assert hledger(tmp_path / f"{basis}.hledger", *CHECKS) == (0, "")
    text = (tmp_path / "accrual.beancount").read_text("utf-8")
    credits_ = set(re.findall(r"open Liabilities:ClientCredit:(\S+)", text))
    assert len(credits_) == len(ids)
    assert "\x1b" not in text and "\u202e" not in text


@pytest.mark.parametrize("currency", ["USD", "JPY", "KWD"])
def test_a_bill_split_among_payors_stands_with_each_of_them(
    tmp_path: Path, make_ledger: Callable[..., Ledger], currency: str
) -> None:
    ledger = make_ledger(tmp_path / "ledger.db", currency=currency, today="2026-10-31")
    asked = Request(ledger.today, ledger.today)
    timekeepers.add(ledger, "ro", "R. Ohm", rate_e4=333 * H)
    for client in ("rivera", "insurer"):
        clients.add(ledger, client, client.title())
    matters.add(ledger, "M-1", "Damages", client="rivera")
    options.set_options(
        ledger, "M-1", {"split": {"rivera": 666_700, "insurer": 333_300}, "split_consent": "Letter"}
    )
    trust.deposit(ledger, "M-1", 100, method="wire")
    trust_firm.deposit(ledger, 30)
    trust_firm.fee(ledger, 20)
    for _ in range(2):
        time.add(ledger, "M-1", H // 3, "Brief", timekeeper="ro")
        bill_service.create(ledger, "M-1", asked, issued=True)
    theirs = {each.client: each for each in bill_reads.all_(ledger)}
    payments.add(ledger, theirs["insurer"].number, theirs["insurer"].balance_cents + 7)
    credits.add(ledger, theirs["rivera"].number, 5, reason="courtesy")
    for basis in BASES:
        for form in ("hledger", "beancount"):
            exporting.journal(ledger, form, basis=basis, out=tmp_path / f"{basis}.{form}")
        assert bean_check(tmp_path / f"{basis}.beancount") == (0, "")
    if HLEDGER is None:
        return
    for basis in BASES:
        assert hledger(tmp_path / f"{basis}.hledger", *CHECKS) == (0, "")
    sums = balances(tmp_path / "accrual.hledger")
    for client in ("rivera", "insurer"):
        owed = sum(b.balance_cents for b in bill_reads.all_(ledger) if b.client == client)
        assert sums[f"Assets:AR:{client}:M-1"] == owed > 0
    assert sums["Liabilities:ClientCredit:insurer"] == -7
    assert sums["Assets:Bank:Trust:Firm"] == 10
    assert sums["Expenses:BankCharges"] == 20
