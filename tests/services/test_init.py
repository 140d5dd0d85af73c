"""Making a ledger: whole or not at all, and never over another."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest

from billcli import assets

FIRM = """
[firm]
name = "Alvarez Law"
timezone = "America/Chicago"
[[timekeeper]]
id = "MA"
name = "Maria"
rate = 350
"""


def folder(path: Path) -> list[str]:
    return sorted(file.name for file in path.iterdir())


def test_a_new_ledger_is_its_owners_alone(cli, tmp_path: Path) -> None:
    made = cli("init")
    assert made.code == 0
    path = tmp_path / "ledger.db"
    assert path.stat().st_mode & 0o777 == 0o600
    assert folder(tmp_path) == ["ledger.db"]
    assert cli("check").code == 0
    assert [row["object"] for row in cli("log", "--json").json] == ["ledger"]


def test_folders_on_the_way_are_made(cli, tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "ledger.db"
    assert cli("init", ledger=path).code == 0
    assert path.is_file()


def test_what_is_there_is_refused_and_untouched(cli, tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    for content in (b"", b"not a ledger"):
        path.write_bytes(content)
        refused = cli("init")
        assert refused.code == 3
        assert str(path) in refused.err
        assert path.read_bytes() == content
    path.unlink()
    path.symlink_to(tmp_path / "nowhere")
    assert cli("init").code == 3


def test_B20_a_log_left_by_an_earlier_ledger_is_never_read_into_a_new_one(
    cli, tmp_path: Path
) -> None:
    left = tmp_path / "ledger.db-wal"
    left.write_bytes(b"old")
    refused = cli("init")
    assert refused.code == 3
    assert "ledger.db-wal" in refused.err
    assert left.read_bytes() == b"old"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("= 1", 2),
        (FIRM + "nam = 1\n", 2),
        (FIRM + '[[matter]]\nnumber = "1"\ntitle = "T"\nclient = "nobody"\n', 2),
        (FIRM + '[email]\nhost = "x"\npassword_command = "pass show smtp"\n', 2),
        (None, 2),
    ],
)
def test_a_firm_file_with_a_fault_leaves_no_ledger(
    cli, tmp_path: Path, text: str | None, code: int
) -> None:
    path = tmp_path / "firm.toml"
    if text is not None:
        path.write_text(text)
    refused = cli("init", "--firm", path)
    assert refused.code == code
    assert refused.err.startswith("error: ")
    assert folder(tmp_path) == ([] if text is None else ["firm.toml"])


def test_a_refusal_deep_in_the_file_leaves_no_ledger_and_names_the_place(
    cli, tmp_path: Path
) -> None:
    path = tmp_path / "firm.toml"
    path.write_text(
        FIRM
        + '[[client]]\nid = "c"\nname = "C"\n[[matter]]\nnumber = "1"\ntitle = "T"\nclient = "c"\n'
        + '[[matter.time]]\ndate = 2026-12-24\ntimekeeper = "MA"\nhours = 1\ndescription = "x"\n'
    )
    refused = cli("init", "--firm", path)
    assert refused.code == 2
    assert "matter[1] (1).time[1]" in refused.err
    assert folder(tmp_path) == ["firm.toml"]


def test_two_at_once_make_one(cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "ledger.db"
    link = os.link

    def late(source: Path, target: Path) -> None:
        if target == path:
            target.write_bytes(b"the other's")
        link(source, target)

    monkeypatch.setattr(os, "link", late)
    assert cli("init").code == 3
    assert path.read_bytes() == b"the other's"
    assert folder(tmp_path) == ["ledger.db"]


def test_a_file_system_without_links_will_do(
    cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(source: Path, target: Path) -> None:
        raise PermissionError("no links here")

    monkeypatch.setattr(os, "link", never)
    assert cli("init").code == 0
    assert folder(tmp_path) == ["ledger.db"]
    assert cli("check").code == 0


def test_the_password_command_is_kept_once_it_is_confirmed(cli, tmp_path: Path) -> None:
    path = tmp_path / "firm.toml"
    path.write_text(FIRM + '[email]\nhost = "x"\npassword_command = "pass show smtp"\n')
    asked = cli("init", "--firm", path)
    assert asked.code == 2
    assert "--yes" in asked.err
    assert "pass show smtp" in asked.err
    assert cli("--yes", "init", "--firm", path).code == 0
    assert cli("firm", "import", path).code == 0, "a command that is known asks no more"
    path.write_text(path.read_text().replace("show smtp", "show other"))
    assert cli("firm", "import", path).code == 2
    assert cli("firm", "show", "--json").json["email"]["password_command"] == "pass show smtp"


def test_B12_the_day_is_the_firms(cli, tmp_path: Path) -> None:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from billcli.cli import main

    firm = tmp_path / "firm.toml"
    firm.write_text('[firm]\ntimezone = "Pacific/Kiritimati"\n')
    path = tmp_path / "l.db"
    zone = ZoneInfo("Pacific/Kiritimati")
    before = datetime.now(zone).date().isoformat()
    assert main(["--ledger", str(path), "init", "--firm", str(firm)]) == 0
    after = datetime.now(zone).date().isoformat()
    shell = sqlite3.connect(path)
    days = {day for (day,) in shell.execute("SELECT today FROM audit")}
    shell.close()
    assert days <= {before, after}


def test_without_a_firm_file_the_zone_is_this_machines(
    cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for zone, kept in (
        ("America/Chicago", "America/Chicago"),
        ("UTC", "UTC"),
        ("CST6CDT,x", "UTC"),
    ):
        monkeypatch.setenv("TZ", zone)
        path = tmp_path / f"{kept.replace('/', '-')}-{len(zone)}.db"
        assert cli("init", "--json", ledger=path).json["timezone"] == kept


def test_the_sample_firm_is_taken_in_whole(cli) -> None:
    made = cli("init", "--firm", assets.sample_firm(), "--json")
    assert made.code == 0
    counts = made.json["imported"]
    assert counts["matters"] >= 10
    assert counts["time"] > 0
    assert counts["expenses"] > 0
    assert cli("check").code == 0
