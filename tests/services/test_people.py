"""Clients and timekeepers: added, changed, put away, and priced."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.usefixtures("ledger_path")


def test_a_client_is_shown_as_added(cli) -> None:
    added = cli(
        "client", "add", "rivera", "Ana Rivera", "--email", "ana@rivera.example",
        "--address", "88 Oak Avenue", "--address", "Austin, TX", "--terms", 14, "--tax-exempt",
        "--city", "Austin",
    )  # fmt: skip
    assert (added.code, added.out) == (0, "Client rivera added: Ana Rivera.\n")
    shown = cli("client", "show", "rivera", "--json").json
    assert shown["address"] == ["88 Oak Avenue", "Austin, TX"]
    assert (shown["terms_days"], shown["tax_exempt"], shown["details"]) == (
        14,
        True,
        {"city": "Austin"},
    )


def test_an_id_is_given_once(cli) -> None:
    cli("client", "add", "rivera", "Ana Rivera")
    again = cli("client", "add", "rivera", "Another")
    assert again.code == 3
    assert "There is a client" in again.err
    cli("timekeeper", "add", "MA", "Maria Alvarez", "--rate", 350)
    assert cli("timekeeper", "add", "MA", "Another", "--rate", 1).code == 3


def test_edit_changes_what_is_named_and_logs_only_that(cli) -> None:
    cli("client", "add", "rivera", "Ana Rivera", "--email", "a@b.example", "--terms", 14)
    assert cli("client", "edit", "rivera", "--email", "", "--no-terms").code == 0
    view = cli("client", "show", "rivera", "--json").json
    assert (view["name"], view["email"], view["terms_days"]) == ("Ana Rivera", None, None)
    last = cli("log", "--json").json[-1]
    assert last["before"] == {"email": "a@b.example", "terms_days": 14}
    assert last["after"] == {"email": None, "terms_days": None}


def test_a_client_is_shown_with_its_open_matters_alone(cli) -> None:
    for id_ in ("rivera", "ohm"):
        cli("client", "add", id_, "N")
        for number in ("1", "2"):
            cli("matter", "add", f"{id_}-{number}", "T", "--client", id_)
    assert cli("matter", "close", "rivera-2").code == 0
    edited = cli("client", "edit", "rivera", "--name", "Ana", "--json").json
    assert edited["matters_open"] == 1
    assert [each["matters_open"] for each in cli("client", "list", "--json").json] == [2, 1]


def test_edit_without_any_change_writes_no_log(cli) -> None:
    cli("client", "add", "rivera", "Ana Rivera")
    cli("timekeeper", "add", "MA", "Maria", "--rate", 350)
    before = cli("log", "--json").out
    assert cli("client", "edit", "rivera", "--name", "Ana Rivera").code == 0
    assert cli("timekeeper", "edit", "MA", "--rate", "350.00", "--name", "Maria").code == 0
    assert cli("log", "--json").out == before


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("client", "add", "a b", "X"), 2),
        (("client", "add", "x", " "), 2),
        (("client", "add", "x", "X", "--email", "no address"), 2),
        (("client", "add", "x", "X", "--terms", -1), 2),
        (("client", "edit", "rivera"), 2),
        (("client", "edit", "nobody", "--name", "N"), 4),
        (("client", "show", "rivra"), 4),
        (("client", "rate", "rivera", "XX", "300"), 4),
        (("client", "rate", "rivera", "MA", "-3"), 2),
        (("timekeeper", "add", "XY", "X"), 2),
        (("timekeeper", "add", "XY", "X", "--rate", "1,2"), 2),
        (("timekeeper", "add", "XY", "X", "--rate", "1", "--classification", "a partner"), 2),
        (("timekeeper", "edit", "MA"), 2),
    ],
)
def test_what_is_wrong_is_said_and_changes_nothing(cli, words, code: int) -> None:
    cli("client", "add", "rivera", "Ana Rivera")
    cli("timekeeper", "add", "MA", "Maria", "--rate", 350)
    before = cli("client", "list", "--json").out + cli("timekeeper", "list", "--json").out
    answer = cli(*words)
    assert (answer.code, answer.out) == (code, "")
    assert answer.err.startswith("error: ")
    assert cli("client", "list", "--json").out + cli("timekeeper", "list", "--json").out == before


def test_a_missing_client_names_the_nearest(cli) -> None:
    cli("client", "add", "rivera", "Ana Rivera")
    assert 'Did you mean "rivera"?' in cli("client", "show", "rivra").err


def test_an_archived_client_leaves_the_list_and_takes_no_matter(cli) -> None:
    cli("client", "add", "rivera", "Ana Rivera")
    assert cli("matter", "add", "2026-001", "I-130", "--client", "rivera").code == 0
    kept = cli("client", "archive", "rivera")
    assert kept.code == 3
    assert "2026-001" in kept.err
    assert cli("matter", "close", "2026-001").code == 0
    assert cli("client", "archive", "rivera").code == 0
    assert cli("client", "list", "--json").json == []
    assert [c["id"] for c in cli("client", "list", "--all", "--json").json] == ["rivera"]
    assert cli("matter", "add", "2026-002", "X", "--client", "rivera").code == 3
    assert cli("client", "unarchive", "rivera").code == 0
    assert cli("matter", "add", "2026-002", "X", "--client", "rivera").code == 0


def test_D_35_rates_of_client_activity_and_day(cli) -> None:
    cli("timekeeper", "add", "MA", "Maria", "--rate", 350)
    cli("timekeeper", "rate", "MA", 175, "--activity", "A112")
    cli("timekeeper", "rate", "MA", 400, "--from", "2026-11-15")
    for client in ("rivera", "ohm"):
        cli("client", "add", client, client)
    cli("client", "rate", "ohm", "MA", 300)
    cli("matter", "add", "M1", "T", "--client", "rivera")
    cli("matter", "add", "M2", "T", "--client", "ohm")

    def rate(matter: str, *words: object) -> str:
        added = cli("time", "add", matter, 1, "Work", "--tk", "MA", "--json", *words)
        return added.json["rate"]

    assert rate("M1", "--date", "2026-11-14") == "350.00"
    assert rate("M1", "--date", "2026-11-15") == "400.00"
    assert rate("M1", "--activity-code", "A112") == "175.00"
    assert rate("M2", "--activity-code", "A112") == "300.00"
    assert cli("timekeeper", "list", "--json").json[0]["rate"] == "400.00"


def test_an_archived_timekeeper_records_no_time(cli) -> None:
    cli("timekeeper", "add", "MA", "Maria", "--rate", 350)
    cli("client", "add", "rivera", "Ana")
    cli("matter", "add", "M1", "T", "--client", "rivera")
    assert cli("timekeeper", "edit", "MA", "--archive").code == 0
    assert cli("timekeeper", "list", "--json").json == []
    assert cli("time", "add", "M1", 1, "Work", "--tk", "MA").code == 3
    assert cli("timekeeper", "edit", "MA", "--no-archive").code == 0
    assert cli("time", "add", "M1", 1, "Work", "--tk", "MA").code == 0


def test_B10_names_are_kept_as_typed_on_one_line_and_never_obeyed(cli) -> None:
    name = 'R&D | "Smith" <b> *x* `y` \x1b[31m 山田 שלום\nline two'
    assert cli("client", "add", "x", name).code == 0
    listed = cli("client", "list")
    assert "\x1b" not in listed.out
    assert "\\x1b[31m" in listed.out
    assert cli("client", "list", "--json").json[0]["name"] == name.replace("\n", " ")
    assert len(cli("client", "list", "--csv").out.splitlines()) == 2


def test_lists_are_empty_at_first(cli) -> None:
    for noun in ("client", "timekeeper", "workflow"):
        assert cli(noun, "list", "--json").out == "[]\n"
        answer = cli(noun, "list")
        assert (answer.code, answer.out) == (0, "")
        assert "yet" in answer.err
