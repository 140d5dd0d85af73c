"""A dump describes itself, becomes the same ledger again, and is refused when it isn't whole."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import count, islice
from pathlib import Path
from typing import Any

import pytest
from offices import Answer, furnished_ledger

from billcli.errors import BillError, Refused
from billcli.services.exchange import dumps
from billcli.services.upkeep import soundness
from billcli.store import filling, migrate

Cli = Callable[..., Answer]
LEDGERS = Path(__file__).parent.parent / "ledgers"


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger with a row of every kind, and its dump beside it."""
    path = furnished_ledger(tmp_path_factory.mktemp("office") / "ledger.db")
    dumps.export(path, out=path.with_name("ledger.json"))
    return path


@pytest.fixture
def dump(furnished: Path, tmp_path: Path) -> Path:
    """A copy of the dump that may be spoilt."""
    return Path(shutil.copy(furnished.with_name("ledger.json"), tmp_path / "ledger.json"))


def rows_of(path: Path) -> dict[str, list[Any]]:
    """Everything in a ledger, SQLite's own counts included, read without the exporter."""
    with closing(sqlite3.connect(path)) as shell:
        names = shell.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return {
            name: sorted(shell.execute(f'SELECT * FROM "{name}"').fetchall(), key=repr)
            for (name,) in names
        }


def signed(lines: list[str]) -> bytes:
    """A dump after a forger's hand: counts and checksums made anew over what the lines say."""
    made, rows, total = [], [], 0
    for line in lines:
        if line.startswith("], "):
            rows = [row.removesuffix(",") for row in rows]
            told = [f"{row}," if n < len(rows) else row for n, row in enumerate(rows, 1)]
            own = hashlib.sha256("".join(f"{row}\n" for row in told).encode()).hexdigest()
            made += told
            made.append(f'], "count": {len(rows)}, "sha256": "{own}"}}')
            total, rows = total + len(rows), []
        elif line.startswith("["):
            rows.append(line)
        elif line.startswith('}, "count"'):
            made.append(f'}}, "count": {total},')
        elif not line.startswith('"sha256"'):
            made.append(line)
    text = "".join(f"{line}\n" for line in made)
    return f'{text}"sha256": "{hashlib.sha256(text.encode()).hexdigest()}"}}\n'.encode()


def test_a_dump_is_one_json_document_that_tells_its_columns_and_units(dump: Path) -> None:
    said = json.loads(dump.read_bytes())
    head, tables = said["head"], said["tables"]
    assert (head["format"], head["version"]) == ("billcli dump", 1)
    assert (head["schema"], head["currency"], head["decimals"]) == (migrate.newest(), "USD", 2)
    assert head["counters"]["draft"] == 8
    for name, table in tables.items():
        assert table["about"], f"schema/README.md has no paragraph on {name}"
        assert table["count"] == len(table["rows"])
        for row in table["rows"]:
            assert len(row) == len(table["columns"])
        units = {column["name"]: column.get("unit") for column in table["columns"]}
        assert set(units.values()) - {None} <= set(head["units"])
        for column, unit in units.items():
            assert unit == "cents" or not column.endswith("_cents")
            assert unit == "e4" or not column.endswith("_e4")
            assert unit == "date" or not (column == "day" or column.endswith("_on"))
    assert said["count"] == sum(table["count"] for table in tables.values())
    names = [column["name"] for column in tables["payment"]["columns"]]
    assert dict(zip(names, tables["payment"]["rows"][0], strict=True))["amount_cents"] == 400_00
    pages = [
        dict(zip(("bill", "form", "page"), row, strict=False))
        for row in tables["bill_document"]["rows"]
    ]
    assert any("Matter 2026-001" in page["page"]["text"] for page in pages)
    body = dump.read_bytes().rpartition(b'"sha256"')[0]
    assert said["sha256"] == hashlib.sha256(body).hexdigest()


def test_a_dump_becomes_the_same_ledger(furnished: Path, dump: Path, tmp_path: Path) -> None:
    made = dumps.import_(tmp_path / "new.db", dump)
    assert rows_of(made.ledger) == rows_of(furnished)
    assert soundness.check(made.ledger).findings == ()
    assert made.ledger.stat().st_mode & 0o777 == 0o600
    again = tmp_path / "again.json"
    dumps.export(made.ledger, out=again)
    assert again.read_bytes() == dump.read_bytes()
    assert again.stat().st_mode & 0o777 == 0o600


def test_every_report_of_the_new_ledger_is_that_of_the_old(
    furnished: Path, dump: Path, tmp_path: Path, cli: Cli
) -> None:
    made = dumps.import_(tmp_path / "new.db", dump).ledger
    asked: list[tuple[str, ...]] = [
        ("report", name, "--json")
        for name in (
            "wip", "ageing", "unbilled", "milestones", "forecast", "trust", "realization",
            "allocation", "discounts", "tax", "reserve",
        )
    ]  # fmt: skip
    asked += [(noun, "list", "--json") for noun in ("bill", "payment", "client", "matter")]
    asked += [("bill", "show", f"2026-000{n}", "--json") for n in range(1, 8)]
    asked += [("bill", "render", f"2026-000{n}") for n in (1, 2, 4)]
    asked += [("trust", "ledger", "2026-005", "--json"), ("retainer", "ledger", "2026-005")]
    asked += [("log", "--json"), ("status", "--json"), ("firm", "export"), ("export", "beancount")]
    for words in asked:
        old, new = cli(*words, ledger=furnished), cli(*words, ledger=made)
        assert (old.code, old.err.replace(str(furnished), "")) == (
            new.code, new.err.replace(str(made), "")
        )  # fmt: skip
        assert old.out == new.out, words
    assert [a.code for a in (cli(*words, ledger=made) for words in asked)].count(0) >= 24


def test_work_goes_on_in_the_new_ledger(dump: Path, tmp_path: Path, cli: Cli) -> None:
    made = dumps.import_(tmp_path / "new.db", dump).ledger
    assert cli("t", "2026-003", "1", "Later work", "--tk", "ro", ledger=made).code == 0
    bill = cli("bill", "create", "2026-003", "--issue", "--json", ledger=made).json
    assert (bill["id"], bill["number"]) == ("D-9", "2026-0008")
    assert cli("check", ledger=made).code == 0
    with closing(sqlite3.connect(made)) as shell, pytest.raises(sqlite3.IntegrityError):
        shell.execute("UPDATE bill SET total_cents = 1")


def test_what_was_taken_back_and_done_again_comes_in_again(
    tmp_path: Path, ledger_path: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Trust pays a cost, gets it back, and pays it again after the cost was changed."""
    day = "2026-10-02"
    for line in (
        "timekeeper add ro R.Ohm --rate 300", "client add rivera Ana",
        "matter add 2026-001 Lease --client rivera --responsible ro --opened 2026-09-01",
        "trust deposit 2026-001 500 --method wire", "expense add 2026-001 80 Fee",
        "trust withdraw 2026-001 80 --payee Court --purpose fee --expense E-1 --method wire",
        "bill create 2026-001 --issue", "bill void 2026-0001 --reason wrong",
        "trust reverse TR-2 --reason returned", "expense edit E-1 --amount 90",
        "trust withdraw 2026-001 90 --payee Court --purpose fee --expense E-1 --method wire",
        "bill create 2026-001 --issue", "t 2026-001 1 Call", "undo", "t 2026-001 2 Call",
        "arrangement set 2026-001 capped --value 500", "undo", "bill create 2026-001",
        "bill delete D-3", "credit add 2026-0002 90 --reason correction --release-entries",
    ):  # fmt: skip
        answer = cli(*line.split(), today=day)
        assert answer.code == 0, (line, answer.err)
    first, second = tmp_path / "first.json", tmp_path / "second.json"
    dumps.export(ledger_path, out=first)
    made = dumps.import_(tmp_path / "new.db", first)
    dumps.export(made.ledger, out=second)
    assert second.read_bytes() == first.read_bytes()
    # The one guard that rests while rows come in would refuse the first of the two payments.
    monkeypatch.setattr(filling, "LIFTED", ())
    with pytest.raises(Refused) as refused:
        dumps.import_(tmp_path / "newer.db", first)
    assert "trust pays a cost of its matter, as a whole and once" in str(refused.value)


def test_a_dry_run_proves_and_leaves_nothing(dump: Path, tmp_path: Path, cli: Cli) -> None:
    path = tmp_path / "new.db"
    told = cli("import", "json", dump, "--dry-run", ledger=path)
    assert told.code == 0 and told.out.startswith("The dump is sound: ")
    assert [each.name for each in tmp_path.iterdir()] == ["ledger.json"]


def test_a_ledger_that_was_just_made_is_replaced_and_kept(
    dump: Path, tmp_path: Path, cli: Cli
) -> None:
    path = tmp_path / "new.db"
    assert cli("init", ledger=path).code == 0
    told = cli("import", "json", dump, "--json", ledger=path)
    assert told.code == 0
    assert cli("bill", "list", "--json", ledger=path).json
    kept = Path(told.json["replaced"])
    assert cli("log", "--json", ledger=kept).json[0]["object"] == "ledger"
    assert cli("check", ledger=path).code == 0


def test_B30_a_ledger_that_holds_anything_is_left_alone(
    furnished: Path, dump: Path, tmp_path: Path, cli: Cli
) -> None:
    full = Path(shutil.copy(furnished, tmp_path / "full.db"))
    before = rows_of(full)
    for words in ([], ["--dry-run"]):
        told = cli("import", "json", dump, *words, "--json", ledger=full)
        assert (told.code, json.loads(told.err)["error"]["code"]) == (3, "dump.not-empty")
    assert rows_of(full) == before
    begun = tmp_path / "begun.db"
    cli("init", ledger=begun)
    cli("client", "add", "vega", "Vega Ltd", ledger=begun)
    assert cli("import", "json", dump, ledger=begun).code == 3
    other = tmp_path / "notes.txt"
    other.write_text("my notes")
    assert cli("import", "json", dump, ledger=other).code == 5
    assert other.read_text() == "my notes"


SPOILT = {
    "a letter": (lambda text: text.replace(b"Court fee", b"Court Fee", 1), "dump.damaged"),
    "a figure": (lambda text: text.replace(b"40000", b"40001", 1), "dump.damaged"),
    "the head": (lambda text: text.replace(b'"draft": 8', b'"draft": 9', 1), "dump.damaged"),
    "a row twice": (
        lambda text: re.sub(rb'\n(\["rivera",.*\n)', rb"\n\1\1", text, count=1), "dump.damaged"
    ),
    "a row gone": (lambda text: re.sub(rb'\n\["rivera",.*', b"", text, count=1), "dump.damaged"),
    "cut": (lambda text: text[: len(text) // 2], "dump.damaged"),
    "no end": (lambda text: text[: text.rindex(b'"sha256"')], "dump.damaged"),
    "more": (lambda text: text + b"{}", "dump.damaged"),
    "bytes": (lambda text: text.replace(b"Court", b"\xff\xfe", 1), "dump.damaged"),
    "another form": (lambda text: text.replace(b'"version": 1', b'"version": 2'), "dump.newer"),
    "a later schema": (
        lambda text: re.sub(rb'"schema": \d+', b'"schema": 99', text), "dump.newer"
    ),
    "something else": (lambda text: b'{"tables": []}', "dump.format"),
    "nothing": (lambda text: b"", "dump.format"),
}  # fmt: skip


@pytest.mark.parametrize("how", SPOILT)
def test_a_dump_that_was_changed_on_its_way_is_refused_as_a_whole(
    dump: Path, tmp_path: Path, how: str
) -> None:
    spoil, code = SPOILT[how]
    before = dump.read_bytes()
    dump.write_bytes(spoil(before))
    assert dump.read_bytes() != before
    with pytest.raises(BillError) as refused:
        dumps.import_(tmp_path / "new.db", dump)
    assert refused.value.code == code
    if code == "dump.damaged":
        assert re.search(r"ledger\.json, line \d+: ", str(refused.value))
    assert [each.name for each in tmp_path.iterdir()] == ["ledger.json"]


def test_other_ends_of_lines_and_a_mark_in_front_are_no_change(
    furnished: Path, dump: Path, tmp_path: Path
) -> None:
    dump.write_bytes(b"\xef\xbb\xbf" + dump.read_bytes().replace(b"\n", b"\r\n"))
    assert rows_of(dumps.import_(tmp_path / "new.db", dump).ledger) == rows_of(furnished)


# What a forger changes who makes the checksums anew, and who stops it.
FORGED = {
    "a line of a bill": (r'^(\[1,1,"time".*)Review of', r"\1Revue of", "dump.unsound"),
    "the log": (r'^(\[5,"[^"]*","[^"]*",)"tester"', r'\1"nobody"', "dump.unsound"),
    "a row of the log gone": (r'^\[61,"20.*$', None, "dump.row"),
    "a payment": (r'^(\[1,"2026-11-30","rivera",1,)40000,', r"\g<1>50000,", "dump.unsound"),
    "more from trust than is there": (r'^(\[3,"2026-10-31","fee",.*?)-50', r"\1-9999", "dump.row"),
    "trust dated ahead": (
        r'^\[2,"2026-10-31","withdrawal",(.*?)"2026-10-31"',
        r'[2,"2999-10-31","withdrawal",\1"2999-10-31"',
        "dump.row",
    ),
    "a bill paid twice": (
        r'^(\[\d+,1,"operating_bank","receivable",)40000', r"\g<1>9940000", "dump.row"
    ),
    "a word for a number": (
        r'^(\[1,"2026-11-30","rivera",1,)40000,', r'\1"40000",', "dump.damaged"
    ),
    "a value less": (r'^(\[1,1,"receivable",)"fee_income",', r"\1", "dump.damaged"),
    "a client that isn't there": (r'^\["odum",', '["nobody",', "dump.row"),
    "a claim set free": (r'^\[1,"time",1,null\]', '[1,"time",1,"2026-11-30"]', "dump.row"),
    "an entry on two bills": (r'^\[5,"time",(\d+),null\]', '[5,"time",1,null]', "dump.row"),
    "a page of a bill": (r'^(\[1,"md",\{"text":")', r"\1x", "dump.unsound"),
    "an id given twice": (r'("draft": )8', r"\g<1>3", "dump.row"),
    "another currency": (r'("currency": )"USD"', r'\1"EUR"', "dump.damaged"),
}  # fmt: skip


@pytest.mark.parametrize("what", FORGED)
def test_B30_what_no_command_would_write_comes_in_by_no_dump(
    dump: Path, tmp_path: Path, what: str
) -> None:
    pattern, put, code = FORGED[what]
    lines = dump.read_text("utf-8").splitlines()
    found = [n for n, line in enumerate(lines) if re.search(pattern, line)]
    assert found, "the dump has no such row"
    if put is None:
        del lines[found[0]]
    else:
        lines[found[0]] = re.sub(pattern, put, lines[found[0]], count=1)
    dump.write_bytes(signed(lines))
    with pytest.raises(BillError) as refused:
        dumps.import_(tmp_path / "new.db", dump)
    assert refused.value.code == code, str(refused.value)
    assert [each.name for each in tmp_path.iterdir()] == ["ledger.json"]


def test_a_forger_who_changes_nothing_is_let_in(dump: Path, tmp_path: Path) -> None:
    """So that the refusals above are of what was changed, not of how."""
    before = dump.read_bytes()
    assert signed(before.decode().splitlines()) == before


@pytest.mark.parametrize("version", [1, 7])
def test_a_dump_of_an_earlier_schema_is_brought_up(tmp_path: Path, cli: Cli, version: int) -> None:
    old = tmp_path / "old.db"
    old.write_bytes(gzip.decompress((LEDGERS / f"schema-{version}.db.gz").read_bytes()))
    old.chmod(0o600)
    file = tmp_path / "old.json"
    assert dumps.export(old, out=file).schema == version
    made = dumps.import_(tmp_path / "new.db", file)
    assert made.schema == version
    assert cli("migrate", ledger=old).code == 0
    assert rows_of(made.ledger) == rows_of(old)
    assert not list(tmp_path.glob("new.db*.bak"))


def test_what_others_write_meanwhile_is_in_the_next_dump(
    furnished: Path, tmp_path: Path, cli: Cli
) -> None:
    path = Path(shutil.copy(furnished, tmp_path / "ledger.db"))
    before = (tmp_path / "before.json", furnished.with_name("ledger.json").read_bytes())
    with before[0].open("wb") as sink:

        def put(line: bytes) -> None:
            if not sink.tell():
                assert cli("client", "add", "vega", "Vega Ltd", ledger=path).code == 0
            sink.write(line)

        dumps.export(path, sink=put)
    assert before[0].read_bytes() == before[1]
    dumps.export(path, out=tmp_path / "after.json")
    assert b"Vega Ltd" in (tmp_path / "after.json").read_bytes()


def test_neither_way_holds_more_than_a_row_in_memory() -> None:
    """Ten million rows would not fit; the first hundred come at once, either way."""
    from billcli.formats.dump import writer
    from billcli.formats.dump.model import Column, Head, Table
    from billcli.formats.dump.reader import Dump

    table = Table("page", "Pages.", (Column("n", "INTEGER"),))
    endless = writer.lines(Head(1, "USD", 2, {}), [(table, ((n,) for n in count()))])
    taken: list[bytes] = []

    def passing() -> Iterator[bytes]:
        for line in endless:
            taken.append(line)
            yield line

    (_, rows) = next(Dump(passing(), "x.json").tables())
    assert [row.values for row in islice(rows, 100)] == [(n,) for n in range(100)]
    assert len(taken) < 110


def test_what_is_no_text_goes_as_base64() -> None:
    from billcli.formats.dump import writer
    from billcli.formats.dump.model import Column, Head, Table
    from billcli.formats.dump.reader import Dump

    table = Table("page", "Pages.", (Column("n", "INTEGER"), Column("content", "BLOB")))
    rows = [(1, b"\xff\0"), (2, "é\n\u2028".encode()), (-(2**63), None)]
    lines = list(writer.lines(Head(1, "USD", 2, {}), [(table, rows)]))
    assert json.loads(b"".join(lines))["tables"]["page"]["rows"][0][1] == {"base64": "/wA="}
    read = Dump(lines, "x.json")
    assert [tuple(row.values for row in rows) for _, rows in read.tables()] == [tuple(rows)]
