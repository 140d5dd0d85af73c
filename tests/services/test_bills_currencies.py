"""A month end in currencies without cents and with thousandths (B11)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from offices import Answer, new_ledger

from billcli.services.upkeep import soundness


@pytest.mark.parametrize(
    ("currency", "rate", "fee", "cost", "discount", "total", "part", "rest", "finer"),
    [
        ("JPY", "33333", "56666", "4500", "5667", "55499", "55000", "499", "0.5"),
        ("KWD", "33.335", "56.670", "4.500", "5.667", "55.503", "55.000", "0.503", "0.0001"),
        ("USD", "33.33", "56.66", "4.50", "5.67", "55.49", "55.00", "0.49", "0.001"),
    ],
)
def test_B11_a_month_end_in_its_own_currency(
    tmp_path: Path,
    cli: Callable[..., Answer],
    currency: str,
    rate: str,
    fee: str,
    cost: str,
    discount: str,
    total: str,
    part: str,
    rest: str,
    finer: str,
) -> None:
    path = new_ledger(tmp_path / "ledger.db", currency=currency)
    for words in (
        f"timekeeper add ma Alvarez --rate {rate}",
        "client add rivera Rivera",
        "matter add 2026-001 Lease --client rivera",
        "time add 2026-001 1.7 Work",
        f"expense add 2026-001 {cost} Fee",
        "matter billing 2026-001 --discount 10%",
    ):
        done = cli(*words.split())
        assert done.code == 0, done.err
    seen = cli("bill", "preview", "2026-001", "--json").json
    run = cli(
        "mass", "run", "--through", "2026-11", "--issue", "--out", tmp_path / "bills", "--json"
    )
    assert (run.code, run.json["total"]) == (0, total)
    made = cli("bill", "show", "2026-0001", "--json").json
    found = {key: made[key] for key in ("currency", "fees", "costs", "discount", "total")}
    assert found == {
        "currency": currency, "fees": fee, "costs": cost, "discount": discount, "total": total,
    }  # fmt: skip
    assert {key: seen[key] for key in found} == found
    page = (tmp_path / "bills" / "2026-0001.md").read_text()
    whole, dot, fraction = total.partition(".")
    assert f"Balance due: {currency} {int(whole):,}{dot}{fraction}" in page
    fine = cli("payment", "add", "2026-0001", finer)
    assert fine.code == 2
    assert "decimals" in fine.err
    assert cli("payment", "add", "2026-0001", part).code == 0
    (row,) = cli("report", "ageing", "--json").json
    assert row["total"] == rest
    assert cli("payment", "add", "2026-0001", rest).code == 0
    assert cli("bill", "show", "2026-0001", "--json").json["state"] == "paid"
    assert soundness.check(path).findings == ()
