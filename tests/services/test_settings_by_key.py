"""One setting of the firm at a time."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.usefixtures("ledger_path")


def test_a_setting_is_set_shown_and_taken_back(cli) -> None:
    assert cli("firm", "set", "billing.terms_days", "14").out == "billing.terms_days is now 14.\n"
    assert cli("firm", "show", "--json").json["billing"]["terms_days"] == 14
    assert cli("firm", "unset", "billing.terms_days").out == "billing.terms_days is back at 30.\n"
    assert cli("firm", "show", "--json").json["billing"]["terms_days"] == 30


@pytest.mark.parametrize(
    ("key", "typed", "shown"),
    [
        ("firm.address", "1 Main St; Austin", ["1 Main St", "Austin"]),
        ("firm.address", '["1 Main St; Rear", "Austin"]', ["1 Main St; Rear", "Austin"]),
        ("billing.rounding", "half-up", "half_up"),
        ("billing.rounding", "half_up", "half_up"),
        ("billing.min_bill", "1,500", "1500.00"),
        ("billing.discount", "12.5%", {"percent": "12.5"}),
        ("billing.number_format", "R-{seq:05}", "R-{seq:05}"),
        ("billing.exclude_from_mass", "on", True),
        ("trust.holds.check", "7", None),
        ("firm.timezone", "America/Chicago", "America/Chicago"),
    ],
)
def test_values_are_read_as_the_firm_file_reads_them(cli, key: str, typed: str, shown) -> None:
    assert cli("firm", "set", key, typed).code == 0
    group, _, name = key.partition(".")
    settings = cli("firm", "show", "--json").json
    if name == "holds.check":
        assert settings["trust"]["holds"]["check"] == 7
    else:
        assert settings[group][name] == shown
    assert key in cli("firm", "show").out


@pytest.mark.parametrize(
    ("key", "typed", "said"),
    [
        ("billing.trms_days", "3", 'Did you mean "billing.terms_days"?'),
        ("tax", "3", "isn't a setting"),
        ("billing.terms_days", "soon", "billing.terms_days"),
        ("billing.terms_days", "4000", "billing.terms_days"),
        ("billing.tax", "XX", "there is no tax code"),
        ("billing.originator", "XX", "there is no timekeeper"),
        ("billing.number_format", "{seq}{seq}", "billing.number_format"),
        ("billing.number_format", "{year}", "billing.number_format"),
        ("billing.replenish.minimum", "500", "minimum and a trigger"),
        ("firm.timezone", "America/Chicgo", 'Did you mean "America/Chicago"?'),
        ("firm.currency", "dollars", "firm.currency"),
        ("email.security", "none", "this machine"),
        ("firm.address", '["open', "firm.address"),
    ],
)
def test_what_is_wrong_is_said_and_changes_nothing(cli, key: str, typed: str, said: str) -> None:
    before = cli("firm", "show", "--json").out
    refused = cli("firm", "set", key, typed)
    assert (refused.code, refused.out) == (2, "")
    assert said in refused.err
    assert cli("firm", "show", "--json").out == before


def test_B11_the_currency_is_fixed_once_there_is_money(cli) -> None:
    assert cli("firm", "set", "firm.currency", "JPY").code == 0
    assert cli("firm", "set", "firm.currency", "USD").code == 0
    cli("client", "add", "rivera", "Ana")
    cli("timekeeper", "add", "MA", "Maria", "--rate", 350)
    cli("matter", "add", "M1", "T", "--client", "rivera")
    cli("expense", "add", "M1", "20.00", "Copies")
    refused = cli("firm", "set", "firm.currency", "EUR")
    assert refused.code == 3
    assert "USD" in refused.err
    assert "expenses" in refused.err
    assert cli("firm", "set", "firm.currency", "USD").code == 0
    assert cli("firm", "unset", "firm.currency").code == 0


def test_setting_the_same_again_logs_nothing(cli) -> None:
    cli("firm", "set", "firm.name", "Alvarez Law")
    before = cli("log", "--json").out
    assert cli("firm", "set", "firm.name", "Alvarez Law").code == 0
    assert cli("log", "--json").out == before


def test_the_settings_as_csv_and_as_a_table(cli) -> None:
    lines = cli("firm", "show", "--csv").out.splitlines()
    assert lines[0] == "key,value,source"
    assert "billing.terms_days,30,built in" in lines


def test_a_tab_in_a_line_is_said_to_be_one(cli) -> None:
    told = cli("firm", "set", "firm.name", "Byrne\tLaw")
    assert told.code == 2
    assert "firm.name holds a tab or a line break" in told.err
    assert "Write it on one line, with blanks." in told.err
