"""Whatever is typed into a name prints as it was typed, and does nothing else (B9, B10)."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest
from cases import BILL_DAY, document, milestones_reached, order, spent, worked
from hypothesis import given, settings
from hypothesis import strategies as st
from reading import Page, of_markdown

from billcli.core.arrangements.hourly import Hourly
from billcli.core.bill import compute
from billcli.core.document import BillDocument, Letterhead, Milestone, Party, Receipt
from billcli.core.tax import TaxCode, TaxRules
from billcli.render.bill import BillTemplates

TEMPLATES = BillTemplates(None)
NASTY = [
    'R&D | "Smith" <b>',
    "*x*",
    "`y` and ``z``",
    "_a_ ~~b~~ [c](d) ![e](f)",
    "&amp; &#65; &lt;script&gt;",
    "<script>alert(1)</script>",
    "</style><img src=x onerror=alert(1)>",
    "שלום עולם 5",
    "مرحبا (x)",
    "漢字とかな",
    "😀👩‍⚖️",
    "{{ 7*7 }} {% raw %}",
    "# no heading",
    "1. no list",
    "- nor this",
    "back\\slash | pipe \\| both",
    "https://pay.example/a_b?c=1&d=2",
    "$1 {0} {number} %s",
    "'; DROP TABLE bill; --",
    "+1 512",
    "|",
    "~~~",
    "==",
]


def filled_with(text: str) -> BillDocument:
    """A bill that has the text in every field that a person can type."""
    made = order(
        Hourly(),
        replace(worked(1, 10_000, 3_500_000, text, who="MA"), timekeeper_name=text),
        replace(worked(2, 10_000, 3_500_000, text, who="JB"), timekeeper_name=text),
        replace(
            worked(3, 10_000, 0, text), kind="charge", hours_e4=None, rate_e4=None, task_number=1
        ),
        costs=(spent(1, 8_000, text, taxable=True),),
    )
    tax = TaxRules(TaxCode(text, text, "both", ((date(2020, 1, 1), 200_000),)))
    bill = replace(compute(replace(made, tax=tax)), discount_cents=1, discount_label=text)
    return replace(
        document(bill),
        number=text,
        firm=Letterhead(text, (text, text), text, text, text, text, None, text),
        client=Party("rivera", text, (text, text), text),
        matter_number=text,
        matter_title=text,
        client_matter_id=text,
        milestones=(Milestone(1, text, BILL_DAY, text, text),),
        receipts=(Receipt(BILL_DAY, text, 100, text),),
        note=text,
    )


@pytest.mark.parametrize("text", NASTY)
def test_B10_html_shows_every_field_as_typed(text: str) -> None:
    page = Page(TEMPLATES.render(filled_with(text), "html"))
    assert page.faults == []
    # Every place but where the tax code and the number are part of a longer text.
    assert page.text.count(text.strip()) >= 25
    assert not {"script", "b", "img", "iframe", "object"} & {tag for tag, _ in page.tags}
    assert "&amp;amp;" not in TEMPLATES.render(filled_with("R&D"), "html")


@pytest.mark.parametrize("text", NASTY)
def test_B10_markdown_shows_every_field_as_typed(text: str) -> None:
    made = TEMPLATES.render(filled_with(text), "md")
    page, calm = of_markdown(made), of_markdown(TEMPLATES.render(filled_with("calm"), "md"))
    assert page.faults == []
    tags = {tag for tag, _ in page.tags}
    assert not {"script", "b", "img", "em", "code", "s"} & tags
    shape = {name: [len(row) for row in rows] for name, rows in page.tables.items()}
    assert shape == {name: [len(row) for row in rows] for name, rows in calm.tables.items()}
    assert page.text.count(text) >= 15
    for row in page.tables["Work"][1:3]:
        assert row[1:3] == [text, text]


@given(text=st.text(min_size=1, max_size=30).filter(lambda text: text.strip()))
@settings(max_examples=60, deadline=None)
def test_B10_any_text_leaves_the_page_whole(text: str) -> None:
    bill = filled_with(text)
    made = TEMPLATES.render(bill, "html")
    page = Page(made)
    assert page.faults == []
    assert [len(row) for row in page.tables["Work"]] == [6, 6, 6, 6, 6]
    table = of_markdown(TEMPLATES.render(bill, "md")).tables["Work"]
    assert [len(row) for row in table] == [6, 6, 6, 6, 6]
    for form in ("html", "md"):
        assert not re.search(
            "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]", TEMPLATES.render(bill, form)
        )


def test_B10_control_characters_are_shown_not_obeyed() -> None:
    bill = filled_with("red \x1b[31m bell \x07 turned \u202e back")
    for form in ("md", "html"):
        made = TEMPLATES.render(bill, form)
        assert "\x1b" not in made and "\x07" not in made and "\u202e" not in made
        # Markdown's own backslash is doubled, and a bracket is escaped.
        assert ("\\x1b[31m" if form == "html" else "\\\\x1b\\[31m") in made


def test_B10_a_narrative_keeps_its_lines_in_html_and_its_row_in_markdown() -> None:
    bill = filled_with("first\nsecond\r\nthird")
    assert "first\nsecond\nthird" in Page(TEMPLATES.render(bill, "html")).text
    assert "first second third" in TEMPLATES.render(bill, "md")


def test_B10_text_of_both_directions_is_kept_apart() -> None:
    made = TEMPLATES.render(filled_with("שלום"), "html")
    for place in re.finditer("<(td|div|p|span|strong|bdi|th)([^>]*)>שלום<", made):
        assert place[1] == "bdi" or 'dir="auto"' in place[2] or place[1] == "th", place[0]


def test_a_bill_fetches_and_runs_nothing() -> None:
    logo = "data:image/png;base64,iVBORw0KGgo="
    for given_logo, shown in ((logo, True), ("https://evil.example/x.png", False)):
        bill = milestones_reached()
        bill = replace(bill, firm=replace(bill.firm, logo=given_logo))
        made = TEMPLATES.render(bill, "html")
        page = Page(made)
        assert (logo in made) is shown
        assert "url(" not in made and "@import" not in made
        assert not {"script", "link", "iframe", "object", "embed"} & {tag for tag, _ in page.tags}
        for tag, attributes in page.tags:
            assert not any(name.startswith("on") for name in attributes)
            if tag == "img":
                assert (attributes["src"] or "").startswith("data:image/")


def test_html_is_read_aloud_well() -> None:
    made = TEMPLATES.render(milestones_reached(), "html")
    page = Page(made)
    tables = [attributes for tag, attributes in page.tags if tag == "table"]
    assert len(tables) == sum(tag == "caption" for tag, _ in page.tags)
    assert all("scope" in attributes for tag, attributes in page.tags if tag == "th")
    assert made.startswith("<!DOCTYPE html>") and ("html", {"lang": "en"}) in page.tags
    assert sum(tag == "h1" for tag, _ in page.tags) == 1


@pytest.mark.parametrize(("page", "size"), [("a4", "size: A4;"), ("letter", "size: letter;")])
def test_the_paper_is_the_firms(page: str, size: str) -> None:
    bill = milestones_reached()
    made = TEMPLATES.render(replace(bill, firm=replace(bill.firm, page=page)), "html")
    assert size in made and 'counter(page) " of " counter(pages)' in made


def test_B10_the_number_in_the_margin_cannot_leave_its_quotes() -> None:
    bill = replace(milestones_reached(), number='7";} </style> body{display:none}')
    style = TEMPLATES.render(bill, "html").split("</style>")[0]
    margin = style[style.rindex("content:") :]
    assert margin.count('"') == 2 and "display:none" not in margin


def test_B9_five_hundred_entries_and_a_long_narrative_render() -> None:
    entries = [worked(1000 + i, 1_000, 3_500_000, f"Note {i}") for i in range(500)]
    story = "The witness saw the lorry. " * 760
    assert len(story) > 20_000
    bill = document(compute(order(Hourly(), *entries, worked(9, 10_000, 3_500_000, story))))
    page = Page(TEMPLATES.render(bill, "html"))
    assert page.faults == []
    assert len(page.tables["Work"]) == 1 + 501 + 1
    assert story.strip() in page.text
    assert len(of_markdown(TEMPLATES.render(bill, "md")).tables["Work"]) == 1 + 501 + 1
