"""Whatever stands in a firm file, it is read or refused in a sentence."""

from __future__ import annotations

import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import tomli_w
from hypothesis import given, settings
from hypothesis import strategies as st

from billcli.errors import UsageProblem
from billcli.formats.firm import model, read, write
from billcli.values.text import visible

MAXIMAL = Path(__file__).with_name("maximal.toml").read_text(encoding="utf-8")
SCALARS: st.SearchStrategy[Any] = (
    st.just("")
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.dates()
    | st.datetimes()
    | st.text(max_size=30)
    | st.sampled_from(["fixed", "1h30m", "10%", "-5", "1,500.00", "2026-11-03", "\0", "\u202e"])
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["name", "kind", "trigger", "id", "ü"]), inner, max_size=3
        )
    ),
    max_leaves=6,
)


def read_or_refuse(text: str) -> None:
    try:
        firm = read(text, "firm.toml")
    except UsageProblem as problem:
        assert visible(problem.sentence) == problem.sentence
        assert problem.code.startswith("firm-file.")
    else:
        assert read(write(firm), "again.toml") == firm


def paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    if isinstance(value, dict):
        for key, inner in value.items():
            found += paths(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            found += paths(inner, (*path, index))
    return found


def document() -> dict[str, Any]:
    return tomllib.loads(MAXIMAL, parse_float=Decimal)


PATHS = paths(document())


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(PATHS), VALUES)
def test_any_value_at_any_place_is_read_or_refused(path: tuple[Any, ...], value: Any) -> None:
    mutated = document()
    table: Any = mutated
    for key in path[:-1]:
        table = table[key]
    table[path[-1]] = value
    read_or_refuse(tomli_w.dumps(mutated))


@settings(max_examples=80, deadline=None)
@given(st.integers(0, len(MAXIMAL)), st.integers(0, 40), st.text(max_size=10))
def test_any_slip_of_the_hand_is_read_or_refused(start: int, length: int, typed: str) -> None:
    read_or_refuse(MAXIMAL[:start] + typed + MAXIMAL[start + length :])


@settings(max_examples=50, deadline=None)
@given(
    st.integers(0, 10**12),
    st.integers(0, 10**9),
    st.integers(1, 240_000),
    st.dates(date(1900, 1, 1), date(2200, 12, 31)),
    st.sampled_from(["USD", "JPY", "KWD"]),
)
def test_every_amount_rate_and_hour_survives_the_file(
    cents: int, rate_e4: int, hours_e4: int, day: date, currency: str
) -> None:
    firm = model.FirmFile(
        currency=currency,
        settings={"firm.currency": currency, "billing.quote_cents": cents},
        timekeepers=(model.Timekeeper("A", "A", rate_e4),),
        matters=(
            model.Matter(
                "1",
                "T",
                client="c",
                time=(model.TimeEntry(day, "A", hours_e4, "d", rate_e4=rate_e4),),
                arrangement=model.Arrangement("capped", {"value_cents": cents}),
            ),
        ),
    )
    assert read(write(firm), "firm.toml") == firm
