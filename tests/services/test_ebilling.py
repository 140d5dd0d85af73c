"""Clients' rules and lists of codes, and the files that bills in a ledger become."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import pytest
from offices import DAY, TODAY, new_ledger

from billcli.errors import UsageProblem
from billcli.formats import utbms as lists
from billcli.services.bill import bills
from billcli.services.bill.request import Request
from billcli.services.exchange import ledes
from billcli.services.matter import matters, options
from billcli.services.office import clients, timekeepers
from billcli.services.work import expenses, time, utbms
from billcli.store import firm, settings
from billcli.store.firm import Tax
from billcli.store.ledger import Ledger, attach

H = 10_000
NOW = Request(DAY, DAY)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Ledger]:
    """A firm with one client that wants electronic bills."""
    path = new_ledger(tmp_path / "ledger.db")
    ledger = attach(path, today=TODAY, actor="tester", command="test")
    with ledger.write():
        settings.put(ledger, "firm.tax_id", "12-3456789")
        timekeepers.add(ledger, "MA", "Maria Alvarez", rate_e4=333 * H + 3_300)
        clients.add(ledger, "acme", "Acme Ltd", details={"ebilling": {"utbms": "Litigation"}})
        matters.add(ledger, "2026-001", "Acme v. Ohm", client="acme", client_matter_id="AC-77")
    yield ledger
    ledger.close()


def billed(ledger: Ledger, *work: str) -> str:
    for words in work:
        time.add(ledger, "2026-001", 11_000, words, day=DAY, task_code="L210")
    return str(bills.create(ledger, "2026-001", NOW, approved=True, issued=True)["number"])


def test_the_confirmed_sets_are_those_that_several_lists_agree_on(office: Ledger) -> None:
    known = utbms.sets(office)
    confirmed = {
        name: sum(code.confirmed for code in codes.values()) for name, codes in known.codes.items()
    }
    assert confirmed == {
        "Litigation": 34, "eDiscovery": 28, "Counseling": 4, "Project": 16, "Bankruptcy": 25,
        "Patent": 11, "Trademark": 41, "Activity": 11, "Activity-LOC2013": 0, "Expense": 24,
        "Expense-IP": 7, "Expense-LOC2013": 0,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("code", "kind", "set_", "said"),
    [
        ("L210", "task", "litigation", None),
        ("L200", "task", "Litigation", "is the heading of a phase"),
        # Counselling and half of the project codes are phase and task in one.
        ("C100", "task", "Counseling", None),
        ("P100", "task", "Project", None),
        ("P200", "task", "Project", "is the heading of a phase"),
        ("B110", "task", "Litigation", 'is no task code of the set Litigation; L110 is Fact'),
        ("L360", "task", "Litigation", "isn't in every list of Litigation; ask the client."),
        ("A103", "activity", "Bankruptcy", None),
        ("A126", "activity", "Litigation", "isn't in every list of Activity-LOC2013"),
        ("L210", "activity", "Litigation", None),
        ("E112", "expense", "Litigation", None),
        ("E199", "expense", "Litigation", "is no expense code of the set Expense"),
    ],
)  # fmt: skip
def test_a_code_is_held_against_its_set(
    office: Ledger, code: str, kind: str, set_: str, said: str | None
) -> None:
    found = utbms.sets(office).complaint(code, kind, set_)
    assert found is None if said is None else said in (found or "")


def test_a_clients_own_list_takes_the_place_of_a_set(office: Ledger, tmp_path: Path) -> None:
    file = tmp_path / "acme.tsv"
    file.write_text("\ufeffCode\tDescription\nK10\tAsk the board\nA103\tDraft\n", "utf-8")
    trial = utbms.import_(office, file, set_="litigation", dry_run=True)
    assert (trial[0].set, trial[0].added) == ("Litigation", 2)
    assert utbms.sets(office).complaint("L210", "task", "Litigation") is None
    utbms.import_(office, file, set_="litigation")
    known = utbms.sets(office)
    assert known.complaint("K10", "task", "Litigation") is None
    assert "no task code" in str(known.complaint("L210", "task", "Litigation"))
    # The list names activities, so they are the client's; it has no expenses.
    assert "no activity code" in str(known.complaint("A104", "activity", "Litigation"))
    assert known.complaint("E112", "expense", "Litigation") is None
    (again,) = utbms.import_(office, file, set_="Litigation")
    assert (again.added, again.changed, again.removed) == (0, 0, 0)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is empty"),
        ("code\ttitle\n", "no codes"),
        ("title\tset\nAsk\tAcme\n", "no column named code"),
        ("code\ttitle\nK10\tAsk\tmore\n", "line 2: 3 cells under 2 names"),
        ("code\ttitle\nK 10\tAsk\n", "line 2: "),
        ("code\ttitle\nK10\t\n", "line 2: The title is empty"),
        ("code\ttitle\nK10\tAsk\nk10\tAgain\n", "twice"),
        ("code\ttitle\tcode\nK10\tAsk\tK11\n", "a column twice"),
    ],
)
def test_a_list_that_cant_be_read_says_where(text: str, said: str) -> None:
    with pytest.raises(UsageProblem) as refused:
        lists.read(text, "codes.tsv", set_="Acme")
    assert refused.value.code == "utbms.unreadable"
    assert said in refused.value.sentence


def test_entries_are_told_of_their_codes(office: Ledger) -> None:
    wrong = time.add(office, "2026-001", H, "Call", day=DAY, task_code="X1")
    assert "is no task code" in utbms.warnings(office, wrong)[0]
    clients.edit(office, "acme", {"ebilling": {"require_task": True, "allowed_codes": ["L120"]}})
    bare = time.add(office, "2026-001", H, "Call", day=DAY)
    assert utbms.warnings(office, bare) == (
        f"{bare.id} has no task code, which the client requires.",
    )
    other = time.add(office, "2026-001", H, "Call", day=DAY, task_code="L110")
    assert utbms.warnings(office, other) == (f"{other.id}: L110 isn't on the client's list.",)
    clients.add(office, "rivera", "Ana Rivera")
    matters.add(office, "2026-002", "A lease", client="rivera")
    free = time.add(office, "2026-002", H, "Call", day=DAY, task_code="X1", timekeeper="MA")
    assert utbms.warnings(office, free) == ()


def test_rules_are_merged_and_taken_away(office: Ledger) -> None:
    clients.edit(office, "acme", {"ebilling": {"max_desc": 20, "rate_cap_e4": 300 * H}})
    clients.edit(office, "acme", {"ebilling": {"rate_cap_e4": None}})
    rules = dict(clients.show(office, "acme").details["ebilling"])
    assert rules == {"utbms": "Litigation", "max_desc": 20}
    number = billed(office, "Review of the whole contract and its annexes")
    (bill,) = ledes.export(office, [number]).bills
    assert "Row 1, LINE_ITEM_DESCRIPTION: cut from 44 to 20 characters." in bill.notes


def test_a_file_is_the_matters_format_then_the_clients(office: Ledger, tmp_path: Path) -> None:
    number = billed(office, "Review")
    assert ledes.export(office, [number]).bills[0].format == "1998B"
    clients.edit(office, "acme", {"ebilling": {"ledes": "1998BI", "encoding": "utf_8"}})
    assert ledes.export(office, [number]).bills[0].format == "1998BI"
    options.set_options(office, "2026-001", {"ledes": "1998b"})
    assert ledes.export(office, [number]).bills[0].format == "1998B"
    assert ledes.export(office, [number], format="1998BI").bills[0].format == "1998BI"
    made = ledes.export(office, [number], out=f"{tmp_path / 'out'}/").bills[0]
    assert made.file == tmp_path / "out" / "20260001.txt"
    assert made.file.read_bytes() == ledes.export(office, [number]).content
    assert ledes.check(made.file).ok


def test_each_payor_of_a_split_bill_has_a_file_over_its_share(office: Ledger) -> None:
    clients.add(office, "insurer", "Insurer Inc", details={"ebilling": {"client_id": "INS"}})
    shares = {"acme": 667_000, "insurer": 333_000}
    options.set_options(office, "2026-001", {"split": shares, "split_consent": "Letter"})
    expenses.add(office, "2026-001", 410_01, "Filing fee", day=DAY, code="E112")
    billed(office, "Review", "Draft")
    numbers = ["2026-0001", "2026-0002"]
    made = ledes.export(office, numbers)
    assert sum(bill.total_cents for bill in made.bills) == 2 * 366_66 + 410_01
    assert not [words for bill in made.bills for words in bill.warnings]
    rows = [line.split("|") for line in str(made.text).splitlines()[2:]]
    assert {row[2] for row in rows} == {"acme", "INS"}
    # Money is split, hours never: the adjustment has what the other pays.
    assert {row[10] for row in rows if row[9] == "F"} == {"1.10"}


def test_tax_of_a_bill_goes_into_1998bi(office: Ledger) -> None:
    rates = ((date(2026, 1, 1), 82_500),)
    with office.write():
        firm.put_tax(office, Tax("GRT", "Gross receipts tax", "fees", rates))
    options.set_options(office, "2026-001", {"tax": "GRT"})
    number = billed(office, *(f"Review, part {n}" for n in range(10)))
    made = ledes.export(office, [number], format="1998BI")
    *work, rest = [line.removesuffix("[]").split("|") for line in str(made.text).splitlines()[2:]]
    # 8.25 % of 366.66 is 30.25, ten times 302.50; of the bill's 3,666.60 it is 302.49.
    assert [row[48] for row in work] == ["30.25"] * 10
    assert (rest[9], rest[11], rest[12], rest[48]) == ("IF", "0.00", "-0.01", "-0.01")
    assert {row[27] for row in (*work, rest)} == {"302.49"}
    assert not made.bills[0].warnings


@pytest.fixture
def cli(office: Ledger, capfdbinary: pytest.CaptureFixture[bytes]) -> Callable[..., Said]:
    """Commands over the office's ledger, and the very bytes that they print."""
    from billcli.cli import main

    def run(*words: object) -> Said:
        head = ["--ledger", str(office.path), "--today", TODAY, "--actor", "tester"]
        code = main([*head, *map(str, words)])
        printed = capfdbinary.readouterr()
        return Said(code, printed.out, printed.err.decode())

    return run


class Said(NamedTuple):
    """What a command ended in."""

    code: int
    out: bytes
    err: str


def test_stdout_has_the_bytes_of_the_file(office: Ledger, cli: Callable[..., Said]) -> None:
    number = billed(office, "Review of the Café's lease")
    plain = cli("export", "ledes", number)
    assert plain.out == ledes.export(office, [number]).content
    assert plain.out.count(b"[]\r\n") == plain.out.count(b"\n") == 3
    assert b"Cafe's" in plain.out
    assert "letters were written as ASCII has them" in plain.err
    other = cli("export", "ledes", number, "--eol", "lf", "--encoding", "windows-1252")
    assert b"\r" not in other.out
    assert "Café's".encode("cp1252") in other.out


def test_a_file_that_doesnt_end_in_txt_is_a_warning(
    office: Ledger, cli: Callable[..., Said], tmp_path: Path
) -> None:
    number = billed(office, "Review")
    for name, told in (("bill.txt", b"no findings"), ("bill.edi", b"should end in .txt")):
        file = tmp_path / name
        assert cli("export", "ledes", number, "--out", file).code == 0
        checked = cli("ledes", "check", file)
        assert (checked.code, told in checked.out) == (0, True)


def test_many_findings_of_a_kind_are_one_warning(office: Ledger) -> None:
    for hour in range(1, 6):
        time.add(office, "2026-001", hour * H, f"Hearing {hour}", day=DAY)
    number = bills.create(office, "2026-001", NOW, approved=True)["number"]
    (bill,) = ledes.export(office, [number]).bills
    assert bill.warnings == (
        "line 3 and 4 more, LINE_ITEM_TASK_CODE: is blank; many clients want a task code.",
    )


def test_codes_are_offered_by_what_is_typed(office: Ledger, tmp_path: Path) -> None:
    from billcli.cli import _complete

    file = tmp_path / "acme.tsv"
    file.write_text("code\ttitle\nL2X\tAsk `rm`\n", "utf-8")
    utbms.import_(office, file, set_="Acme")
    office.close()
    root: Any = SimpleNamespace(params={"ledger": str(office.path)})
    ctx: Any = SimpleNamespace(find_root=lambda: root)
    offered = dict(_complete.task_codes(ctx, "l2"))
    assert offered["L210"] == "Pleadings"
    assert offered["L2X"] == "Ask  rm "
    assert not [code for code in offered if not code.startswith("L2")]
    assert "A103" in dict(_complete.activity_codes(ctx, "a1"))
    # What stands in one list alone is not offered.
    assert "A112" not in dict(_complete.activity_codes(ctx, "a1"))
    assert "E112" in dict(_complete.expense_codes(ctx, ""))
    assert [name for name, _ in _complete.code_sets(ctx, "ac")] == [
        "Activity", "Acme",
    ]  # fmt: skip
