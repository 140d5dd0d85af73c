"""The recipes of docs/cron.md, each run as it stands there, in the bare environment of cron."""

from __future__ import annotations

import configparser
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
from offices import H, new_ledger

from billcli.store.ledger import attach

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "cron.md").read_text("utf-8")
BLOCKS = re.findall(r"^```(\w+) ?([^\n]*)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
SCRIPTS = {name: text for kind, name, text in BLOCKS if kind == "sh"}
UNITS = {name: text for kind, name, text in BLOCKS if kind == "ini"}
CRONTAB = [line for kind, _, text in BLOCKS if kind == "crontab" for line in text.splitlines()]
HOME = "/home/nadia"
BARE = {"PATH": "/usr/bin:/bin"}
LAST = date.today().replace(day=1) - timedelta(days=1)  # noqa: DTZ011 - as `date` sees it
MONTH = f"{LAST:%Y-%m}"


@dataclass(frozen=True)
class Office:
    """Nadia's home folder, wherever the test may put it."""

    home: Path

    @property
    def practice(self) -> Path:
        return self.home / "practice"

    @property
    def ledger(self) -> Path:
        return self.practice / "ledger.db"

    def here(self, text: str) -> str:
        """The words of the page, with her home at hand."""
        return text.replace(HOME, str(self.home))

    def script(self, name: str, **instead: str) -> Path:
        """A script of the page, put where it belongs."""
        text = SCRIPTS[name]
        for old, new in instead.items():
            assert old in text
            text = text.replace(old, new)
        file = self.home / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(self.here(text), "utf-8")
        file.chmod(0o755)
        return file

    def cron(self, command: str) -> subprocess.CompletedProcess[str]:
        """Run a command as cron does: its own shell, a bare environment, and nobody there."""
        return subprocess.run(
            ["/bin/sh", "-c", command],
            env=BARE,
            cwd="/",
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=100,
            preexec_fn=lambda: os.close(0),
        )

    def sql(self, words: str) -> list[str]:
        """What a statement finds, of a column."""
        with sqlite3.connect(self.ledger) as shell:
            found = shell.execute(words).fetchall()
        shell.close()
        return [value for (value,) in found]

    def bills(self) -> list[str]:
        """The numbers of the bills that there are."""
        return self.sql("SELECT number FROM bill ORDER BY number")


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Two matters with an hour each in the month before."""
    from billcli.services.matter import matters
    from billcli.services.office import clients, timekeepers
    from billcli.services.work import time

    path = new_ledger(tmp_path_factory.mktemp("cron") / "ledger.db")
    ledger = attach(path, today=LAST.isoformat(), actor="tester", command="test")
    timekeepers.add(ledger, "NB", "N. Byrne", rate_e4=300 * H)
    clients.add(ledger, "acme", "Acme Ltd")
    for number in ("2026-001", "2026-002"):
        matters.add(ledger, number, "A matter", client="acme")
        time.add(ledger, number, H, "Review of the contract", day=LAST)
    ledger.close()
    return path.read_bytes()


@pytest.fixture
def office(tmp_path: Path, kept: bytes) -> Office:
    made = Office(tmp_path / "nadia")
    made.practice.mkdir(parents=True)
    made.ledger.touch(mode=0o600)
    made.ledger.write_bytes(kept)
    programs = made.home / "billcli" / "bin"
    programs.mkdir(parents=True)
    program = programs / "billcli"
    # The program of this very tree, wherever it is.
    start = f"PYTHONPATH={ROOT} exec {sys.executable} -P -m billcli"
    program.write_text(f'#!/bin/sh\n{start} "$@"\n', "utf-8")
    program.chmod(0o755)
    return made


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_month_end_from_refusal_to_rest(office: Office) -> None:
    """Each step ends in the exit code that the page gives it, and only the last ones are quiet."""
    # 3: it is to send, and there is no mail account.
    assert "write `--send` in place of `--issue`" in PAGE
    ended = office.cron(str(office.script("bin/month-end", **{"--issue": "--send"})))
    assert (ended.returncode, office.bills()) == (3, [])
    assert ended.stderr.startswith("error: The firm has no mail server.")
    backup = office.practice / "backups" / f"before-{MONTH}.db"
    assert backup.stat().st_mode & 0o777 == 0o600
    before = backup.read_bytes()

    # 5: somebody else is writing, or the ledger is gone.
    hasty = str(office.script("bin/month-end", **{"TIMEOUT=600": "TIMEOUT=0"}))
    writer = sqlite3.connect(office.ledger, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    assert office.cron(hasty).returncode == 5
    writer.execute("ROLLBACK")
    writer.close()
    office.ledger.rename(office.home / "elsewhere.db")
    assert office.cron(hasty).returncode == 5
    (office.home / "elsewhere.db").rename(office.ledger)
    assert office.bills() == []

    # 6: one matter asks for a template that isn't there.
    script = str(office.script("bin/month-end"))
    office.sql(
        "INSERT INTO matter_option (matter_id, name, value) "
        "SELECT id, 'template', '\"gone\"' FROM matter WHERE number = '2026-001'"
    )
    ended = office.cron(script)
    assert (ended.returncode, len(office.bills())) == (6, 1)
    assert "1 of the matters failed: 2026-001." in ended.stderr

    # 0: it is mended, and the page that somebody took away comes back.
    office.sql("DELETE FROM matter_option WHERE name = 'template'")
    (first,) = office.bills()
    (office.practice / "bills" / f"{first}.html").unlink()
    ended = office.cron(script)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")
    numbers = office.bills()
    assert len(numbers) == 2
    pages = [f"{number}.{form}" for number in numbers for form in ("html", "md")]
    assert files(office.practice / "bills") == pages
    assert backup.read_bytes() == before
    assert "1 bill made, 300.00 USD in all." in (office.practice / f"logs/{MONTH}.txt").read_text()

    # 0: there is nothing left to do.
    ended = office.cron(script)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")
    assert office.bills() == numbers


def test_every_night_a_backup_is_made_and_the_ledger_is_proved(office: Office) -> None:
    script = office.script("bin/nightly")
    ended = office.cron(str(script))
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")
    (backup,) = (office.practice / "backups").iterdir()
    assert re.fullmatch(r"day-[1-7]\.db", backup.name)


def test_the_outbox_is_asked_and_has_nothing_to_say(office: Office) -> None:
    ended = office.cron(str(office.script("bin/post")))
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")


def commands() -> list[str]:
    """What the lines of the crontabs run, read as cron reads them."""
    found = []
    for line in CRONTAB:
        if line and not line.startswith("#") and not re.match(r"\w+ *=", line):
            *times, command = line.split(None, 5)
            assert all(re.fullmatch(r"\*|\d+(-\d+)?", each) for each in times), line
            assert not re.search(r"(?<!\\)%", command), "an unguarded % ends a line of cron"
            found.append(command.replace("\\%", "%"))
    return found


def test_each_line_of_the_crontabs_runs(office: Office) -> None:
    for name in SCRIPTS:
        office.script(name)
    assert {f"{HOME}/{name}" for name in SCRIPTS} - {f"{HOME}/bin/tell"} < {*commands()}
    (line,) = (command for command in commands() if " mass run " in command)
    ended = office.cron(office.here(line))
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")
    assert len(office.bills()) == 2
    assert len(files(office.practice / "bills")) == 4


def test_the_units_start_the_scripts_and_mail_what_failed(office: Office, tmp_path: Path) -> None:
    for name in SCRIPTS:
        office.script(name)
    read = {name: unit(text) for name, text in UNITS.items()}
    assert set(read) == {
        "billcli-month-end.timer",
        "billcli-month-end.service",
        "billcli-failed@.service",
    }
    service = read["billcli-month-end.service"]
    assert service["Service"]["ExecStart"] == f"{HOME}/bin/month-end"
    assert service["Unit"]["OnFailure"] == "billcli-failed@%n.service"
    assert "5" not in service["Service"]["RestartPreventExitStatus"].split()
    assert read["billcli-failed@.service"]["Service"]["ExecStart"] == f"{HOME}/bin/tell %i"
    programs = tmp_path / "programs"
    programs.mkdir()
    for name, text in (
        ("journalctl", 'echo "error: busy, said $4"'),
        ("mail", f'echo "$@" >{programs}/told; cat >>{programs}/told'),
    ):
        (programs / name).write_text(f"#!/bin/sh\n{text}\n", "utf-8")
        (programs / name).chmod(0o755)
    told = subprocess.run(
        [office.home / "bin/tell", "billcli-month-end.service"],
        env={"PATH": f"{programs}:{BARE['PATH']}"},
        check=False,
    )
    assert told.returncode == 0
    first, second = (programs / "told").read_text().splitlines()
    assert first == "-s billcli-month-end.service failed nadia@byrne.example"
    assert second.startswith("error: busy")


def test_systemd_takes_the_units(office: Office, tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("systemd-analyze isn't here; on Debian: apt-get install systemd")
    for name in SCRIPTS:
        office.script(name)
    folder = tmp_path / "units"
    folder.mkdir()
    for name, text in UNITS.items():
        (folder / name).write_text(office.here(text), "utf-8")
    told = subprocess.run(
        [analyze, "verify", "--man=no", *(folder / name for name in UNITS)],
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    mine = [line for line in told.stderr.splitlines() if "billcli" in line]
    assert (told.returncode, mine) == (0, []), told.stderr


def unit(text: str) -> configparser.ConfigParser:
    """A unit, read as systemd reads it as far as these go."""
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read_string(text)
    return parser
