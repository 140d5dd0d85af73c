"""What is written reads the same again, and what the file says is what the values hold."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from billcli.assets import sample_firm
from billcli.core.arrangements import KINDS
from billcli.core.arrangements.fixed import BILL_WHEN
from billcli.formats.firm import model, read, read_file, write

MAXIMAL = Path(__file__).with_name("maximal.toml")


@pytest.mark.parametrize("path", [sample_firm(), MAXIMAL], ids=lambda path: path.stem)
def test_reading_what_was_written_gives_the_same_firm(path: Path) -> None:
    firm = read_file(path)
    written = write(firm)
    assert read(written, "again.toml") == firm
    assert write(read(written, "again.toml")) == written


@pytest.mark.parametrize("path", [sample_firm(), MAXIMAL], ids=lambda path: path.stem)
def test_no_binary_fraction_is_written(path: Path) -> None:
    def fractions(value: Any) -> bool:
        if isinstance(value, dict):
            return any(map(fractions, value.values()))
        if isinstance(value, list):
            return any(map(fractions, value))
        return isinstance(value, float)

    assert not fractions(tomllib.loads(write(read_file(path))))


def test_units_are_whole_numbers_and_words_have_hyphens() -> None:
    firm = read_file(MAXIMAL)
    matter = firm.matters[0]
    assert firm.currency == "EUR"
    assert firm.settings["billing.discount"] == {"cents": 1225}
    assert firm.settings["billing.replenish.minimum_cents"] == 500_000
    assert firm.settings["billing.rounding"] == "half-up"
    assert firm.settings["trust.firm_nominal_limit_cents"] == 9_999
    assert firm.settings["trust.holds.check"] == 5
    assert firm.settings["firm.payment_instructions"] == "By transfer, naming {number}.\nThank you."
    assert firm.taxes[0].rates == (
        model.TaxRate(date(2020, 1, 1), 210_000),
        model.TaxRate(date(2026, 7, 1), 235_000),
    )
    assert firm.timekeepers[0].rate_e4 == 3_121_250
    assert firm.timekeepers[0].activity_rates == {"A109": 1_750_000}
    assert firm.clients[0].rates == {"AP": 3_000_000}
    assert firm.clients[0].ebilling["min_increment_e4"] == 1_000
    assert firm.workflows[0].tasks[0].trigger == model.Trigger(
        percent_e4=333_333, description="First part"
    )
    assert matter.arrangement == model.Arrangement(
        "capped-recurring-reserve",
        {
            "value_cents": 400_000,
            "rate_cap_e4": 2_995_000,
            "every": "quarter",
            "anchor": "2026-01-31",
            "from": "2026-09-01",
            "basis": "bill",
            "covers": "fees-and-costs",
            "bill_when": "schedule",
            "timing": "advance",
            "reserve_limit_cents": 200_000,
            "contingent_value_cents": 350_001,
            "lifetime_max_cents": 9_000_000,
            "agreement": "Letter of 1 September 2026",
            "fresh": True,
            "prorate": True,
        },
    )
    assert matter.billing["email"] == ["a@byrne.example", "b@byrne.example"]
    assert matter.billing["discount"] == {"percent_e4": 75_000}
    assert matter.billing["replenish"] == {
        "minimum_cents": 10_000,
        "trigger_cents": 10_000,
    }
    assert matter.billing["split"] == {"byrne": 666_700, "other": 333_300}
    assert matter.billing["status"] == "use-matter"
    assert matter.time[0].hours_e4 == 13_333
    assert matter.tasks[2].trigger == model.Trigger(remainder=True)
    assert matter.trust_deposits[0].from_ == "Byrne's bank"
    assert firm.matters[1].billing == {"terms": 30}


@pytest.mark.parametrize(
    ("currency", "written", "cents"),
    [("USD", "1,500.5", 150_050), ("JPY", "1500", 1_500), ("KWD", "1.005", 1_005)],
)
def test_B11_amounts_have_the_decimals_of_the_currency(
    currency: str, written: str, cents: int
) -> None:
    text = f'[firm]\ncurrency = "{currency}"\n[billing]\nquote = "{written}"\n'
    firm = read(text, "firm.toml")
    assert firm.settings["billing.quote_cents"] == cents
    assert read(write(firm), "again.toml") == firm


def test_a_file_without_a_currency_is_read_in_that_of_the_ledger() -> None:
    firm = read("[billing]\nquote = 1500\n", "firm.toml", currency="JPY")
    assert (firm.currency, firm.settings) == ("JPY", {"billing.quote_cents": 1_500})


def test_amounts_are_never_binary_fractions_on_the_way_in() -> None:
    text = "[billing]\nquote = 100000000000.07\nmin_bill = 0.29\n"
    settings = read(text, "firm.toml").settings
    assert settings == {
        "billing.quote_cents": 10_000_000_000_007,
        "billing.min_bill_cents": 29,
    }


def test_an_empty_file_is_an_empty_firm() -> None:
    assert read("", "firm.toml") == model.FirmFile()
    assert read(write(model.FirmFile()), "firm.toml") == model.FirmFile()


def test_B10_a_name_with_any_marks_comes_back_as_it_was() -> None:
    name = 'R&D | "Smith" <b> *x* `y` \\ 日本 🙂 [red]'
    firm = model.FirmFile(clients=(model.Client("c", name),))
    assert read(write(firm), "firm.toml").clients[0].name == name


def test_a_list_that_is_empty_on_purpose_stays_empty() -> None:
    matter = model.Matter("1", "T", client="c", billing={"email": [], "exclude_from_mass": False})
    firm = model.FirmFile(matters=(matter,))
    assert read(write(firm), "firm.toml") == firm


def test_the_sample_firm_shows_what_a_month_end_needs() -> None:
    firm = read_file(sample_firm())
    kinds = {
        (matter.arrangement.kind, matter.arrangement.terms.get("bill_when"))
        for matter in firm.matters
        if matter.arrangement
    }
    assert len(firm.matters) >= 10
    assert {kind for kind, _ in kinds} >= {"hourly", "capped", "fixed"}
    assert {when for _, when in kinds} >= {"completion", "start", "milestones"}
    assert {entry.date.month for matter in firm.matters for entry in matter.time} == {9, 10}
    assert any(matter.billing.get("exclude_from_mass") for matter in firm.matters)
    assert any(matter.billing.get("status") == "closed" for matter in firm.matters)
    behaviors = {entry.behavior for matter in firm.matters for entry in matter.time}
    assert behaviors >= {"no-charge", "hide", "non-billable"}


def test_the_sample_firm_shows_every_arrangement() -> None:
    firm = read_file(sample_firm())
    kinds = {m.arrangement.kind for m in firm.matters if m.arrangement is not None}
    assert kinds == set(KINDS)
    fixed = [
        m.arrangement.terms for m in firm.matters if m.arrangement and m.arrangement.kind == "fixed"
    ]
    assert {terms.get("bill_when", "completion") for terms in fixed} == set(BILL_WHEN)


def test_the_sample_firm_names_only_what_it_has() -> None:
    firm = read_file(sample_firm())
    clients = {client.id for client in firm.clients}
    people = {timekeeper.id for timekeeper in firm.timekeepers}
    categories = {category.name for category in firm.expense_categories}
    for matter in firm.matters:
        internal = matter.arrangement is not None and matter.arrangement.kind == "internal"
        assert (matter.client is None) if internal else (matter.client in clients)
        assert {
            matter.responsible,
            *matter.rates,
            *(e.timekeeper for e in matter.time),
        } <= people
        assert {expense.category for expense in matter.expenses} <= categories
        days = [entry.date for entry in matter.time] + [cost.date for cost in matter.expenses]
        assert [day for day in days if day.weekday() > 4] == []
    case_types = {workflow.case_type for workflow in firm.workflows}
    assert {matter.case_type for matter in firm.matters} - {None} == case_types
