"""The cases of docs/rules.md are played like vectors, and no arrangement is without one."""

from __future__ import annotations

from pathlib import Path

import pytest
import test_vectors
from tables import Row, rows

from billcli.core.arrangements import KINDS

CASES = [row for row in rows("../../docs/rules.md") if row["steps"]]


@pytest.mark.parametrize("row", CASES, ids=lambda row: row["case"])
def test_a_case_of_the_rules_page(row: Row, blank: Path, tmp_path: Path) -> None:
    test_vectors.test_a_story_on_a_matter(row, blank, tmp_path)


def test_every_arrangement_has_a_case() -> None:
    assert {row["matter"].split()[0] for row in CASES} == set(KINDS)
