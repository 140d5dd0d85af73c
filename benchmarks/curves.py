"""How time and memory grow with a practice: month ends of 100 to 100,000 matters, and the picture.

    python benchmarks/curves.py                  a quarter of an hour; the table and the picture
    python benchmarks/curves.py --most 10000     a minute
    python benchmarks/curves.py --json           the same as JSON
    python benchmarks/curves.py --of FILE        what --json gave before, as table and picture

Each size has a ledger of its own, with ten half hours a matter. On it run, as they are typed, each
in a process of its own: a key press, a report over all unbilled work, and the month end, with its
report as JSON and two pages a bill in a folder. The peak of memory is that of the largest process
of the command. Nothing is measured twice but the key press, so run it on an idle machine.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from multiprocessing import Process
from pathlib import Path
from typing import Any

import ledgers
from drawing import Line, Panel, picture
from peers import office
from run import BILLCLI, HERE, MONTH_END, machine, surroundings

SIZES = (100, 300, 1_000, 3_000, 10_000, 100_000)
ENTRIES = 10
PRESSES = 7


@dataclass(frozen=True, slots=True)
class Spent:
    """What a command took: seconds by the clock and of the processors, and its peak of memory."""

    seconds: float
    cpu_seconds: float
    peak_mib: float


@dataclass(frozen=True, slots=True)
class Point:
    """What was measured on one ledger."""

    matters: int
    month_end: Spent
    report: Spent
    key_press: Spent

    @property
    def entries(self) -> int:
        """The entries of its ledger."""
        return self.matters * ENTRIES


def main(argv: Sequence[str]) -> int:
    """Measure, draw, print."""
    told = argparse.ArgumentParser(description=__doc__)
    told.formatter_class = argparse.RawDescriptionHelpFormatter
    told.add_argument("--most", type=int, default=SIZES[-1], help="so many matters at most")
    told.add_argument("--json", action="store_true", help="JSON instead of a table")
    told.add_argument("--of", type=Path, help="draw what --json printed before")
    told.add_argument("--dir", type=Path, help="where to put the temporary folder")
    told.add_argument("--picture", type=Path, default=HERE / "curves.svg", help="where to draw")
    asked = told.parse_args(argv)
    if asked.of:
        found = json.loads(asked.of.read_text())
        on, points = found["machine"], [_point(row) for row in found["points"]]
    else:
        on, points = machine(), []
        for matters in [size for size in SIZES if size < asked.most] + [asked.most]:
            with tempfile.TemporaryDirectory(prefix="billcli-curves-", dir=asked.dir) as folder:
                points.append(measured(Path(folder), matters))
                print(f"{matters:,} matters measured", file=sys.stderr)
    asked.picture.write_text(drawn(points, on), encoding="utf-8")
    if asked.json:
        print(json.dumps({"machine": on, "points": [asdict(each) for each in points]}, indent=2))
    else:
        show(points, on)
    return 0


def measured(work: Path, matters: int) -> Point:
    """A ledger of that size, and what is typed on it."""
    path = work / "office" / "ledger.db"
    # In a process of its own: Linux counts the memory of who starts a process as the other's.
    making = Process(target=office, args=(path.parent, matters, ENTRIES))
    making.start()
    making.join()
    command = [*BILLCLI, "--ledger", str(path), "--today", ledgers.THROUGH]
    presses = []
    for n in range(PRESSES):
        typed = ("t", ledgers.names(1)[0], "0.5", f"Call {n} with the client", "--tk", "mk")
        presses.append(spent([*command, *typed], work / "told"))
    report = spent([*command, "report", "wip", "--json"], work / "told")
    pages = work / "pages"
    month_end = spent([*command, *MONTH_END, "--out", str(pages), "--json"], work / "told")
    with (work / "told").open(encoding="utf-8") as told:
        made = re.search(r'"created": (\d+),', told.read(1_000))
    if made is None or (int(made[1]), len(os.listdir(pages))) != (matters, 2 * matters):
        raise SystemExit(f"{matters} bills were to be made; it is {made and made[1]}.")
    shutil.rmtree(work / "office")
    return Point(matters, month_end, report, min(presses, key=lambda each: each.cpu_seconds))


def spent(command: Sequence[str], told: Path) -> Spent:
    """Run it, what it prints in a file, and say what it took with all processes of its own."""
    with told.open("w") as into:
        started = time.perf_counter()
        running = subprocess.Popen(command, stdout=into, env=surroundings())
        _, ended, used = os.wait4(running.pid, 0)
        seconds = time.perf_counter() - started
    running.returncode = os.waitstatus_to_exitcode(ended)
    if running.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {running.returncode}.")
    per_mib = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return Spent(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / per_mib)


def drawn(points: Sequence[Point], on: dict[str, Any]) -> str:
    """Four panels; in three of them flat is what we want, in the last one a straight line."""

    def line(name: str, key: str, *, of: str = "month_end", per: float, each: str = "") -> Line:
        return Line(
            name,
            [
                (
                    getattr(p, "entries" if of != "month_end" else "matters"),
                    getattr(getattr(p, of), key) * per / (getattr(p, each) if each else 1),
                )
                for p in points
            ],
        )

    panels = [
        Panel(
            "mass run --issue: milliseconds a bill",
            "matters",
            [
                line("by the clock", "seconds", per=1e3, each="matters"),
                line("of two processors", "cpu_seconds", per=1e3, each="matters"),
            ],
        ),
        Panel(
            "mass run --issue: peak of memory, MiB",
            "matters",
            [line("the larger of its processes", "peak_mib", per=1)],
        ),
        Panel(
            "t, a key press: milliseconds of processor",
            "entries in the ledger",
            [line("least of some", "cpu_seconds", of="key_press", per=1e3)],
        ),
        Panel(
            "report wip: seconds, both scales tenfold",
            "entries in the ledger",
            [
                line("by the clock", "seconds", of="report", per=1),
                line("of processor", "cpu_seconds", of="report", per=1),
            ],
            tenfold=True,
        ),
    ]
    return picture(panels, note=_machine(on))


def show(points: Sequence[Point], on: dict[str, Any]) -> None:
    """A table in Markdown, as the page beside this file has it."""
    print(f"{_machine(on)}\n")
    print(
        "| matters | entries | month end | a bill | peak | processor | a key press | report wip |"
    )
    print("| ---: " * 8 + "|")
    for p in points:
        run = p.month_end
        print(
            f"| {p.matters:,} | {p.entries:,} | {run.seconds:,.1f} s"
            f" | {run.seconds / p.matters * 1e3:.2f} ms | {run.peak_mib:.1f} MiB"
            f" | {run.cpu_seconds:,.1f} s | {p.key_press.cpu_seconds * 1e3:.0f} ms"
            f" | {p.report.seconds:.2f} s |"
        )


def _machine(on: dict[str, Any]) -> str:
    return (
        f"{on['system']}, {on['cores']} cores, load {on['load']}, Python {on['python']}, "
        f"SQLite {on['sqlite']}"
    )


def _point(row: dict[str, Any]) -> Point:
    commands = ("month_end", "report", "key_press")
    return Point(row["matters"], *(Spent(**row[name]) for name in commands))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
