"""One setting at a time: what `firm set` takes and `firm show` prints."""

from __future__ import annotations

from pathlib import Path

import pytest

from billcli.errors import UsageProblem
from billcli.formats.firm import read_file
from billcli.formats.firm.settings import read_setting, setting_keys, setting_text

MAXIMAL = Path(__file__).with_name("maximal.toml")


@pytest.mark.parametrize(
    ("key", "typed", "stored", "value", "shown"),
    [
        ("firm.name", " Pell ", "firm.name", "Pell", "Pell"),
        ("firm.address", "a; b", "firm.address", ["a", "b"], "a; b"),
        ("billing.terms_days", "14", "billing.terms_days", 14, "14"),
        ("billing.min_bill", "1,250.50", "billing.min_bill_cents", 125_050, "1250.50"),
        ("billing.discount", "10%", "billing.discount", {"percent_e4": 100_000}, "10%"),
        ("billing.origination", "12.5%", "billing.origination_e4", 125_000, "12.5"),
        ("billing.rounding", "half_up", "billing.rounding", "half-up", "half-up"),
        ("billing.retainer", "on", "billing.retainer", True, "true"),
        ("trust.holds.wire", "2", "trust.holds.wire", 2, "2"),
        (
            "billing.replenish.minimum",
            "5000",
            "billing.replenish.minimum_cents",
            500_000,
            "5000",
        ),
    ],
)
def test_a_setting_is_read_and_shown(
    key: str, typed: str, stored: str, value: object, shown: str
) -> None:
    assert read_setting(key, typed, currency="USD") == (stored, value)
    assert setting_text(stored, value, currency="USD") == (key, shown)


@pytest.mark.parametrize(
    ("key", "typed", "sentence"),
    [
        ("billing.termsdays", "3", '"billing.termsdays" isn\'t a setting of the firm.'),
        ("firm", "3", '"firm" isn\'t a setting of the firm.'),
        ("", "3", '"" isn\'t a setting of the firm.'),
        (
            "billing.terms_days",
            "x",
            'billing.terms_days is "x"; a whole number is wanted.',
        ),
        ("billing.terms_days", "9" * 100, "billing.terms_days is "),
        (
            "billing.retainer",
            "maybe",
            'billing.retainer is "maybe"; true or false is wanted.',
        ),
        ("trust.holds.wire", "91", "trust.holds.wire is above 90."),
        (
            "firm.timezone",
            "Mars/Base",
            'firm.timezone: "Mars/Base" isn\'t a time zone.',
        ),
        ("firm.name", "a\0b", "firm.name holds a NUL character."),
    ],
)
def test_a_setting_that_cannot_be_is_refused(key: str, typed: str, sentence: str) -> None:
    with pytest.raises(UsageProblem) as caught:
        read_setting(key, typed, currency="USD")
    assert caught.value.sentence.startswith(sentence)


def test_every_setting_of_a_file_can_be_shown_and_typed_again() -> None:
    firm = read_file(MAXIMAL)
    shown = {setting_text(stored, value, currency="EUR") for stored, value in firm.settings.items()}
    assert {key for key, _ in shown} == set(setting_keys())
    again = dict(read_setting(key, text, currency="EUR") for key, text in shown)
    assert again == firm.settings
