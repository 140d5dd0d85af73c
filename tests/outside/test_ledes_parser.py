"""Electronic bills before a parser that shares no code with billcli, in an environment of its own.

The parser knows the shape of 1998B and no arithmetic; that is judged here, over what it read.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from golden import cases
from ledes_bills import order_of

from billcli.formats.ledes.writer import file_of, invoice

WANTED = ("ledes-parser==1.5.1", "setuptools<81")
PLACE = Path(sys.prefix) / "ledes-parser-1.5.1"
READ = """
import json, sys
from ledes_parser import get_parser
for path in sys.argv[1:]:
    try:
        found = get_parser(spec="LEDES98B").parse(open(path, newline="").read())
        print(json.dumps(found["line_items"] if isinstance(found, dict) else found, default=str))
    except Exception as error:
        print(json.dumps({"error": repr(error)[:500]}))
"""
BILLS = (
    cases.capped_with_an_adjustment,
    cases.fixed_with_included_time,
    cases.milestones_reached,
    cases.hidden_line_pricing,
    cases.paid_in_part_with_replenishment,
)


@pytest.fixture(scope="module")
def parser() -> Path:
    python = PLACE / ("Scripts" if os.name == "nt" else "bin") / "python"
    ready = PLACE / "ready"
    if not ready.exists():
        venv = subprocess.run(
            [sys.executable, "-m", "venv", "--without-pip", str(PLACE)],
            capture_output=True,
            timeout=120,
            check=False,
        )
        install = [sys.executable, "-m", "pip", "--python", str(python), "install", "-q"]
        install += ["--no-compile", "--retries=1", "--timeout=15"]
        made = venv.returncode == 0 and subprocess.run(
            [*install, *WANTED], capture_output=True, timeout=180, check=False
        )
        if not made or made.returncode:
            pytest.skip("ledes-parser can't be installed here: no network, or no venv module")
        ready.touch()
    return python


def test_another_parser_reads_our_files_and_they_add_up(parser: Path, tmp_path: Path) -> None:
    paths = []
    for n, case in enumerate(BILLS):
        for flat_fee in ("spec", "brightflag"):
            for end in ("\r\n", "\n"):
                made = invoice(order_of(case(), flat_fee=flat_fee))
                path = tmp_path / f"{n}-{flat_fee}-{len(end)}.txt"
                path.write_bytes(file_of([made], end_of_line=end))
                paths.append((path, case()))
    torn = tmp_path / "torn.txt"
    torn.write_bytes(paths[0][0].read_bytes().replace(b"|F|", b"|F|x|", 1))
    answer = subprocess.run(
        [str(parser), "-c", READ, *(str(path) for path, _ in paths), str(torn)],
        capture_output=True, encoding="utf-8", timeout=120, check=True,
    )  # fmt: skip
    *read, last = [json.loads(line) for line in answer.stdout.splitlines()]
    assert "error" in last, "a parser that takes anything proves nothing"
    assert len(read) == len(paths) == 20
    for (path, document), rows in zip(paths, read, strict=True):
        assert isinstance(rows, list), f"{path.name}: {rows}"
        _judge(rows, Decimal(document.bill.total_cents) / 100, path.name)


def _judge(rows: list[dict[str, str | None]], total: Decimal, name: str) -> None:
    def number(row: dict[str, str | None], key: str) -> Decimal:
        found = {column.upper(): value for column, value in row.items()}[key]
        return Decimal(found or "0")

    assert rows, name
    for row in rows:
        made = number(row, "LINE_ITEM_NUMBER_OF_UNITS") * number(row, "LINE_ITEM_UNIT_COST")
        made += number(row, "LINE_ITEM_ADJUSTMENT_AMOUNT")
        assert abs(made - number(row, "LINE_ITEM_TOTAL")) < Decimal("0.0001"), (name, row)
        assert number(row, "INVOICE_TOTAL") == total, name
    assert sum(number(row, "LINE_ITEM_TOTAL") for row in rows) == total, name
