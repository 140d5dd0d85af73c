"""Workflows: read from a file, shown, and given to matters."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from offices import Answer

from billcli import assets

Cli = Callable[..., Answer]
pytestmark = pytest.mark.usefixtures("ledger_path")

FILE = """
[[workflow]]
name = "family-petition"
case_type = "immigration"
[[workflow.task]]
name = "Engagement letter signed"
step = "Intake"
trigger = { percent = 30, description = "Engagement and case strategy" }
[[workflow.task]]
name = "Packet submitted"
step = "Filing"
due_days = 45
deliverable = "I-130 packet"
terms_days = 10
trigger = { amount = 1500 }
"""
FIXED = ("--arrangement", "fixed", "--value", 4500, "--bill-when", "milestones")


@pytest.fixture
def office(cli, tmp_path: Path):
    path = tmp_path / "flows.toml"
    path.write_text(FILE)
    assert cli("workflow", "import", path).code == 0
    assert cli("client", "add", "rivera", "Ana Rivera").code == 0
    return cli


def tasks(cli, matter: str) -> list[tuple[str, str | None]]:
    return [(task["name"], task["due"]) for task in cli("task", "list", matter, "--json").json]


def test_a_case_type_gives_its_tasks(office) -> None:
    add = ("matter", "add", "M1", "I-130", "--client", "rivera", "--case-type", "Immigration")
    assert office(*add, *FIXED).code == 0
    assert tasks(office, "M1") == [
        ("Engagement letter signed", None),
        ("Packet submitted", "2027-01-14"),
    ]
    shown = office("task", "list", "M1", "--json").json
    assert [t["trigger"]["percent"] for t in shown] == ["30", None]
    assert [t["terms_days"] for t in shown] == [None, 10]


def test_a_percentage_needs_a_value_and_the_refusal_names_the_workflow(office) -> None:
    refused = office(
        "matter", "add", "M1", "I-130", "--client", "rivera", "--case-type", "immigration"
    )
    assert refused.code == 3
    assert "family-petition" in refused.err
    assert office("matter", "list", "--json").json == []


def test_apply_adds_what_is_missing_and_then_refuses(office) -> None:
    office("matter", "add", "M1", "I-130", "--client", "rivera", *FIXED)
    office("task", "add", "M1", "Packet submitted")
    applied = office("workflow", "apply", "family-petition", "--matter", "M1", "--json")
    assert [task["name"] for task in applied.json["tasks"]] == ["Engagement letter signed"]
    again = office("workflow", "apply", "family-petition", "--matter", "M1")
    assert again.code == 3
    assert "already" in again.err
    assert len(tasks(office, "M1")) == 2


def test_apply_names_what_isnt_there(office) -> None:
    assert office("workflow", "apply", "family-petitoin", "--matter", "M1").code == 4
    assert office("workflow", "apply", "family-petition", "--matter", "M1").code == 4
    assert 'Did you mean "family-petition"' in office("workflow", "show", "family-petitoin").err


def test_importing_again_changes_nothing_and_a_change_replaces_all_tasks(
    office, tmp_path: Path
) -> None:
    path = tmp_path / "flows.toml"
    assert office("workflow", "import", path, "--json").json[0]["changed"] is False
    path.write_text(FILE.rpartition("[[workflow.task]]")[0])
    assert office("workflow", "import", path, "--json").json[0]["changed"] is True
    shown = office("workflow", "show", "family-petition", "--json").json
    assert [task["name"] for task in shown["tasks"]] == ["Engagement letter signed"]


def test_a_case_type_has_one_workflow(office, tmp_path: Path) -> None:
    path = tmp_path / "flows.toml"
    path.write_text('[[workflow]]\nname = "other"\ncase_type = "IMMIGRATION"\n')
    refused = office("workflow", "import", path)
    assert refused.code == 3
    assert "family-petition" in refused.err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "holds no workflow"),
        ('[firm]\nname = "X"\n' + FILE, "more than workflows"),
        ('[[workflow]]\nnam = "x"\n', "workflow[1].nam"),
        ("= 3", "isn't TOML"),
    ],
)
def test_a_file_with_a_fault_is_refused(office, tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "flows.toml"
    path.write_text(text)
    refused = office("workflow", "import", path)
    assert refused.code == 2
    assert said in refused.err
    assert len(office("workflow", "list", "--json").json) == 1


SHIPPED = sorted(assets.shipped_workflows())


def test_good_workflows_come_with_the_program(cli: Cli) -> None:
    wanted = {"family-petition", "estate-plan", "entity-formation", "real-estate-closing"}
    wanted |= {"uncontested-divorce", "software-project", "construction-draws"}
    listed = cli("workflow", "list", "--shipped", "--json").json
    assert wanted <= {row["name"] for row in listed}
    assert all(row["about"] and "\n" not in row["about"] for row in listed)


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_workflow_comes_to_the_agreed_fee(cli: Cli, name: str) -> None:
    """Also a fee that no percentage divides; every milestone says what shows that it is done."""
    assert cli("client", "add", "osei", "Kwame Osei").code == 0
    assert cli("workflow", "import", name).code == 0
    assert cli("matter", "add", "2026-001", "A matter", "--client", "osei").code == 0
    terms = ("fixed", "--value", "9999.97", "--bill-when", "milestones")
    assert cli("arrangement", "set", "2026-001", *terms).code == 0
    assert cli("workflow", "apply", name, "--matter", "2026-001").code == 0
    tasks = cli("task", "list", "2026-001", "--json").json
    charging = [task for task in tasks if task["trigger"]]
    assert sum(Decimal(task["trigger"]["amount"]) for task in charging) == Decimal("9999.97")
    assert all(task["deliverable"] and task["acceptance"] and task["due"] for task in tasks)
    first = Decimal(charging[0]["trigger"]["amount"])
    assert first <= Decimal("9999.97") / 2, "a front-loaded schedule"
