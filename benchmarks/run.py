"""All measurements in one go, as ratios to what they can't be faster than.

    python benchmarks/run.py            some minutes; the table of benchmarks/README.md
    python benchmarks/run.py --small    some seconds; to see that it works
    python benchmarks/run.py --json     the same as JSON
    python benchmarks/run.py --part month-end

Both sides of a ratio run in turns, and each number is a median, so that a machine that gets busy
half-way through slows both. Files go to a temporary folder, or to a folder in --dir.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import platform
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

import ledgers

HERE = Path(__file__).parent
PYTHON = sys.executable
BILLCLI = (PYTHON, "-c", "from billcli.__main__ import run; run()")
MONTH_END = ("mass", "run", "--through", ledgers.THROUGH, "--issue")


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured."""

    starts: int
    pairs: int
    matters: int
    more_matters: int
    entries: int
    firm: int
    large: int
    pdfs: int


FULL = Size(
    starts=21, pairs=5, matters=1000, more_matters=3000, entries=10, firm=300, large=1000, pdfs=20
)
SMALL = Size(starts=1, pairs=1, matters=6, more_matters=12, entries=2, firm=3, large=5, pdfs=1)


@dataclass(frozen=True, slots=True)
class Result:
    """One line of the table; `at_most` is the goal."""

    what: str
    value: float
    unit: str
    at_most: float | None = None

    @property
    def met(self) -> bool | None:
        """Whether the goal is reached; None where there is none."""
        return None if self.at_most is None else self.value <= self.at_most


def main(argv: Sequence[str]) -> int:
    """Measure, print, and end with 1 where the two sides disagree on what was billed."""
    told = argparse.ArgumentParser(description=__doc__, add_help=True)
    told.formatter_class = argparse.RawDescriptionHelpFormatter
    told.add_argument("--small", action="store_true", help="few matters and few turns")
    told.add_argument("--json", action="store_true", help="JSON instead of a table")
    told.add_argument("--part", action="append", choices=PARTS, help="only that; may be repeated")
    told.add_argument("--dir", type=Path, help="where to put the temporary folder")
    asked = told.parse_args(argv)
    size = SMALL if asked.small else FULL
    with tempfile.TemporaryDirectory(prefix="billcli-bench-", dir=asked.dir) as folder:
        work = Path(folder)
        results = [row for name in asked.part or PARTS for row in PARTS[name](size, work)]
    if asked.json:
        rows = [asdict(result) | {"met": result.met} for result in results]
        print(json.dumps({"machine": machine(), "results": rows}, indent=2))
    else:
        show(results)
    return 0


def starts(size: Size, _work: Path) -> list[Result]:
    """How long commands take that do nothing but answer."""
    commands = {
        "bare": (PYTHON, "-c", "pass"),
        "version": (*BILLCLI, "--version"),
        "help": (*BILLCLI, "--help"),
    }
    taken = in_turns(
        {name: lambda c=command: elapsed(c) for name, command in commands.items()}, size.starts
    )
    bare, version, help_ = (median(taken[name]) for name in commands)
    return [
        Result("bare `python -c pass`", bare * 1000, "ms"),
        Result("`billcli --version` / bare Python", version / bare, "×", 2),
        Result("`billcli --help` / bare Python", help_ / bare, "×"),
    ]


def month_end(size: Size, work: Path) -> list[Result]:
    """Issue the bills of many matters, against the plain loop."""

    def floor() -> dict[str, Any]:
        folder = work / "floor"
        started = time.perf_counter()
        made = child("floor.py", folder, size.matters, size.entries)
        made["whole"] = time.perf_counter() - started
        shutil.rmtree(folder)
        return made

    def product() -> dict[str, Any]:
        folder, path = work / "product", work / "product" / "ledger.db"
        ledgers.make(path, size.matters, size.entries)
        started = time.perf_counter()
        made = child("product.py", path, folder / "pages")
        made["whole"] = time.perf_counter() - started
        agree(made, folder / "pages", size.matters)
        shutil.rmtree(folder)
        return made

    taken = in_turns({"floor": floor, "product": product}, size.pairs)
    both = list(zip(taken["floor"], taken["product"], strict=True))
    for least, ours in both:
        if (least["bills"], least["total_cents"]) != (ours["bills"], ours["total_cents"]):
            raise SystemExit(f"The two sides billed different things: {least}, {ours}")

    def ratio(name: str) -> float:
        return median(ours[name] / least[name] for least, ours in both)

    def rate(name: str) -> float:
        return size.matters / median(made["seconds"] for made in taken[name])

    what = f"{size.matters} matters × {size.entries} entries, issued"
    return [
        Result(f"{what}: time / plain loop", ratio("seconds"), "×", 2),
        Result(f"{what}: processor time / plain loop", ratio("cpu_seconds"), "×"),
        Result(f"{what}: with the start of Python", ratio("whole"), "×"),
        Result("bills a second, plain loop", rate("floor"), "/s"),
        Result("bills a second, billcli", rate("product"), "/s"),
    ]


def memory(size: Size, work: Path) -> list[Result]:
    """What each matter more adds to the peak."""
    peaks = []
    for matters in (size.matters, size.more_matters):
        folder, path = work / "memory", work / "memory" / "ledger.db"
        ledgers.make(path, matters, size.entries)
        peaks.append(child("product.py", path, folder / "pages")["peak_kib"])
        shutil.rmtree(folder)
    grown = (peaks[1] - peaks[0]) / (size.more_matters - size.matters)
    what = f"peak memory from {size.matters} to {size.more_matters} matters, per matter"
    return [
        Result(f"peak memory at {size.matters} matters", peaks[0] / 1024, "MiB"),
        Result(what, grown, "KiB", 1),
    ]


def rules(size: Size, work: Path) -> list[Result]:
    """One large bill against pricing and summing its entries, and all arrangements on it."""
    folder, path = work / "rules", work / "rules" / "ledger.db"
    ledgers.make(path, 1, size.large)
    took = child("rules.py", path)
    shutil.rmtree(folder)
    return [
        Result(
            f"one bill of {size.large} entries / pricing and summing them",
            took["bill"] / took["plain"],
            "×",
            10,
        ),
        Result(
            f"`arrangement compare` over {size.large} entries / one preview",
            took["compare"] / took["preview"],
            "×",
            2,
        ),
    ]


def firm(size: Size, work: Path) -> list[Result]:
    """The month end of a firm, as it is typed."""
    turns = []
    for _ in range(min(3, size.pairs)):
        folder, path = work / "firm", work / "firm" / "ledger.db"
        ledgers.make(path, size.firm, size.entries)
        command = [*BILLCLI, "--ledger", str(path), "--today", ledgers.THROUGH, *MONTH_END]
        turns.append(elapsed([*command, "--out", str(folder / "pages")]))
        agree(None, folder / "pages", size.firm)
        shutil.rmtree(folder)
    return [Result(f"`billcli mass run --issue`, {size.firm} matters", median(turns), "s", 3)]


def dashboard(size: Size, work: Path) -> list[Result]:
    """The page of a practice of fixed fees, as it is typed, and how large the file is."""
    path = ledgers.contracts(work / "contracts" / "ledger.db", size.matters)
    page = path.parent / "page.html"
    command = [*BILLCLI, "--ledger", str(path), "--today", ledgers.THROUGH]
    typed = [*command, "report", "dashboard", "--html", str(page)]
    taken = [elapsed(typed) for _ in range(min(3, size.pairs))]
    megabytes = page.stat().st_size / 1_000_000
    shutil.rmtree(path.parent)
    what = f"{size.matters} matters × {len(ledgers.MILESTONES)} milestones"
    return [
        Result(f"`billcli report dashboard --html`, {what}", median(taken), "s", 5),
        Result("its page", megabytes, "MB", 3),
    ]


def electronic(size: Size, work: Path) -> list[Result]:
    """A month's bills as electronic files, as it is typed."""
    path = ledgers.make(work / "electronic" / "ledger.db", size.matters, size.entries)
    with sqlite3.connect(path) as shell:
        shell.execute("INSERT INTO setting VALUES ('firm.tax_id', '\"12-3456789\"')")
        shell.execute("UPDATE matter SET client_matter_id = 'AC-' || id")
        shell.execute("UPDATE time_entry SET task_code = 'L210'")
    shell.close()
    command = [*BILLCLI, "--ledger", str(path), "--today", ledgers.THROUGH]
    elapsed([*command, *MONTH_END])
    numbers = [f"2026-{n:04}" for n in range(1, size.matters + 1)]
    files = path.parent / "files"
    taken = elapsed([*command, "--quiet", "export", "ledes", *numbers, "--out", f"{files}/"])
    if len(list(files.glob("*.txt"))) != size.matters:
        raise SystemExit("electronic bills are missing")
    shutil.rmtree(path.parent)
    return [Result(f"`billcli export ledes`, {size.matters} bills", taken, "s", 5)]


def imports(size: Size, work: Path) -> list[Result]:
    """Ten rows a matter of another program's time, as it is typed."""
    path = ledgers.make(work / "imports" / "ledger.db", size.matters, 1)
    with sqlite3.connect(path) as shell:
        rate = f"SELECT id, '0001-01-01', {ledgers.RATE_E4} FROM timekeeper"
        shell.execute(f"INSERT INTO rate (timekeeper_id, valid_from, rate_e4) {rate}")
    shell.close()
    sheet = path.parent / "time.csv"
    rows = list(ledgers.work(size.matters, 10))
    with sheet.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("Date", "Matter", "Hours", "Description", "Timekeeper"))
        for matter, day, who, narrative in rows:
            writer.writerow((day, ledgers.names(matter)[0], "0.5", narrative, who))
    command = [*BILLCLI, "--ledger", str(path), "--today", ledgers.THROUGH]
    taken = elapsed([*command, "import", "time", str(sheet)])
    with sqlite3.connect(path) as shell:
        kept = shell.execute("SELECT count(*), sum(standard_cents) FROM time_entry").fetchone()
    shell.close()
    count = len(rows) + size.matters
    if kept != (count, count * ledgers.HALF_HOUR_CENTS):
        raise SystemExit(f"{count} entries were to be there; it is {kept}.")
    shutil.rmtree(path.parent)
    return [Result(f"`billcli import time`, {len(rows)} rows", taken, "s", 3)]


def paper(size: Size, work: Path) -> list[Result]:
    """A month's bills as PDFs, against WeasyPrint alone; nothing where it can't be loaded."""
    try:
        import weasyprint  # noqa: F401
    except (ImportError, OSError):
        return []
    path = ledgers.make(work / "paper" / "ledger.db", size.pdfs, size.entries)
    took = child("pdfs.py", path, path.parent / "pages", min(3, size.pairs))
    if took["bills"] != size.pdfs:
        raise SystemExit(f"{size.pdfs} PDFs were to be made; it is {took['bills']}.")
    shutil.rmtree(path.parent)
    ratio = median(ours / alone for alone, ours in zip(took["alone"], took["ours"], strict=True))
    return [Result(f"PDFs of {size.pdfs} bills / WeasyPrint's own time", ratio, "×", 1.2)]


PARTS: dict[str, Callable[[Size, Path], list[Result]]] = {
    "starts": starts,
    "month-end": month_end,
    "memory": memory,
    "firm": firm,
    "rules": rules,
    "dashboard": dashboard,
    "ledes": electronic,
    "imports": imports,
    "pdf": paper,
}


def agree(made: dict[str, Any] | None, pages: Path, bills: int) -> None:
    """Both pages of every bill are there, and nothing else is."""
    found = sorted(path.suffix for path in pages.iterdir())
    if found != [".html"] * bills + [".md"] * bills or (made and made["bills"] != bills):
        raise SystemExit(f"{bills} bills were to be made; {len(found)} files and {made} came out.")


def in_turns(sides: dict[str, Callable[[], Any]], turns: int) -> dict[str, list[Any]]:
    """Each side once, then each again: A B A B."""
    taken: dict[str, list[Any]] = {name: [] for name in sides}
    for _ in range(turns):
        for name, measure in sides.items():
            taken[name].append(measure())
    return taken


def elapsed(command: Sequence[str]) -> float:
    """The seconds that a command takes, from start to end."""
    started = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=surroundings())
    return time.perf_counter() - started


def child(script: str, *words: object) -> dict[str, Any]:
    """What a script of this folder measured in a process of its own."""
    command = [PYTHON, str(HERE / script), *map(str, words)]
    ended = subprocess.run(command, check=True, capture_output=True, text=True, env=surroundings())
    found: dict[str, Any] = json.loads(ended.stdout)
    return found


def surroundings() -> dict[str, str]:
    """The environment without what would lead billcli elsewhere."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BILLCLI_")}
    return kept | {"PYTHONPATH": str(HERE.parent)}


def machine() -> dict[str, Any]:
    """What the numbers were measured on."""
    return {
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "system": platform.system(),
    }


def show(results: Sequence[Result]) -> None:
    """A table in Markdown, as the page beside this file has it."""
    on = machine()
    print(
        f"{on['system']}, {on['cores']} cores, load {on['load']}, Python {on['python']}, ", end=""
    )
    print(f"SQLite {on['sqlite']}\n")
    print("| measured | result | goal |\n| --- | ---: | --- |")
    for result in results:
        goal = "" if result.at_most is None else f"≤ {result.at_most:g} {result.unit}"
        mark = {None: "", True: ", met", False: ", missed"}[result.met]
        print(f"| {result.what} | {result.value:,.2f} {result.unit} | {goal}{mark} |")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
