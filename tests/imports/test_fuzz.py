"""Whatever a file holds, a reader ends in rows or in one sentence."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billcli.errors import UsageProblem
from billcli.formats.imports import bank, lists, ofx, time_sheets, timewarrior

READERS: dict[str, Callable[[bytes], object]] = {
    **{
        source: lambda content, source=source: list(
            time_sheets.time_rows(content, source, columns={}, order="mdy")
        )
        for source in time_sheets.PRESETS
    },
    "timewarrior": lambda content: list(timewarrior.time_rows(content, timezone="Asia/Tokyo")),
    "expenses": lambda content: list(
        lists.expense_rows(content, decimals=2, columns={}, order=None)
    ),
    "clients": lambda content: list(lists.client_rows(content, columns={})),
    "bank": lambda content: list(bank.bank_rows(content, decimals=2, columns={}, order="dmy")),
    "ofx": lambda content: ofx.statements(content, decimals=2),
}
HEADS = {
    "csv": "Date,Matter,Hours,Description",
    "toggl": "User,Project,Description,Start date,Duration,Billable",
    "clockify": "Project,Description,User,Start Date,Duration (h)",
    "harvest": "Date,Project,Notes,Hours,Billable?",
    "expenses": "Date,Matter,Amount,Description,Taxable",
    "clients": "Id,Name,Email",
    "bank": "Date,Amount,Payer",
    "timewarrior": "[",
    "ofx": "<OFX>",
}
PIECES = st.sampled_from(
    [
        *"\",;\n\r\0<>[]{}:-.'",
        "\ufeff", "\u202e", "\ud7ff", "2026-11-02", "11/02/2026", "2026-001", "1.5", "00:30:00",
        "99:99:99", "Yes", "٣", "1e5", "9" * 30, "Call", '"start":', '"20261103T053000Z"', '"end":',
        '"tags":["m2026-001"]',
        "<STMTTRN>", "</STMTTRN>", "<FITID>7", "<TRNAMT>-1.50", "<DTPOSTED>",
        "20261120", "<NAME>x&#0;&#xD800;", "<ACCTID>", "<BANKACCTFROM>",
    ]
)  # fmt: skip


@pytest.mark.parametrize("name", READERS)
@settings(max_examples=60, deadline=None)
@given(st.lists(PIECES, max_size=40), st.booleans(), st.binary(max_size=12))
def test_a_reader_ends_in_rows_or_in_one_sentence(
    name: str, pieces: list[str], headed: bool, tail: bytes
) -> None:
    text = (HEADS[name] + "\n" if headed else "") + "".join(pieces)
    for content in (text.encode(), text.encode("utf-16"), text.encode() + tail):
        try:
            assert READERS[name](content) is not None
        except UsageProblem as problem:
            assert problem.code.startswith("import.") and problem.sentence.endswith(".")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("timewarrior", b"[" * 100_000),
        ("timewarrior", b"9" * 100_000),
        ("csv", b'"' * 100_001),
        ("csv", b"Date,Matter,Hours,Description\n" + b"x" * 200_000),
        ("ofx", b"<OFX>" + b"<STMTTRN>" * 50_000),
        ("ofx", b"<OFX><STMTTRN><" + b"A" * 200_000),
    ],
)
def test_what_is_too_deep_or_too_long_is_one_sentence_too(name: str, content: bytes) -> None:
    with pytest.raises(UsageProblem):
        READERS[name](content)
