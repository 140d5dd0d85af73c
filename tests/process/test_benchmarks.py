"""The benchmarks run, and both sides of the month end bill the same amounts."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

from billcli.errors import UsageProblem
from billcli.render import pdf

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


def test_the_benchmarks_measure_every_promise_in_one_run(tmp_path: Path, torture: bool) -> None:
    parts = () if torture else ("--part=starts", "--part=firm", "--part=rules")
    ended = subprocess.run(
        [sys.executable, BENCHMARKS / "run.py", "--small", "--json", *parts, "--dir", tmp_path],
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    results = json.loads(ended.stdout)["results"]
    goals = [2, 3, 10, 2]
    if torture:
        goals = [2, 2, 1, 3, 10, 2, 5, 3, 5, 3, *([1.2] if prints() else [])]
    assert [row["at_most"] for row in results if row["at_most"]] == goals
    assert all(row["value"] > 0 for row in results if row["unit"] != "KiB")
    assert list(tmp_path.iterdir()) == []


def test_each_report_is_measured_against_its_query() -> None:
    ended = subprocess.run(
        [sys.executable, BENCHMARKS / "reports.py", "--entries", "1000"],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.startswith("1,000 entries")
    assert ended.stdout.count("| `report ") == 15


def test_key_presses_are_measured_beside_a_skeleton(tmp_path: Path) -> None:
    ended = subprocess.run(
        [
            sys.executable,
            BENCHMARKS / "peers.py",
            *("--small", "--json", "--alone", "--dir"),
            tmp_path,
        ],
        capture_output=True,
        text=True,
        timeout=240,
        check=True,
    )
    found = json.loads(ended.stdout)
    assert [row["at_most"] for row in found["results"] if row["at_most"]] == [1.3, 1.3, 1.2]
    assert all(row["value"] > 0 for row in found["results"])
    assert list(tmp_path.iterdir()) == []


SPENT = {"seconds": 20.0, "cpu_seconds": 25.5, "peak_mib": 80.2}
POINTS = [
    {"matters": 10**n, "month_end": SPENT, "report": SPENT, "key_press": SPENT} for n in (1, 2, 4)
]
MACHINE = {"system": "X < Y", "cores": 2, "load": 0.1, "python": "3.11", "sqlite": "3.40"}


def curves(*words: object) -> str:
    command = [sys.executable, BENCHMARKS / "curves.py", *map(str, words)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def test_curves_are_drawn_of_what_was_measured(tmp_path: Path, torture: bool) -> None:
    kept, picture = tmp_path / "curves.json", tmp_path / "curves.svg"
    kept.write_text(json.dumps({"machine": MACHINE, "points": POINTS}))
    if torture:
        kept.write_text(curves("--json", "--most", 300, "--dir", tmp_path, "--picture", picture))
    points = json.loads(kept.read_text())["points"]
    last = points[-1]["matters"]
    table = curves("--of", kept, "--picture", picture)
    assert table.splitlines()[-1].startswith(f"| {last:,} | {last * 10:,} |")
    drawn = ET.parse(picture).getroot()
    marks = drawn.findall(".//{*}circle")
    assert len(marks) == 6 * len(points), "a point on each curve"
    wide, high = float(drawn.attrib["width"]), float(drawn.attrib["height"])
    assert all(0 < float(m.attrib["cx"]) < wide and 0 < float(m.attrib["cy"]) < high for m in marks)


def prints() -> bool:
    """Whether PDFs can be made here."""
    try:
        pdf.ready()
    except UsageProblem:
        return False
    return True


def test_the_plain_loop_and_billcli_bill_the_same(tmp_path: Path) -> None:
    def told(*words: object) -> dict[str, int]:
        made = subprocess.run(
            [sys.executable, BENCHMARKS / words[0], *map(str, words[1:])],
            check=True,
            capture_output=True,
            text=True,
        )
        return json.loads(made.stdout)

    ledger = tmp_path / "ledger.db"
    subprocess.run(
        [sys.executable, BENCHMARKS / "ledgers.py", ledger, "7", "4"],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    least = told("floor.py", tmp_path / "floor", 7, 4)
    ours = told("product.py", ledger, tmp_path / "pages")
    assert (least["bills"], least["total_cents"]) == (7, 7 * 4 * 140_00)
    assert (ours["bills"], ours["total_cents"]) == (least["bills"], least["total_cents"])
    pages = {path.name for path in (tmp_path / "pages").iterdir()}
    assert pages == {f"2026-{n:04}.{form}" for n in range(1, 8) for form in ("md", "html")}
