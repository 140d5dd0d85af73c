"""Which files a template takes in: told by its text alone, or by Jinja where a name is computed."""

from __future__ import annotations

from pathlib import Path

import pytest

from billcli.errors import BillError
from billcli.render.bill import BillTemplates


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("{{ bill.number }}", []),
        ("{% include 'a.j2' %}", ["a.j2"]),
        ('{%- include "a.j2" -%}', ["a.j2"]),
        ("{% include 'a.j2' ignore missing with context %}", ["a.j2"]),
        ("{% import 'a.j2' as a %}{% from 'b.j2' import x %}", ["a.j2", "b.j2"]),
        ("{% extends 'a.j2' %}", ["a.j2"]),
        ("{% include ['gone.j2', 'b.j2'] %}", ["b.j2"]),
        ("{% include 'a.j2' if bill.number else 'b.j2' %}", ["a.j2", "b.j2", "c.j2"]),
        ("{% include 'a' ~ '.j2' ~ bill.mark %}", ["a.j2", "b.j2", "c.j2"]),
        ("{% include bill.number %}", ["a.j2", "b.j2", "c.j2"]),
        ("{% include 'nested.j2' %}", ["a.j2", "nested.j2"]),
        ("{% include 'gone.j2' %}", []),
    ],
)
def test_a_template_is_gathered_with_what_it_includes(
    tmp_path: Path, text: str, taken: list[str]
) -> None:
    for name in ("a", "b", "c"):
        (tmp_path / f"{name}.j2").write_text(name)
    if "nested" in text:
        (tmp_path / "nested.j2").write_text("{% include 'a.j2' %}")
    (tmp_path / "mine.md.j2").write_text(text)
    found = BillTemplates(tmp_path).texts("md", "mine")
    own = {"mine.md.j2", *(path.name for path in tmp_path.iterdir() if "nested" not in path.name)}
    assert found.name == "mine.md.j2"
    assert sorted(set(found.files) & (own | {"nested.j2"}) - {"mine.md.j2"}) == taken
    assert found.files["mine.md.j2"] == text


def test_a_template_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BillError) as refused:
        BillTemplates(tmp_path).texts("md", "mine")
    assert refused.value.code == "template.missing"


def test_a_template_that_can_not_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "mine.md.j2").write_text("{% include bill.number ")
    with pytest.raises(BillError, match=r"mine\.md\.j2") as refused:
        BillTemplates(tmp_path).texts("md", "mine")
    assert refused.value.code == "template.fault"
