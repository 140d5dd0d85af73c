"""Bills byte for byte: a change in their look is seen, and meant."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from cases import CASES, hourly_with_discount_tax_and_costs

from billcli.core.document import BillDocument
from billcli.render.bill import BillTemplates

HERE = Path(__file__).parent
TEMPLATES = BillTemplates(None)


@pytest.mark.parametrize("form", ["md", "html"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_golden_bill(
    case: Callable[[], BillDocument], form: str, request: pytest.FixtureRequest
) -> None:
    file = HERE / f"{case.__name__.replace('_', '-')}.{form}"
    made = TEMPLATES.render(case(), form).encode()
    if request.config.getoption("--update-golden", default=False):
        file.write_bytes(made)
    assert made == file.read_bytes()


def test_v25_is_the_bill_of_the_golden_file() -> None:
    bill = hourly_with_discount_tax_and_costs().bill
    assert (
        bill.fees_cents,
        bill.discount_cents,
        bill.costs_cents,
        bill.total_cents,
    ) == (
        125_000,
        12_500,
        38_000,
        174_600,
    )


def test_every_golden_file_has_its_case() -> None:
    expected = {
        f"{case.__name__.replace('_', '-')}.{form}" for case in CASES for form in ("md", "html")
    }
    assert {path.name for path in HERE.iterdir() if path.suffix in (".md", ".html")} == expected
