"""A matter that was added by mistake is taken back, and the log knows it for good."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from offices import Answer

Cli = Callable[..., Answer]


@pytest.fixture
def firm(ledger_path: Path, cli: Cli) -> Cli:
    for line in ("timekeeper add LH Lena --rate 300", "client add okafor Okafor"):
        assert cli(*line.split()).code == 0
    return cli


def done(cli: Cli, line: str) -> Answer:
    answer = cli(*line.split())
    assert answer.code == 0, answer.err
    return answer


def ids(path: Path) -> list[tuple[int, str]]:
    with closing(sqlite3.connect(path)) as shell:
        return shell.execute("SELECT id, number FROM matter ORDER BY id").fetchall()


def test_a_new_matter_goes_and_its_number_is_free_again(firm: Cli, ledger_path: Path) -> None:
    done(firm, "matter add 7 Leese --client okafor --arrangement capped --value 900")
    done(firm, "matter billing 7 --copies 2")
    done(firm, "undo --yes")
    done(firm, "undo --yes")
    assert ids(ledger_path) == []
    assert firm("matter", "show", "7").code == 4
    done(firm, "matter add 7 Lease --client okafor")
    assert ids(ledger_path) == [(2, "7")]
    done(firm, "check")


def test_what_was_undone_on_a_matter_goes_with_it(firm: Cli, ledger_path: Path) -> None:
    done(firm, "matter add 7 Lease --client okafor")
    for line in ("t 7 1 Work", "task add 7 Draft --trigger 50", "expense add 7 20 Copies"):
        done(firm, line)
        done(firm, "undo --yes")
    done(firm, "undo --yes")
    assert ids(ledger_path) == []
    with closing(sqlite3.connect(ledger_path)) as shell:
        assert shell.execute("SELECT count(*) FROM task").fetchone() == (0,)
    log = json.loads(done(firm, "log --json").out)
    assert [row["matter"] for row in log] == [None] * 2 + ["7"] * 8
    done(firm, "check")


def test_a_matter_with_something_of_its_own_stays(firm: Cli, ledger_path: Path) -> None:
    done(firm, "matter add 7 Lease --client okafor")
    done(firm, "t 7 1 Work")
    changes = json.loads(done(firm, "undo --list --json").out)
    refused = firm("undo", "--change", changes[1]["change"])
    assert refused.code == 3
    assert "(time add: T-1) stands on change" in refused.err
    assert ids(ledger_path) == [(1, "7")]


def test_B30_a_shell_neither_deletes_a_matter_nor_gives_its_id_again(
    firm: Cli, ledger_path: Path
) -> None:
    done(firm, "matter add 7 Lease --client okafor")
    done(firm, "matter add 8 Supply --client okafor")
    done(firm, "undo --yes")
    with closing(sqlite3.connect(ledger_path)) as shell:
        with pytest.raises(sqlite3.IntegrityError, match="a matter can not be deleted"):
            shell.execute("DELETE FROM matter WHERE id = 1")
        with pytest.raises(sqlite3.IntegrityError, match="knows another matter by that id"):
            shell.execute(
                "INSERT INTO matter (id, number, title, opened_on)"
                " VALUES (2, '9', 'Other', '2026-11-01')"
            )


def test_a_dump_holds_the_log_of_a_matter_that_is_gone(firm: Cli, tmp_path: Path) -> None:
    done(firm, "matter add 7 Lease --client okafor")
    done(firm, "undo --yes")
    done(firm, "matter add 8 Supply --client okafor")
    done(firm, f"export json --out {tmp_path}/all.json")
    other = tmp_path / "other.db"
    assert firm("import", "json", f"{tmp_path}/all.json", ledger=other).code == 0
    assert ids(other) == [(2, "8")]
    assert firm("check", ledger=other).code == 0


def test_a_firm_file_goes_with_the_matters_that_it_brought(
    firm: Cli, ledger_path: Path, tmp_path: Path
) -> None:
    (tmp_path / "firm.toml").write_text(
        '[firm]\nname = "Lena"\ncurrency = "USD"\n'
        '[[matter]]\nnumber = "7"\ntitle = "Lease"\nclient = "okafor"\n'
    )
    done(firm, f"firm import {tmp_path}/firm.toml")
    assert ids(ledger_path) == [(1, "7")]
    done(firm, "undo --yes")
    assert ids(ledger_path) == []
    done(firm, "check")
