"""Whatever a forger changes in a dump and signs anew: it is refused, or it comes in as it says."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from offices import furnished_ledger

from billcli.errors import BillError
from billcli.services.exchange import dumps

ODD = st.sampled_from(
    [
        None, 0, 1, -1, 2**63 - 1, 2**70, 1.5, True, "", "x", "2026-02-30", "2026-11-30", "\0",
        "\u2028é\udc00", "nobody", "{}", "[", '{"a": 1e999}', [], {}, {"text": "x"},
        {"base64": "eA=="}, {"base64": "?"}, {"text": 1},
    ]
)  # fmt: skip
changes = st.lists(
    st.tuples(
        st.sampled_from(["value", "value", "value", "swap", "drop", "twice", "head", "name"]),
        st.integers(0, 10**6),
        st.integers(0, 50),
        ODD,
    ),
    min_size=1,
    max_size=2,
)


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    path = furnished_ledger(tmp_path_factory.mktemp("office") / "ledger.db")
    out = path.with_name("ledger.json")
    dumps.export(path, out=out)
    return out.read_text("utf-8").splitlines()


def forged(lines: list[str], change: tuple[str, int, int, Any]) -> list[str]:
    """The lines with a row, a value or the head changed; the checksums don't fit any more."""
    how, place, field, odd = change
    made = list(lines)
    rows = [n for n, line in enumerate(made) if line.startswith("[")]
    n = rows[place % len(rows)] if rows else 0
    row = json.loads(made[n].removesuffix(",")) if rows else []
    if how == "drop":
        del made[n]
    elif how == "twice":
        made.insert(n, made[n].removesuffix(",") + ",")
    elif how == "swap" and n + 1 in rows:
        made[n], made[n + 1] = made[n + 1].removesuffix(",") + ",", made[n]
    elif how == "head":
        head = json.loads(made[0].removesuffix(",") + "}")["head"]
        key = sorted(head)[field % len(head)]
        head[key] = odd
        made[0] = f'{{"head": {json.dumps(head, ensure_ascii=True)},'
    elif how == "name":
        heads = [n for n, line in enumerate(made) if line.endswith('"rows": [')]
        n = heads[place % len(heads)]
        made[n] = made[n].replace('"name": "', f'"name": "{field}', 1)
    elif row:
        row[field % len(row)] = odd
        made[n] = json.dumps(row, ensure_ascii=True, separators=(",", ":")) + ","
    return made


def signed(lines: list[str]) -> bytes:
    """The lines with commas, counts and checksums as they ought to be."""
    made: list[str] = []
    rows: list[str] = []
    total = 0
    for line in lines:
        if line.startswith("], "):
            told = [f"{row}," for row in rows[:-1]] + rows[-1:]
            own = hashlib.sha256("".join(f"{row}\n" for row in told).encode()).hexdigest()
            made += [*told, f'], "count": {len(rows)}, "sha256": "{own}"}}']
            total, rows = total + len(rows), []
        elif line.startswith("["):
            rows.append(line.removesuffix(","))
        elif line.startswith('}, "count"'):
            made.append(f'}}, "count": {total},')
        elif not line.startswith('"sha256"'):
            made.append(line)
    text = "".join(f"{line}\n" for line in made)
    return f'{text}"sha256": "{hashlib.sha256(text.encode()).hexdigest()}"}}\n'.encode()


def everything(dump: Path) -> tuple[Any, ...]:
    """What a dump says, however it is spelt."""
    said = json.loads(dump.read_bytes())
    tables = {
        name: sorted(json.dumps(row) for row in table["rows"])
        for name, table in said["tables"].items()
    }
    return said["head"]["schema"], said["head"]["counters"], tables


def test_no_forged_dump_becomes_another_ledger(lines: list[str], torture: bool) -> None:
    examples = 1_000 if torture else 10

    @settings(
        max_examples=examples, deadline=None, derandomize=not torture,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(changes)
    def held(made: list[tuple[str, int, int, Any]]) -> None:
        folder = Path(tempfile.mkdtemp(prefix="forged-"))
        try:
            dump, new, again = folder / "dump.json", folder / "new.db", folder / "again.json"
            told = lines
            for change in made:
                told = forged(told, change)
            dump.write_bytes(signed(told))
            try:
                dumps.import_(new, dump)
            except BillError as refused:
                assert refused.exit_code in (2, 3)
                assert [each.name for each in folder.iterdir()] == ["dump.json"]
                return
            dumps.export(new, out=again)
            assert everything(again) == everything(dump)
        finally:
            shutil.rmtree(folder)

    held()
