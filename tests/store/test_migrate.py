"""Ledgers go forward only, after a copy; what fails or is killed leaves the old one as it was."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from crashing import die, killed
from offices import Answer

from billcli.assets import schema_folder
from billcli.store import copies, migrate
from billcli.store import schema as versions
from billcli.store.checks import prove
from billcli.store.migrate import Migration

Cli = Callable[..., Answer]

pytestmark = pytest.mark.usefixtures("as_it_is")

NOW = migrate.newest()
NEXT = NOW + 1
# A table is rebuilt, as SQLite needs it for a changed column, while rows refer to it (B19).
SECOND = f"""-- {NEXT:04}: a test's own; BEGIN and COMMIT; stand in this comment.
BEGIN IMMEDIATE;
CREATE TABLE timekeeper_new (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    surname TEXT,
    first_name TEXT,
    classification TEXT,
    archived_on TEXT,
    nickname TEXT NOT NULL DEFAULT 'none; yet'
) STRICT;
INSERT INTO timekeeper_new (id, name, surname, first_name, classification, archived_on)
    SELECT id, name, surname, first_name, classification, archived_on FROM timekeeper;
DROP TABLE timekeeper;
ALTER TABLE timekeeper_new RENAME TO timekeeper;
CREATE TRIGGER timekeeper_stays BEFORE DELETE ON timekeeper
BEGIN SELECT RAISE(ABORT, 'guard: a timekeeper can not be deleted'); END;
PRAGMA user_version = {NEXT};
COMMIT;
"""


@pytest.fixture
def schema(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A schema folder of the test's own, with the released files in it."""
    folder = tmp_path / "schema"
    shutil.copytree(schema_folder(), folder)
    for module in (migrate, versions):
        monkeypatch.setattr(module, "schema_folder", lambda: folder)
    return folder


@pytest.fixture
def second(schema: Path) -> Path:
    file = schema / f"{NEXT:04}_nickname.sql"
    file.write_text(SECOND, "utf-8")
    return file


def version(path: Path) -> int:
    shell = sqlite3.connect(path)
    try:
        return int(shell.execute("PRAGMA user_version").fetchone()[0])
    finally:
        shell.close()


def backups(path: Path) -> list[str]:
    return sorted(file.name for file in path.parent.glob("*.bak"))


def test_a_new_ledger_is_of_the_newest_schema(tmp_path: Path) -> None:
    path = tmp_path / "new" / "ledger.db"
    migrate.create(path)
    assert version(path) == migrate.newest()
    assert path.stat().st_mode & 0o777 == 0o600
    assert [file.name for file in path.parent.iterdir()] == ["ledger.db"]
    shell = sqlite3.connect(path)
    assert shell.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert shell.execute("PRAGMA application_id").fetchone() == (migrate.APPLICATION_ID,)
    shell.close()


def test_a_new_ledger_takes_no_others_place(office: Path) -> None:
    before = office.read_bytes()
    with pytest.raises(FileExistsError):
        migrate.create(office)
    assert office.read_bytes() == before


def test_a_new_ledger_that_is_killed_in_the_making_is_absent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copies, "take_place", lambda *_, **__: die())
    path = tmp_path / "ledger.db"
    killed(lambda: migrate.create(path))
    assert not path.exists()
    monkeypatch.undo()
    migrate.create(path)
    assert prove(path)[0].ok


def test_a_log_of_a_ledger_long_gone_does_not_come_back(office: Path, tmp_path: Path) -> None:
    """The -wal of a ledger that somebody deleted belongs to no new one."""
    shell = sqlite3.connect(office)
    shell.execute("UPDATE client SET name = 'from the grave'")
    shell.commit()
    stray = tmp_path / "stray"
    shutil.copy(office.with_name("ledger.db-wal"), stray)
    shell.close()
    office.unlink()
    shutil.copy(stray, office.with_name("ledger.db-wal"))
    migrate.create(office)
    shell = sqlite3.connect(office)
    assert shell.execute("SELECT count(*) FROM client").fetchone() == (0,)
    shell.close()


def test_B19_an_older_ledger_is_migrated_after_a_copy(office: Path, second: Path, cli: Cli) -> None:
    held = copies.contents_of(office)
    answer = cli("migrate")
    assert answer.code == 0
    assert f"from schema {NOW} to {NEXT}" in answer.out
    assert f"ledger.db.schema-{NOW}.bak" in answer.out
    assert version(office) == NEXT
    kept = office.with_name(f"ledger.db.schema-{NOW}.bak")
    assert version(kept) == NOW
    assert kept.stat().st_mode & 0o777 == 0o600
    assert copies.contents_of(kept) == held == copies.contents_of(office)  # no row went away
    shell = sqlite3.connect(office)
    assert shell.execute("SELECT DISTINCT nickname FROM timekeeper").fetchall() == [("none; yet",)]
    assert shell.execute("PRAGMA foreign_key_check").fetchall() == []
    shell.close()
    assert {proof.name for proof in prove(office) if not proof.ok} == set()
    again = cli("migrate", "--json").json
    assert again == {"before": NEXT, "now": NEXT, "backup": None}


def test_any_command_migrates_by_itself(office: Path, second: Path, cli: Cli) -> None:
    assert cli("client", "list").code == 0
    assert version(office) == NEXT
    assert backups(office) == [f"ledger.db.schema-{NOW}.bak"]


def test_check_leaves_an_older_ledger_alone(office: Path, second: Path, cli: Cli) -> None:
    before = office.read_bytes()
    answer = cli("check")
    assert answer.code == 5
    assert "billcli migrate" in answer.err
    assert office.read_bytes() == before


def test_B20_an_earlier_backup_is_not_overwritten(office: Path, second: Path, cli: Cli) -> None:
    first = office.with_name(f"ledger.db.schema-{NOW}.bak")
    first.write_bytes(b"somebody's only copy")
    cli("migrate")
    assert first.read_bytes() == b"somebody's only copy"
    assert backups(office) == [f"ledger.db.schema-{NOW}.2.bak", f"ledger.db.schema-{NOW}.bak"]


def test_B19_a_newer_ledger_is_refused_untouched(office: Path, cli: Cli) -> None:
    shell = sqlite3.connect(office)
    shell.execute("PRAGMA user_version = 99")
    shell.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shell.close()
    before = office.read_bytes()
    for words in (["client", "list"], ["migrate"], ["check"], ["backup", str(office) + ".b"]):
        answer = cli(*words)
        assert answer.code == 5, words
        assert "has schema 99; this program knows up to" in answer.err
        assert len(answer.err.splitlines()) == 2  # the sentence and the way out
    assert office.read_bytes() == before
    assert backups(office) == []


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("INSERT INTO nowhere VALUES (1);", "lacks a table"),
        ("DELETE FROM timekeeper;", "pointing nowhere"),
        ("DELETE FROM audit;", "refuses"),
    ],
)
def test_B19_a_migration_that_fails_leaves_the_old_ledger(
    office: Path, second: Path, cli: Cli, statement: str, says: str
) -> None:
    second.write_text(SECOND.replace("DROP TABLE timekeeper;", statement), "utf-8")
    if "pointing" in says:
        second.write_text(
            f"BEGIN IMMEDIATE;\n{statement}\nPRAGMA user_version = {NEXT};\nCOMMIT;\n", "utf-8"
        )
    held = copies.contents_of(office)
    answer = cli("client", "list")
    assert answer.code in (3, 5)
    assert says in answer.err
    assert version(office) == NOW
    assert copies.contents_of(office) == held
    second.unlink()
    assert cli("check").code == 0


@pytest.mark.parametrize("at", range(9))
def test_B19_killed_in_the_middle_the_old_ledger_still_opens(
    office: Path, second: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    whole = list(Migration(NEXT, second).statements())
    assert len(whole) == 8

    def statements(self: Migration) -> Iterator[str]:
        if self.version == NEXT:
            yield from whole[:at]
            die()
        yield from original(self)

    original = Migration.statements
    held = copies.contents_of(office)
    with monkeypatch.context() as patch:
        patch.setattr(Migration, "statements", statements)
        killed(lambda: migrate.bring_up(office))
    assert version(office) == (NOW if at < len(whole) else NEXT)
    assert copies.contents_of(office) == held
    assert cli("migrate").code == 0
    assert version(office) == NEXT
    assert copies.contents_of(office) == held


def test_two_programs_migrate_a_ledger_once(
    office: Path, second: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second one looked before the first began, and waited."""
    first = migrate.version_of
    met: list[Path] = []

    def looked(path: Path) -> int:
        seen = first(path)
        if not met:
            met.append(path)
            migrate.bring_up(path)  # somebody else's, from start to end
        return seen

    monkeypatch.setattr(migrate, "version_of", looked)
    assert migrate.bring_up(office) is None
    assert version(office) == NEXT
    assert backups(office) == [f"ledger.db.schema-{NOW}.bak"]
