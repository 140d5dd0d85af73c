"""Every reader of what people type and other programs write, fed with bytes; and samples for each.

A reader ends in what it read, or in a BillError with a sentence. `fed` says so, and is what the
games of chance of this folder call: Hypothesis in every run, atheris in a long one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from billcli.core.code import read_code
from billcli.core.discount import Discount
from billcli.core.edits import Edit
from billcli.core.lines import Line
from billcli.errors import BillError
from billcli.formats import draft_text, firm, utbms
from billcli.formats.dump import model
from billcli.formats.dump.reader import Dump
from billcli.formats.dump.writer import lines as dumped
from billcli.formats.firm.settings import read_setting
from billcli.formats.imports import bank, lists, ofx, time_sheets, timewarrior
from billcli.formats.journal import accounts
from billcli.formats.ledes import columns
from billcli.formats.ledes.check import check
from billcli.values import clock_times, contact, dates, hours, moments, money, text

ROOT = Path(__file__).parents[2]
DAY = date(2026, 11, 30)
NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
ZONES = ("UTC", "Australia/Sydney", "America/Los_Angeles")
BEFORE_A_JUMP = datetime(2026, 3, 8, 9, 59, tzinfo=UTC)
"""A minute before clocks in Los Angeles jump from 2:00 to 3:00."""


@dataclass(frozen=True, slots=True)
class Reader:
    """What is read, and samples of what it may read."""

    read: Callable[[bytes], object]
    samples: tuple[bytes, ...]


def typed(*readers: Callable[[str], object]) -> Callable[[bytes], object]:
    """Readers of words on a command line, which come with escapes for what isn't UTF-8."""

    def read(content: bytes) -> object:
        said = content.decode("utf-8", "surrogateescape")
        return [tried(lambda each=each: each(said)) for each in readers]

    return read


def filed(read: Callable[[str], object]) -> Callable[[bytes], object]:
    """A reader of a text file, whose bytes were found to be UTF-8 before."""
    return lambda content: read(content.decode("utf-8", "replace"))


def tried(read: Callable[[], object]) -> object:
    """What was read, or the sentence that says why nothing was."""
    try:
        return read()
    except BillError as problem:
        said = [problem.sentence, *([problem.hint] if problem.hint else [])]
        for sentence in said:
            assert sentence.strip(), problem.code
            assert text.visible(sentence, lines=True) == sentence, problem.code
        assert "." in problem.code, problem.code
        assert problem.exit_code in (2, 3, 4), problem.code
        return problem


def fed(name: str, content: bytes) -> object:
    """Read these bytes; whatever else than a BillError comes out is a fault of the reader."""
    return tried(lambda: READERS[name].read(content))


def _clocks(said: str) -> object:
    for zone in map(ZoneInfo, ZONES):
        for now in (NOON, BEFORE_A_JUMP, BEFORE_A_JUMP + timedelta(days=238)):
            tried(lambda now=now, zone=zone: moments.read_start(said, now, zone))
            tried(
                lambda now=now, zone=zone: moments.read_stop(
                    said, now - timedelta(hours=5), now, zone
                )
            )
    return None


def _money(said: str) -> None:
    for decimals in (0, 2, 3):
        for read in (money.read_cents, money.read_positive_cents):
            cents = tried(lambda read=read, decimals=decimals: read(said, decimals))
            if isinstance(cents, int):
                assert money.read_cents(money.plain(cents, decimals), decimals) == cents


def _hours(said: str) -> None:
    found = tried(lambda: hours.read_hours(said))
    if isinstance(found, int):
        assert 0 < found <= 240_000
        assert hours.read_hours(hours.plain_hours(found)) == found


def _firm(said: str) -> None:
    read = firm.read(said, "firm.toml")
    assert firm.read(firm.write(read), "again.toml") == read


def _line(kind: str, n: int | None, cents: int) -> Line:
    source = f"{kind[0].upper()}-{n}" if n else None
    fee = "cost" if kind == "expense" else "fee"
    return Line(kind, fee, "Court fee", cents, cents, cents, n, source, DAY if n else None)


DRAFT = draft_text.Editable(
    lines=(_line("time", 1, 525_00), _line("adjustment", None, -5_00), _line("expense", 4, 45_00)),
    edits=(Edit("amount", line="T-1", cents=525_00, reason="courtesy", text="as agreed"),),
    discount=Discount(percent_e4=100_000),
    note="Thank you.",
)
EDITED = (
    "keep 1 500.00 courtesy: as agreed\ndrop 2\nkeep 3\nadd fee 25.00 Postage\n"
    "add cost 3 Stamps\ndiscount 5%\n\nnote\nThanks.\n"
)


def _dump(content: bytes) -> int:
    dump = Dump(content.splitlines(keepends=True), "ledger.json")
    return sum(len(row.values) for _, rows in dump.tables() for row in rows)


def _dump_sample() -> bytes:
    kept = (model.Column("id", "INTEGER", ""), model.Column("page", "BLOB", ""))
    table = model.Table("bill_document", "Pages.", kept)
    rows = iter([(1, b"# Bill"), (2, b"\xff\x00")])
    head = model.Head(1, "USD", 2, {"bill": 2})
    return b"".join(dumped(head, iter([(table, rows)])))


LEDES = (
    b"LEDES1998B[]\r\nINVOICE_DATE|INVOICE_NUMBER|CLIENT_ID|LAW_FIRM_MATTER_ID|INVOICE_TOTAL|"
    b"BILLING_START_DATE|BILLING_END_DATE|INVOICE_DESCRIPTION|LINE_ITEM_NUMBER|EXP/FEE/INV_ADJ_TYPE"
    b"|LINE_ITEM_NUMBER_OF_UNITS|LINE_ITEM_ADJUSTMENT_AMOUNT|LINE_ITEM_TOTAL|LINE_ITEM_DATE|"
    b"LINE_ITEM_TASK_CODE|LINE_ITEM_EXPENSE_CODE|LINE_ITEM_ACTIVITY_CODE|TIMEKEEPER_ID|"
    b"LINE_ITEM_DESCRIPTION|LAW_FIRM_ID|LINE_ITEM_UNIT_COST|TIMEKEEPER_NAME|"
    b"TIMEKEEPER_CLASSIFICATION|CLIENT_MATTER_ID[]\r\n20260131|20260007|ACME|2026-003|300.00|"
    b"20260101|20260131|January services|2|F|1.20|-60.00|300.00|20260107|L210||A103|JD1|"
    b"Draft answer; courtesy discount|12-3456789|300.00|Doe, Jane|PARTNR|AC-77[]\r\n"
)
INTERNATIONAL = "".join(
    f"{line}[]\r\n"
    for line in (
        "LEDES98BI V2",
        "|".join(columns.INTERNATIONAL),
        "|".join("20260131" if "DATE" in name else "1.00" for name in columns.INTERNATIONAL),
    )
).encode()
OFX = (
    b"OFXHEADER:100\nDATA:OFXSGML\n\n<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>USD"
    b"<BANKACCTFROM><BANKID>1<ACCTID>77</BANKACCTFROM><BANKTRANLIST><STMTTRN><TRNTYPE>CREDIT"
    b"<DTPOSTED>20261120120000[-5:EST]<TRNAMT>1500.00<FITID>7<NAME>Rivera &amp; Co<MEMO>2026-0001"
    b"</STMTTRN></BANKTRANLIST><LEDGERBAL><BALAMT>5.00<DTASOF>20261120</LEDGERBAL></STMTRS>"
)
TOGGL = (
    b"User,Project,Description,Start date,Duration,Billable\n"
    b"Nadia,2026-001,Call,2026-11-02,00:30:00,Yes\n"
)
CLOCKIFY = (
    b"Project,Description,User,Start Date,Duration (h)\n2026-001,Call,Nadia,11/02/2026,00:30:00\n"
)
DAYS = (b"2026-11-03", b"today", b"3 days ago", b"last friday", b"nov 5", b"11/5/26", b"2026-02")
LENGTHS = (b"1.5", b"1h30m", b"1:30", b"90m", b"half an hour", b"0.01", b"24h")
CLOCKS = (b"9:15", b"6:30pm", b"yesterday 18:30", b"20m ago", b"2026-03-08 2:30", b"2:30")
AMOUNTS = (b"1,500.00", b"-45", b"$ 3.5", b"(12.50)", b"12.5%", b"0.0001", b"9" * 16)
WORDS = (b"rivera", b"a@b.example", b"Ana <ana@b.example>", b"Ohm GmbH", b"L110", b"\xff\0\x1b[1m")
SETTINGS = (b"firm.timezone=Europe/Berlin", b"billing.quote_cents=12.50", b"firm.currency=JPY")


def _settings(said: str) -> object:
    key, _, value = said.partition("=")
    return read_setting(key, value, currency="USD")


def _sheet(source: str) -> Callable[[bytes], object]:
    def read(content: bytes) -> object:
        rows = None
        for order in (None, "mdy"):
            asked = {"columns": {}, "order": order}
            rows = tried(lambda asked=asked: list(time_sheets.time_rows(content, source, **asked)))
        return rows

    return read


READERS: dict[str, Reader] = {
    "money": Reader(typed(_money, money.read_rate, money.read_percent), AMOUNTS),
    "hours": Reader(typed(_hours), LENGTHS),
    "days": Reader(
        typed(
            lambda said: dates.read_day(said, DAY),
            lambda said: dates.read_day(said, DAY, past=True),
            lambda said: dates.read_through(said, DAY),
            lambda said: dates.clock_of(said, "UTC", NOON),
            dates.read_month,
        ),
        DAYS,
    ),
    "moments": Reader(typed(_clocks, clock_times.read_clock), CLOCKS),
    "words": Reader(
        typed(
            lambda said: text.read_text(said, "title"),
            lambda said: text.read_id(said, "client id"),
            lambda said: contact.read_line(said, "name"),
            lambda said: contact.read_lines([said], "address"),
            contact.read_email,
            read_code,
        ),
        WORDS,
    ),
    "settings": Reader(typed(_settings), SETTINGS),
    "firm": Reader(filed(_firm), ((ROOT / "sample-firm.toml").read_bytes(),)),
    "csv": Reader(
        _sheet("csv"),
        (b'Date,Matter,Hours,Description,Timekeeper\n2026-11-02,2026-001,1.5,"Call, long",NB\n',),
    ),
    "toggl": Reader(
        _sheet("toggl"),
        (TOGGL,),
    ),
    "clockify": Reader(
        _sheet("clockify"),
        (CLOCKIFY,),
    ),
    "harvest": Reader(
        _sheet("harvest"),
        (b"Date,Project,Notes,Hours,Billable?\n2026-11-02,2026-001,Call,0.5,Yes\n",),
    ),
    "timewarrior": Reader(
        lambda content: list(timewarrior.time_rows(content, timezone="Asia/Tokyo")),
        (b'[{"id":1,"start":"20261103T053000Z","end":"20261103T063000Z","tags":["2026-001"]}]',),
    ),
    "expenses": Reader(
        lambda content: list(lists.expense_rows(content, decimals=2, columns={}, order="dmy")),
        (b"Date,Matter,Amount,Description,Taxable\n02/11/2026,2026-001,12.50,Copies,no\n",),
    ),
    "clients": Reader(
        lambda content: list(lists.client_rows(content, columns={})),
        (b"\xef\xbb\xbfId;Name;Email\nrivera;Ana Rivera;ana@b.example\n",),
    ),
    "bank": Reader(
        lambda content: list(bank.bank_rows(content, decimals=2, columns={}, order="mdy")),
        (b'Date,Amount,Payer\n11/20/2026,"$1,500.00",Rivera\n',),
    ),
    "ofx": Reader(lambda content: ofx.statements(content, decimals=2), (OFX,)),
    "utbms": Reader(
        filed(lambda said: utbms.read(said, "codes.tsv", set_="Acme")),
        (b"Code\tTitle\tPhase\nK10\tAsk the board\tK00\n",),
    ),
    "ledes": Reader(check, (LEDES, INTERNATIONAL)),
    "draft": Reader(
        filed(lambda said: draft_text.read(said, DRAFT)),
        (draft_text.written(DRAFT, title="Draft D-7").encode(), EDITED.encode()),
    ),
    "dump": Reader(_dump, (_dump_sample(),)),
    "accounts": Reader(
        filed(lambda said: accounts.read(said, "qbo", "accounts.toml")),
        (b'[accounts]\nreceivable = "Accounts Receivable"\ntrust_bank_firm = "Trust"\n',),
    ),
}
