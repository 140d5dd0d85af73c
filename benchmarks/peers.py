"""How long a key press waits, beside other programs that keep time and beside a bare skeleton.

    python benchmarks/peers.py            some minutes
    python benchmarks/peers.py --small    half a minute, to see that it works
    python benchmarks/peers.py --json     the same as JSON

The peers are installed from PyPI into environments of their own, made with the Python that runs
this. All sides run in turns (A B C A B C), and a ratio is that of the least processor time that
each side ever took, user and system together: on a busy machine everything else is noise. Each
side has its byte code compiled before it is measured.
"""

from __future__ import annotations

import argparse
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import ledgers
from run import BILLCLI, HERE, PYTHON, Result, machine, show, surroundings

PEERS = {"td-watson": "watson", "klok-cli": "klok"}


@dataclass(frozen=True, slots=True)
class Size:
    """How often each side runs; matters of a ledger, and entries of each in a small and a large."""

    turns: int
    matters: int
    few: int
    many: int


FULL = Size(turns=25, matters=1_000, few=1, many=1_000)
SMALL = Size(turns=1, matters=20, few=1, many=4)


def main(argv: Sequence[str]) -> int:
    """Measure and print; a peer that can't be installed is named, and left out."""
    told = argparse.ArgumentParser(description=__doc__)
    told.formatter_class = argparse.RawDescriptionHelpFormatter
    told.add_argument("--small", action="store_true", help="few turns and a small ledger")
    told.add_argument("--json", action="store_true", help="JSON instead of a table")
    told.add_argument("--dir", type=Path, help="where to put the temporary folder")
    told.add_argument("--alone", action="store_true", help="without the peers of PyPI")
    asked = told.parse_args(argv)
    size = SMALL if asked.small else FULL
    with tempfile.TemporaryDirectory(prefix="billcli-peers-", dir=asked.dir) as folder:
        work = Path(folder)
        programs, missing = ({}, []) if asked.alone else installed(work)
        results = [*key_press(work, programs, size), tab(work, size), growth(work, size)]
    if asked.json:
        rows = [asdict(result) | {"met": result.met} for result in results]
        print(json.dumps({"machine": machine(), "missing": missing, "results": rows}, indent=2))
    else:
        show(results)
        for line in missing:
            print(f"\nNot measured: {line}")
    return 0


def installed(work: Path) -> tuple[dict[str, str], list[str]]:
    """The peers' programs by their package, and a line on each that couldn't be installed."""
    programs, missing = {}, []
    for package, program in PEERS.items():
        home = work / package
        subprocess.run([sys.executable, "-m", "venv", home], check=True)
        pip = [home / "bin" / "python", "-m", "pip", "install", "--quiet", "--compile", package]
        ended = subprocess.run(pip, capture_output=True, text=True, check=False)
        if ended.returncode:
            last = (ended.stderr.strip().splitlines() or ["pip said nothing"])[-1]
            missing.append(f"{package} couldn't be installed: {last}")
        else:
            programs[package] = str(home / "bin" / program)
    return programs, missing


def key_press(work: Path, programs: Mapping[str, str], size: Size) -> list[Result]:
    """An hour kept by each program, in files of its own."""
    path = office(work / "office", size.matters, size.few)
    typed = ("t", ledgers.names(1)[0], "0.5", "Call with the client", "--tk", "mk")
    sides: dict[str, list[str]] = {
        "bare": [PYTHON, "-c", "pass"],
        "typer": [PYTHON, "-c", "import typer"],
        "billcli": [*BILLCLI, "--ledger", str(path), *typed],
        "expense": [*BILLCLI, "--ledger", str(path), "expense", "add", typed[1], "5", "Fee"],
        "line": [*BILLCLI, "--ledger", str(path), "status", "--line"],
        "skeleton": [
            PYTHON, str(HERE / "skeleton.py"), str(work / "skeleton.db"),
            ledgers.names(1)[0], "0.5", "Call with the client",
        ],
    }  # fmt: skip
    if "td-watson" in programs:
        span = ("-f", "2026-11-20 09:00", "-t", "2026-11-20 09:30")
        sides["watson"] = [programs["td-watson"], "add", *span, "project"]
    if "klok-cli" in programs:
        sides["klok"] = [programs["klok-cli"], "track", "00:00", "to", "00:01", "project"]
    least = least_of(sides, size.turns, work)
    ours = least["billcli"]
    results = [
        Result("bare `python -c pass`", least["bare"] * 1000, "ms"),
        Result("`python -c 'import typer'`", least["typer"] * 1000, "ms"),
        Result("`billcli t …`", ours * 1000, "ms"),
        Result("`billcli t …` / a Typer skeleton", ours / least["skeleton"], "×", 1.3),
    ]
    for name, told in (("watson", "`watson add`"), ("klok", "`klok track`")):
        if name in least:
            results.append(Result(f"`billcli t …` / {told}", ours / least[name], "×", 1))
    results += [
        Result("`billcli expense add …` / the skeleton", least["expense"] / least["skeleton"], "×"),
        Result("`billcli status --line` / the skeleton", least["line"] / least["skeleton"], "×"),
    ]
    return results


def tab(work: Path, size: Size) -> Result:
    """A TAB behind a matter's first letters, against the import of Typer that it needs."""
    path = office(work / "tab", size.matters, size.few)
    complete = {
        "_BILLCLI_COMPLETE": "complete_bash",
        "COMP_WORDS": "billcli t 2026-0000",
        "COMP_CWORD": "2",
        "BILLCLI_LEDGER": str(path),
    }
    sides = {"typer": [PYTHON, "-c", "import typer"], "tab": list(BILLCLI)}
    least = least_of(sides, size.turns, work, more={"tab": complete})
    what = "TAB after `billcli t 2026-…` / `import typer`"
    return Result(what, least["tab"] / least["typer"], "×", 1.3)


def growth(work: Path, size: Size) -> Result:
    """The same key press in a small ledger and in a large one."""
    sides = {}
    for count in (size.few, size.many):
        path = office(work / f"entries-{count}", size.matters, count)
        typed = ("t", ledgers.names(1)[0], "0.5", "Call with the client", "--tk", "mk")
        sides[str(count)] = [*BILLCLI, "--ledger", str(path), *typed]
    least = least_of(sides, size.turns, work)
    few, many = (count * size.matters for count in (size.few, size.many))
    what = f"`billcli t …` at {many:,} entries / at {few:,}"
    return Result(what, least[str(size.many)] / least[str(size.few)], "×", 1.2)


def office(folder: Path, matters: int, entries: int) -> Path:
    """A ledger of so many matters with that many entries each, and rates for new ones."""
    path = ledgers.make(folder / "ledger.db", matters, entries)
    with sqlite3.connect(path) as shell:
        rate = f"SELECT id, '0001-01-01', {ledgers.RATE_E4} FROM timekeeper"
        shell.execute(f"INSERT INTO rate (timekeeper_id, valid_from, rate_e4) {rate}")
    shell.close()
    return path


def least_of(
    sides: Mapping[str, list[str]],
    turns: int,
    work: Path,
    *,
    more: Mapping[str, Mapping[str, str]] | None = None,
) -> dict[str, float]:
    """The least processor time of each side; one turn before that compiles and isn't counted."""
    kept = {
        name: value for name, value in surroundings().items() if name != "PYTHONDONTWRITEBYTECODE"
    }
    homes = {"WATSON_DIR": str(work / "watson"), "KLOK_HOME": str(work / "klok"), "HOME": str(work)}
    least = dict.fromkeys(sides, float("inf"))
    for turn in range(turns + 1):
        for name, command in sides.items():
            taken = processor_time(command, {**kept, **homes, **(more or {}).get(name, {})})
            if turn:
                least[name] = min(least[name], taken)
    return least


def processor_time(command: Sequence[str], environment: Mapping[str, str]) -> float:
    """The seconds of user and system time that a command took; its failure ends the run."""
    child = subprocess.Popen(
        command, env=dict(environment), stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    assert child.stdout is not None
    told = child.stdout.read()
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    child.stdout.close()
    # Completion ends in 1 where a shell has nothing to add, and in 0 with what it offers.
    if child.returncode:
        raise SystemExit(f"{' '.join(map(str, command))} ended in {child.returncode}: {told!r}")
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    started = time.monotonic()
    ended = main(sys.argv[1:])
    print(f"{time.monotonic() - started:.0f} s", file=sys.stderr)
    sys.exit(ended)
