"""Statements of a bank beside open bills: proposed, posted on a word, once."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from offices import H
from practice import asked

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger

Take = Callable[..., tuple[int, Any, str]]

HEAD = "OFXHEADER:100\r\nDATA:OFXSGML\r\nVERSION:102\r\nENCODING:USASCII\r\nCHARSET:1252\r\n\r\n"
OFX1 = (
    HEAD + "<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>USD\r\n"
    "<BANKACCTFROM><BANKID>091000019<ACCTID>0042<ACCTTYPE>CHECKING</BANKACCTFROM><BANKTRANLIST>"
    "<DTSTART>20261101<DTEND>20261130\r\n"
    "<STMTTRN><TRNTYPE>CREDIT<DTPOSTED>20261120120000[-5:EST]<TRNAMT>320.00<FITID>F1"
    "<NAME>RIVERA ANA<MEMO>Lease &amp; more</STMTTRN>\r\n"
    "<STMTTRN><TRNTYPE>CHECK<DTPOSTED>20261121<TRNAMT>+400,50<FITID>F2<CHECKNUM>118"
    "<NAME>ODUM<MEMO>Invoice 2026-0002</STMTTRN>\r\n"
    "<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20261122<TRNAMT>-75.2500<FITID>F3<NAME>Rent</STMTTRN>\r\n"
    "<STMTTRN><TRNTYPE>CREDIT<DTPOSTED>20261123<TRNAMT>12.34<FITID>F4<NAME>SØREN\r\n"
    "<BANKACCTTO><ACCTID>9999</BANKACCTTO></STMTTRN></BANKTRANLIST>"
    "<LEDGERBAL><BALAMT>657.59<DTASOF>20261130</LEDGERBAL></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>"
).encode("cp1252")
OFX2 = (
    '<?xml version="1.0" encoding="UTF-8"?><?OFX OFXHEADER="200" VERSION="211"?><OFX><STMTRS>'
    "<CURDEF>USD</CURDEF><BANKACCTFROM><ACCTID>0042</ACCTID></BANKACCTFROM><BANKTRANLIST>"
    "<STMTTRN><TRNTYPE>CREDIT</TRNTYPE><DTPOSTED>20261120</DTPOSTED><TRNAMT>320.00</TRNAMT>"
    "<FITID>F1</FITID><PAYEE><NAME>Ana Rivera</NAME><CITY>Mesa</CITY></PAYEE></STMTTRN>"
    "</BANKTRANLIST></STMTRS></OFX>"
)


@pytest.fixture
def bills(office: Ledger, cli: Callable[..., Any]) -> Ledger:
    """2026-0001 of rivera over 320.00 and 2026-0002 of odum over 480.00, of 10 November."""
    from billcli.services.work import time

    day = date(2026, 11, 9)
    time.add(office, "2026-001", H, "Lease", day=day, timekeeper="NB")
    time.add(office, "2026-002", 4 * H, "Handbook", day=day, timekeeper="JT")
    for number in ("2026-001", "2026-002"):
        words = ("bill", "create", number, "--date", "2026-11-10", "--issue")
        assert cli(*words).code == 0
    return office


def paid(ledger: Ledger) -> list[Any]:
    return asked(ledger.path, "SELECT day, client_id, amount_cents, method, reference FROM payment")


def test_an_ofx_statement_is_proposed_and_nothing_is_posted(take: Take, bills: Ledger) -> None:
    code, view, err = take("payments", OFX1, "--from", "ofx")
    assert (code, err) == (0, "")
    assert [(p["row"], p["bill"], p["amount"], p["why"]) for p in view["proposals"]] == [
        (1, "2026-0001", "320.00", "amount and payer"),
        (2, "2026-0002", "400.50", "number of the bill"),
    ]
    assert [(p["row"], p["amount"], p["payer"]) for p in view["unmatched"]] == [
        (4, "12.34", "SØREN")
    ]
    assert (view["account"], view["debits"], view["posted"]) == ("0042", 1, False)
    assert paid(bills) == []


def test_what_is_read_of_ofx_adds_up_to_the_balance_that_the_bank_tells() -> None:
    from billcli.formats.imports import ofx

    (statement,) = ofx.statements(OFX1, decimals=2)
    told = Decimal(re.search(rb"BALAMT>([0-9.]+)", OFX1)[1].decode())  # type: ignore[index]
    assert sum(row.amount_cents for row in statement.rows) == told * 100
    assert [row.day for row in statement.rows] == [date(2026, 11, n) for n in (20, 21, 22, 23)]
    assert [row.memo for row in statement.rows][:2] == ["Lease & more", "Invoice 2026-0002"]
    assert statement.rows[1].reference == "118"


def test_posted_on_a_word_and_once(take: Take, bills: Ledger, cli: Callable[..., Any]) -> None:
    assert take("payments", OFX1, "--from", "ofx", "--dry-run")[1]["posted"] is False
    view = take("payments", OFX1, "--from", "ofx", "--post")[1]
    assert [line["payment"] for line in view["proposals"]] == ["P-1", "P-2"]
    assert paid(bills) == [
        ("2026-11-20", "rivera", 320_00, "bank", "Lease & more"),
        ("2026-11-21", "odum", 400_50, "check", "118"),
    ]
    again = take("payments", OFX1, "--from", "ofx", "--post")[1]
    assert (again["proposals"], again["known"], len(again["unmatched"])) == ([], 2, 1)
    # Version 2 of the same account tells the same ids.
    assert take("payments", OFX2, "--from", "ofx", "--post")[1]["known"] == 1
    assert len(paid(bills)) == 2
    assert cli("bill", "show", "2026-0001", "--json").json["balance"] == "0.00"
    assert cli("bill", "show", "2026-0002", "--json").json["balance"] == "79.50"
    assert cli("check").code == 0


def test_the_payee_with_an_address_is_read_too(take: Take, bills: Ledger) -> None:
    view = take("payments", OFX2, "--from", "ofx")[1]
    assert [p["bill"] for p in view["proposals"]] == ["2026-0001"]


def csv(*rows: str) -> str:
    return "\n".join(("Posting Date,Description,Credit,Debit,Check Number", *rows)) + "\n"


def test_a_bank_csv_with_two_columns_of_amounts(take: Take, bills: Ledger) -> None:
    text = csv("11/20/2026,ANA RIVERA PMT,$320.00,,", '11/21/2026,Rent,,"1,500.00",9')
    view = take("payments", text, "--dates", "mdy", "--post")[1]
    assert ([p["payment"] for p in view["proposals"]], view["debits"]) == (["P-1"], 1)
    assert take("payments", text, "--dates", "mdy")[1]["known"] == 1


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("2026-11-20,ANA RIVERA,319.99,,", "no open bill fits"),
        ("2026-11-20,SOMEBODY ELSE,320.00,,", "no open bill fits"),
        # The word stands within another word, or the number within another number.
        ("2026-11-20,ANA RIVERASIDE,320.00,,", "no open bill fits"),
        ("2026-11-20,No 2026-00011,320.00,,", "no open bill fits"),
        ("2026-11-20,No X2026-0001,320.00,,", "no open bill fits"),
        # Two bills are named: which of them it pays, a person says.
        ("2026-11-20,2026-0001 and 2026-0002,800.00,,", "it names 2026-0001 and 2026-0002"),
        # Before the bill there was nothing to pay.
        ("2026-11-09,ANA RIVERA,320.00,,", "no open bill fits"),
    ],
)
def test_what_does_not_fit_is_told_and_not_proposed(
    take: Take, bills: Ledger, row: str, why: str
) -> None:
    view = take("payments", csv(row), "--post")[1]
    assert (view["proposals"], [line["why"] for line in view["unmatched"]]) == ([], [why])
    assert paid(bills) == []


def test_two_bills_of_the_same_amount_and_client_are_not_guessed(
    take: Take, bills: Ledger, cli: Callable[..., Any]
) -> None:
    assert cli("t", "2026-001", "1", "More", "--tk", "NB", "--date", "2026-11-11").code == 0
    assert cli("bill", "create", "2026-001", "--date", "2026-11-12", "--issue").code == 0
    view = take("payments", csv("2026-11-20,ANA RIVERA,320.00,,"))[1]
    assert view["unmatched"][0]["why"] == "it fits 2026-0001 and 2026-0003"
    # Where the bank says the number, there is nothing to guess.
    view = take("payments", csv("2026-11-20,bill 2026-0003 rivera,320.00,,"))[1]
    assert view["proposals"][0]["bill"] == "2026-0003"


def test_the_same_amount_twice_pays_a_bill_once(take: Take, bills: Ledger) -> None:
    row = "2026-11-20,ANA RIVERA,320.00,,"
    view = take("payments", csv(row, row), "--post")[1]
    assert (len(view["proposals"]), len(view["unmatched"])) == (1, 1)
    assert len(paid(bills)) == 1
    # What is over becomes credit, and is said before.
    view = take("payments", csv("2026-11-21,2026-0002,500.00,,"))[1]
    assert view["proposals"][0]["over"] == "20.00"


def test_what_was_recorded_by_hand_is_not_posted_again(
    take: Take, bills: Ledger, cli: Callable[..., Any]
) -> None:
    assert cli("payment", "add", "2026-0002", "200", "--date", "2026-11-18").code == 0
    view = take("payments", csv("2026-11-20,2026-0002 odum,200.00,,"), "--post")[1]
    assert view["unmatched"][0]["why"] == "P-1 may be this, recorded by hand"
    assert len(paid(bills)) == 1
    # A deposit in trust is no payment of a bill, though a bill is open over the same amount.
    words = ("trust", "deposit", "2026-001", "320", "--date", "2026-11-19")
    assert cli(*words, today="2026-11-20").code == 0
    view = take("payments", csv("2026-11-20,ANA RIVERA,320.00,,"), "--post")[1]
    assert "TR-1 may be this" in view["unmatched"][0]["why"]


def test_one_account_of_several_is_named(take: Take, bills: Ledger) -> None:
    trust = OFX1.replace(b"<ACCTID>0042", b"<ACCTID>0077").replace(b"<FITID>F", b"<FITID>T")
    both = OFX1.replace(b"</OFX>", trust.partition(b"<OFX>")[2])
    assert take("payments", both, "--from", "ofx", "--post")[0] == 2
    view = take("payments", both, "--from", "ofx", "--account", "0042")[1]
    assert (view["account"], len(view["proposals"])) == ("0042", 2)


def test_what_is_agreed_is_what_is_posted(bills: Ledger) -> None:
    """Between the proposal and the answer somebody else recorded a payment (import.changed)."""
    from billcli.errors import Refused
    from billcli.services.exchange import importing_payments
    from billcli.services.receivables import payments

    how = importing_payments.Asked("ofx", {})
    agreed = importing_payments.propose(bills, OFX1, how)
    payments.add(bills, "2026-0001", 320_00)
    with pytest.raises(Refused, match="has changed") as refused:
        importing_payments.post(bills, OFX1, how, agreed=agreed)
    assert refused.value.code == "import.changed"
    assert len(paid(bills)) == 1


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        (b"<FITID>F2", b"", "FITID: there is none"),
        (b"<TRNAMT>+400,50", b"<TRNAMT>4O0", "TRNAMT: The amount"),
        (b"<TRNAMT>+400,50", b"<TRNAMT>400.505", "TRNAMT: The amount"),
        (b"<DTPOSTED>20261121", b"<DTPOSTED>20261131", "DTPOSTED: The date"),
        (b"<DTPOSTED>20261121", b"", "DTPOSTED: There is no date"),
        (b"<DTPOSTED>20261121", b"<DTPOSTED>20261201", "in the future"),
    ],
)
def test_a_movement_that_cannot_be_meant_is_named_and_nothing_posted(
    take: Take, bills: Ledger, old: bytes, new: bytes, why: str
) -> None:
    assert old in OFX1
    code, _, err = take("payments", OFX1.replace(old, new), "--from", "ofx", "--post")
    assert code == 2 and "Transaction 2, " in err and why in err
    assert paid(bills) == []


def test_a_bank_that_gives_an_id_twice_loses_no_movement(take: Take, bills: Ledger) -> None:
    same = OFX1.replace(b"<FITID>F2", b"<FITID>F1")
    assert len(take("payments", same, "--from", "ofx", "--post")[1]["proposals"]) == 2
    one = OFX1.partition(b"<STMTTRN>")[2].partition(b"</STMTTRN>")[0]
    doubled = OFX1.replace(b"</BANKTRANLIST>", b"<STMTTRN>" + one + b"</STMTTRN></BANKTRANLIST>")
    view = take("payments", doubled, "--from", "ofx")[1]
    assert len(view["proposals"]) + len(view["unmatched"]) + view["known"] == 3


def test_asked_on_a_terminal_and_not_answered_by_yes(
    bills: Ledger, tmp_path: Any, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    import io
    import sys

    from billcli.cli import main

    path = tmp_path / "s.ofx"
    path.write_bytes(OFX1)
    head = ["--ledger", str(bills.path), "--today", "2026-11-30", "--actor", "t"]
    line = ["import", "payments", str(path), "--from", "ofx"]
    assert main([*head, "--yes", "--no-input", *line]) == 0
    assert "Nothing is posted" in capsys.readouterr().err and paid(bills) == []

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    for answer, count in (("\n", 0), ("n\n", 0), ("y\n", 2)):
        monkeypatch.setattr(sys, "stdin", Terminal(answer))
        monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
        assert main([*head, *line]) == 0
        told = capsys.readouterr()
        assert ("Post these 2 payments, 720.50 in all? [y/N]" in told.err, len(paid(bills))) == (
            True,
            count,
        )


def test_proposals_are_json_with_words_that_scripts_know(take: Take, bills: Ledger) -> None:
    view = take("payments", OFX1, "--from", "ofx")[1]
    assert set(view) == {
        "source", "account", "posted", "known", "debits", "proposals", "unmatched"
    }  # fmt: skip
    assert json.dumps(view)
