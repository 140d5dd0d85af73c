"""Undo takes any change back to the last column, and is no way around a lock (B30)."""

from __future__ import annotations

import shlex
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from console import in_here, surroundings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from offices import TODAY, new_ledger

# A change is in the log; what it wrote is in images. Runs are told, sequences only count on.
BESIDE = {"audit", "change_image", "change_set", "undone", "run", "sqlite_sequence"}
OFFICE = """
timekeeper add NB 'Nadia Brandt' --rate 300
timekeeper add JT 'Joel Tafoya' --rate 120
client add rivera 'Ana Rivera'
client add odum 'Odum & Sons' --terms 14
matter add 1 Lease --client rivera --responsible NB
matter add 2 Handbook --client odum --responsible JT
arrangement set 2 fixed --value 4000 --bill-when milestones
workflow import court-case.toml
t 1 2 Review
t 2 1.5 Draft
expense add 1 45 Copies
charge add 1 150 Filing
task add 2 Outline --trigger 1500 --charge-description Outline
task add 2 Delivery --trigger remainder --charge-description Delivery --needs-acceptance
"""
FILES = {
    "court-case.toml": """
[[workflow]]
name = "court-case"
case_type = "litigation"
[[workflow.task]]
name = "Complaint"
[[workflow.task]]
name = "Judgment"
trigger = { amount = 500 }
""",
    "hours.csv": "date,matter,hours,description\n2026-11-02,1,1.5,Call\n2026-11-03,2,2,Notes\n",
    "paper.txt": "signed",
    "firm.toml": """
[firm]
name = "Brandt Law"
currency = "USD"
[[tax]]
code = "vat"
label = "VAT"
on = "both"
rates = [{ from = 2026-01-01, percent = 20 }]
""",
}
CHANGES = """
t 1 1.2 Call
t 2 0.5 Letter --behavior no-charge
time edit T-1 --hours 3
time edit T-2 --behavior hide --tk NB
time remove T-1
expense add 2 12 Courier
expense edit E-1 --amount 46
expense remove E-1
charge add 2 80 Registration
charge edit C-1 --amount 160
charge withdraw C-1
matter hold T-1
matter hold 2
matter add 3 Will --client rivera --case-type litigation
matter edit 1 --title 'Lease of the shop' --responsible JT
matter close 2 --override --reason done
matter reopen 2
matter rate 1 NB 250
matter rate 1 NB 275 --from 2026-11-01 --reprice
matter step 1 Heard --override --reason agreed
matter progress 2 40
matter billing 1 --discount 10% --terms 7
matter billing 1 --quote 2000
arrangement set 1 capped --value 500
arrangement set 1 minimum-recurring --value 200 --from 2026-11-15
schedule add 2 900 --date 2026-12-01
schedule autofill 2 1000 --replace
schedule remove S-1
task add 1 Notice --due 2026-12-24
task edit 2 1 --trigger 1600
task done 2 1 --charge
task done 2 1 --no-charge
task done 2 2
task approve 2 2 --by 'O. Odum'
time start 1 Call
time stop
task waive 2 1 --reason gift
task reopen 2 1
task split 2 1 --approved 50%
task remove 2 1
task attach 2 1 paper.txt
change-order add 2 500 --name More
workflow apply court-case --matter 1
workflow import estate-plan
client add muir 'Una Muir'
client edit rivera --email ana@rivera.example
client rate rivera NB 280
client archive odum
timekeeper edit NB --classification PARTNR
timekeeper rate NB 310 --from 2026-11-20
firm set billing.terms_days 21
firm import firm.toml
import time hours.csv
bill create 1
bill create 2 --only costs
bill edit D-1 --discount 5% --note Thanks
bill refresh D-1
bill delete D-1
mass run --through 2026-11-30
mass run --through 2026-11-30 --key nov
"""
FOR_GOOD = """
bill create 1 --issue
bill approve D-1
payment add 1 25
retainer request 1 500
"""
VIEWS = """
firm export
bill preview 1 --json
bill preview 2 --json
matter items 1 --json
matter show 2 --json
task list 2 --json
arrangement history 2 --json
client list --json
report unbilled --json
report forecast --json
"""


def lines(text: str) -> list[str]:
    return [line for line in text.strip().splitlines() if line]


def run(line: str) -> tuple[str, int, str]:
    return in_here(shlex.split(line))


def tables(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row that counts; a task that was added and taken back keeps its number alone."""
    with closing(sqlite3.connect(path)) as dbapi:
        names = [n for (n,) in dbapi.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found = {n: list(dbapi.execute(f"SELECT * FROM {n}")) for n in names if n not in BESIDE}
        found["task"] = list(dbapi.execute("SELECT * FROM task WHERE archived_on IS NULL"))
    return {name: sorted(rows, key=repr) for name, rows in found.items()}


def logged(path: Path) -> int:
    with closing(sqlite3.connect(path)) as dbapi:
        return int(dbapi.execute("SELECT count(*) FROM audit").fetchone()[0])


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An office as the commands above made it, to be copied, in an empty folder with files."""
    folder = tmp_path_factory.mktemp("office")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for name, text in FILES.items():
            (folder / name).write_text(text, "utf-8")
        with at(new_ledger(folder / "ledger.db")):
            for line in lines(OFFICE):
                said, code, _ = run(line)
                assert code == 0, said
        yield folder / "ledger.db"


@contextmanager
def at(ledger: Path) -> Iterator[None]:
    given = {"BILLCLI_LEDGER": str(ledger), "BILLCLI_TODAY": TODAY, "BILLCLI_ACTOR": "nadia"}
    with surroundings(given):
        yield


@contextmanager
def copy_of(office: Path) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(shutil.copy(office, Path(folder) / "ledger.db"))
        with at(path):
            yield path


LIMITS = settings(
    max_examples=5,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.mark.parametrize("line", lines(CHANGES))
def test_each_command_is_taken_back(office: Path, line: str) -> None:
    """Alone, or after the commands that it needs."""
    first = {
        "matter reopen 2": ["matter close 2 --override --reason done"],
        "time stop": ["time start 1 Call"],
        "matter step": ["task add 1 Complaint --step Filed", "task add 1 More --step Heard"],
        "schedule remove S-1": ["schedule add 2 900 --date 2026-12-01"],
        "schedule": ["arrangement set 2 fixed --value 4000 --bill-when schedule"],
        "matter progress": ["arrangement set 2 fixed --value 4000 --bill-when progress"],
        "task approve": ["task done 2 2"],
        "task waive": ["task done 2 1 --no-charge"],
        "task reopen": ["task done 2 1 --charge"],
        "client archive": ["matter close 2 --override --reason done"],
        "bill edit": ["bill create 1"],
        "bill refresh": ["bill create 1", "t 1 1 More"],
        "bill delete": ["bill create 1"],
        "bill create 2": ["expense add 2 12 Courier"],
    }
    with copy_of(office) as path:
        for words, before in first.items():
            if line.startswith(words):
                for each in before:
                    run(each)
        was = tables(path)
        rows = logged(path)
        said, code, _ = run(line)
        assert code == 0, said
        assert logged(path) > rows
        assert tables(path) != was, "the command changed nothing"
        said, code, _ = run("undo")
        assert code == 0, said
        assert tables(path) == was
        assert run("check")[1] == 0


def test_the_drafts_of_a_run_go_together(office: Path) -> None:
    with copy_of(office) as path:
        assert run("expense add 2 12 Courier")[1] == 0
        was = tables(path)
        for _ in range(2):  # its key is free again
            assert run("mass run --through 2026-11-30 --key nov")[1] == 0
            assert len(tables(path)["draft"]) == 2
            said, code, _ = run("undo")
            assert code == 0, said
            assert tables(path) == was
        assert run("undo")[1] == 0
        assert len(tables(path)["expense"]) == len(was["expense"]) - 1


@LIMITS
@given(played=st.lists(st.sampled_from(lines(CHANGES)), min_size=2, max_size=7))
def test_undo_after_undo_leads_back_to_the_beginning(office: Path, played: list[str]) -> None:
    with copy_of(office) as path:
        start = [run(view) for view in lines(VIEWS)]
        steps = []
        for line in played:
            was, rows = tables(path), logged(path)
            if run(line)[1] == 0 and logged(path) > rows:
                steps.append((line, was))
        for line, was in reversed(steps):
            said, code, _ = run("undo")
            assert code == 0, f"{line}: {said}"
            assert tables(path) == was, line
        assert [run(view) for view in lines(VIEWS)] == start
        assert run("check")[1] == 0


@pytest.mark.parametrize("line", lines(FOR_GOOD))
def test_what_is_approved_or_paid_stays(office: Path, line: str) -> None:
    with copy_of(office) as path:
        run("bill create 1" if line.startswith("bill approve") else "bill create 2 --issue")
        if line.startswith("payment"):
            assert run("bill create 1 --issue")[1] == 0
        said, code, _ = run(line)
        assert code == 0, said
        was = tables(path)
        said, code, why = run("undo")
        assert (code, why) == (3, "undo.stands"), said
        assert tables(path) == was


@LIMITS
@given(
    played=st.lists(st.sampled_from(lines(CHANGES) + lines(FOR_GOOD)), min_size=1, max_size=6),
    number=st.integers(1, 40),
)
def test_B30_undo_is_no_way_around_a_lock(office: Path, played: list[str], number: int) -> None:
    """Whatever change is named: what bills hold, and what was posted, is as it was."""
    kept = ("bill", "bill_line", "bill_part", "bill_event", "claim", "move", "payment",
            "journal_entry", "fund_request", "matter")  # fmt: skip
    with copy_of(office) as path:
        for line in played:
            run(line)
        was = tables(path)
        code = run(f"undo --change {number}")[1]
        now = tables(path)
        assert code in (0, 3, 4)
        assert code == 0 or now == was
        for table in kept:
            assert len(now[table]) == len(was[table])
            assert table == "matter" or now[table] == was[table]
        assert run("check")[1] == 0


def test_B30_a_version_that_a_bill_was_made_under_is_kept_by_the_ledger(office: Path) -> None:
    with copy_of(office) as path:
        assert run("arrangement set 1 capped --value 500")[1] == 0
        assert run("bill create 1 --issue")[1] == 0
        with closing(sqlite3.connect(path)) as dbapi:
            unit = dbapi.execute(
                "SELECT s.unit FROM change_set AS s JOIN change_image AS i"
                " ON i.id BETWEEN s.first_image AND s.last_image WHERE i.kind = 'arrangement'"
                " ORDER BY s.id DESC"
            ).fetchone()[0]
            # Even somebody who forges the undo itself can't free it.
            dbapi.execute("INSERT INTO undone VALUES (?, 1, 'forged')", (unit,))
            with pytest.raises(sqlite3.IntegrityError, match=r"^guard: "):
                dbapi.execute(
                    "DELETE FROM arrangement WHERE id = (SELECT max(id) FROM arrangement)"
                )


def test_imported_rows_come_in_again_after_an_undo(office: Path) -> None:
    with copy_of(office):
        assert run("import time hours.csv")[1] == 0
        assert run("undo")[1] == 0
        said, code, _ = run("import time hours.csv --json")
        assert code == 0 and '"new": 2' in said, said
