"""Backups are of one moment and proved; a restore can't be undone by what lies about (B20)."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from crashing import die, killed, writing
from forging import failing, unguarded
from offices import TODAY, Answer, new_ledger

from billcli.store import copies
from billcli.store.ledger import attach

Cli = Callable[..., Answer]


@pytest.fixture
def backup(office: Path, cli: Cli) -> Path:
    target = office.with_name("backup.db")
    assert cli("backup", target).code == 0
    return target


def clients(path: Path) -> list[str]:
    shell = sqlite3.connect(path)
    try:
        return [name for (name,) in shell.execute("SELECT name FROM client ORDER BY id")]
    finally:
        shell.close()


def later(cli: Cli) -> None:
    assert cli("client", "add", "new", "After the backup").code == 0


def test_a_backup_is_the_ledger_in_one_private_file(office: Path, backup: Path) -> None:
    assert copies.contents_of(backup) == copies.contents_of(office)
    assert backup.stat().st_mode & 0o777 == 0o600
    assert failing(backup) == {}
    assert not list(backup.parent.glob("backup.db-*"))
    assert not list(backup.parent.glob(".*"))


def test_a_backup_says_what_it_holds(office: Path, cli: Cli, tmp_path: Path) -> None:
    made = cli("backup", tmp_path / "b.db", "--json").json
    assert made["changes"] == copies.contents_of(office).changes > 30
    assert made["bytes"] == (tmp_path / "b.db").stat().st_size


def test_a_backup_holds_what_is_only_in_the_log(office: Path, cli: Cli, tmp_path: Path) -> None:
    writer = sqlite3.connect(office)
    writer.execute("UPDATE client SET name = 'in the WAL' WHERE id = 'odum'")
    writer.commit()
    assert office.with_name("ledger.db-wal").stat().st_size
    cli("backup", tmp_path / "b.db")
    writer.close()
    assert "in the WAL" in clients(tmp_path / "b.db")


def test_a_backup_replaces_nothing_unasked(office: Path, backup: Path, cli: Cli) -> None:
    before = backup.read_bytes()
    later(cli)
    answer = cli("backup", backup)
    assert answer.code == 3
    assert "--force" in answer.err
    assert backup.read_bytes() == before
    assert cli("backup", backup, "--force").code == 0
    assert "After the backup" in clients(backup)


def test_B20_a_fuller_backup_is_kept(office: Path, backup: Path, cli: Cli) -> None:
    before = backup.read_bytes()
    emptier = new_ledger(office.with_name("empty.db"))
    answer = cli("backup", backup, "--force", ledger=emptier)
    assert answer.code == 3
    assert "the fuller one is kept" in answer.err
    assert backup.read_bytes() == before


def test_force_replaces_no_file_of_another_kind(office: Path, cli: Cli, tmp_path: Path) -> None:
    novel = tmp_path / "novel.txt"
    novel.write_text("chapter one")
    assert cli("backup", novel, "--force").code == 3
    assert novel.read_text() == "chapter one"


def test_places_where_no_backup_goes(office: Path, cli: Cli, tmp_path: Path) -> None:
    assert cli("backup", office, "--force").code == 3
    assert cli("backup", tmp_path).code == 2
    assert cli("backup", tmp_path / "no" / "such" / "b.db").code == 2
    assert cli("backup", tmp_path / "b.db", ledger=tmp_path / "missing.db").code == 5
    assert failing(office) == {}


def test_a_damaged_ledger_gives_no_backup(office: Path, cli: Cli, tmp_path: Path) -> None:
    unguarded(office, "UPDATE matter SET client_id = 'nobody'")
    answer = cli("backup", tmp_path / "b.db")
    assert answer.code == 5
    assert not (tmp_path / "b.db").exists()


def test_a_backup_that_is_killed_is_absent(
    office: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copies, "take_place", lambda *_, **__: die())
    killed(lambda: copies.copy(office, tmp_path / "b.db"))
    assert not (tmp_path / "b.db").exists()
    assert failing(office) == {}


def test_B20_a_backup_while_others_write_is_of_one_moment(office: Path, tmp_path: Path) -> None:
    """Each change takes from one client's name and gives to the other's: their sum stays."""
    with writing(3, lambda who: _write_on(office, who)):
        for n in range(6):
            target = tmp_path / f"b{n}.db"
            copies.copy(office, target)
            assert sum(len(name) for name in clients(target)) == len("Ana Rivera" + "Odum & Co")
            assert failing(target) == {}
    assert failing(office) == {}
    assert copies.contents_of(office).changes > 41


def _write_on(path: Path, who: int) -> None:
    ledger = attach(path, today=TODAY, actor=f"writer {who}", command="test")
    give = "UPDATE client SET name = name || 'x' WHERE id = ?"
    take = "UPDATE client SET name = substr(name, 2) WHERE id = ? AND length(name) > 1"
    while True:
        for giver, taker in (("odum", "rivera"), ("rivera", "odum")):
            with ledger.write() as session:
                taken = session.connection().exec_driver_sql(take, (giver,))
                if taken.rowcount:
                    session.connection().exec_driver_sql(give, (taker,))
                ledger.record("client", after={"moved": who})


# restore ---------------------------------------------------------------------------------------


def test_a_restore_brings_back_the_backup(office: Path, backup: Path, cli: Cli) -> None:
    held = copies.contents_of(backup)
    later(cli)
    answer = cli("restore", backup, "--yes")
    assert answer.code == 0
    assert "After the backup" not in clients(office)
    assert copies.contents_of(office).changes == held.changes + 1  # the restore itself
    assert failing(office) == {}
    assert office.stat().st_mode & 0o777 == 0o600
    last = cli("log", "--json").json[-1]
    assert (last["command"], last["after"]) == ("restore", {"restored": str(backup)})


def test_B20_a_restore_keeps_what_it_replaces(office: Path, backup: Path, cli: Cli) -> None:
    later(cli)
    done = cli("restore", backup, "--yes", "--json").json
    replaced = Path(done["replaced"])
    assert replaced.parent == office.parent
    assert replaced.name.startswith("ledger.db.replaced-20")
    assert "After the backup" in clients(replaced)
    assert replaced.stat().st_mode & 0o777 == 0o600
    assert cli("restore", replaced, "--yes").code == 0  # and back again
    assert "After the backup" in clients(office)
    assert failing(office) == {}


def test_a_restore_asks_or_needs_yes(office: Path, backup: Path, cli: Cli) -> None:
    later(cli)
    answer = cli("restore", backup)
    assert answer.code == 2
    assert "--yes" in answer.err
    assert "After the backup" in clients(office)
    assert not list(office.parent.glob("*.replaced-*"))


def test_B20_a_stale_log_does_not_undo_a_restore(office: Path, backup: Path, cli: Cli) -> None:
    """A -wal and -shm of the replaced ledger, left there by a crash, hold newer changes."""
    writer = sqlite3.connect(office)
    writer.execute("UPDATE client SET name = 'from the WAL'")
    writer.commit()
    for ending in ("-wal", "-shm"):
        shutil.copy(f"{office}{ending}", f"{office}{ending}.kept")
    writer.close()
    for ending in ("-wal", "-shm"):
        shutil.move(f"{office}{ending}.kept", f"{office}{ending}")
    assert cli("restore", backup, "--yes").code == 0
    assert "from the WAL" not in clients(office)
    assert failing(office) == {}


def test_B20_a_log_beside_a_lost_ledger_does_not_undo_a_restore(
    office: Path, backup: Path, cli: Cli
) -> None:
    writer = sqlite3.connect(office)
    writer.execute("UPDATE client SET name = 'from the WAL'")
    writer.commit()
    shutil.copy(f"{office}-wal", f"{office}.kept")
    writer.close()
    office.unlink()
    shutil.move(f"{office}.kept", f"{office}-wal")
    done = cli("restore", backup, "--json")
    assert done.code == 0
    assert done.json["replaced"] is None
    assert "from the WAL" not in clients(office)
    assert failing(office) == {}


def test_B20_whoever_has_the_ledger_open_goes_on_with_the_restored_one(
    office: Path, backup: Path, cli: Cli, make_ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BILLCLI_BUSY_TIMEOUT", "1")  # so long is the reader waited for
    later(cli)
    other = make_ledger(office)
    other.session.rollback()
    reader = sqlite3.connect(office, isolation_level=None)
    reader.execute("BEGIN")
    assert reader.execute("SELECT count(*) FROM client").fetchone() == (3,)
    assert cli("restore", backup, "--yes").code == 0
    assert reader.execute("SELECT count(*) FROM client").fetchone() == (3,)  # its moment
    reader.execute("COMMIT")
    assert reader.execute("SELECT count(*) FROM client").fetchone() == (2,)
    reader.close()
    with other.write():
        other.record("client x", after={"name": "by the other"})
    other.close()
    assert failing(office) == {}
    assert "client x" in [row["object"] for row in cli("log", "--json").json]


def test_a_restore_waits_its_turn_and_then_gives_up(
    office: Path, backup: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BILLCLI_BUSY_TIMEOUT", "0")
    later(cli)
    writer = sqlite3.connect(office, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    answer = cli("restore", backup, "--yes")
    writer.execute("ROLLBACK")
    writer.close()
    assert answer.code == 5
    assert "in use by another command" in answer.err
    assert "After the backup" in clients(office)
    assert not list(office.parent.glob("*.replaced-*"))
    assert failing(office) == {}


def test_a_restore_that_is_killed_leaves_one_or_the_other(
    office: Path, backup: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    later(cli)
    monkeypatch.setattr(copies, "_ahead", lambda _: die())
    killed(lambda: copies.put_back(backup, office))
    assert failing(office) == {}
    assert len(clients(office)) in (2, 3)


@pytest.mark.parametrize("rubbish", [b"", b"not a database at all " * 500])
def test_a_ledger_that_can_not_be_read_is_set_aside(
    office: Path, backup: Path, cli: Cli, rubbish: bytes
) -> None:
    office.write_bytes(rubbish)
    office.with_name("ledger.db-wal").write_bytes(b"old")
    done = cli("restore", backup, "--yes", "--json")
    assert done.code == 0
    if rubbish:  # an empty file is an empty database to SQLite
        assert Path(done.json["replaced"]).read_bytes() == rubbish
    assert failing(office) == {}


def test_an_unsound_backup_is_not_restored(office: Path, backup: Path, cli: Cli) -> None:
    before = clients(office)
    unguarded(backup, "UPDATE bill_line SET amount_cents = 1")
    answer = cli("restore", backup, "--yes")
    assert answer.code == 3
    assert "no sound ledger" in answer.err
    assert clients(office) == before
    assert not list(office.parent.glob("*.replaced-*"))


def test_what_is_no_backup_is_not_restored(office: Path, cli: Cli, tmp_path: Path) -> None:
    novel = tmp_path / "novel.txt"
    novel.write_text("chapter one " * 1000)
    other = tmp_path / "other.db"
    shell = sqlite3.connect(other)
    shell.execute("CREATE TABLE x (y)")
    shell.close()
    assert cli("restore", novel, "--yes").code == 5
    assert cli("restore", other, "--yes").code == 5
    assert cli("restore", tmp_path, "--yes").code in (2, 5)
    assert cli("restore", tmp_path / "missing", "--yes").code == 2
    assert cli("restore", office, "--yes").code == 3
    assert failing(office) == {}
    assert json.loads(cli("check", "--json").out)["ok"]


def test_a_backup_of_a_newer_program_is_not_restored(office: Path, backup: Path, cli: Cli) -> None:
    shell = sqlite3.connect(backup)
    shell.execute("PRAGMA user_version = 99")
    shell.close()
    assert cli("restore", backup, "--yes").code == 5
    assert failing(office) == {}


def test_a_restore_on_a_new_machine(backup: Path, cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "new" / "home" / "ledger.db"
    assert cli("restore", backup, ledger=path).code == 0
    assert failing(path) == {}
    assert path.stat().st_mode & 0o777 == 0o600
    shell = sqlite3.connect(path)
    assert shell.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    shell.close()
