"""Templates of the user: found, held in their sandbox, and faults named by file and line."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from cases import hourly_with_discount_tax_and_costs, paid_in_part_with_replenishment

from billcli.core.document import Party
from billcli.errors import NotFound, UsageProblem
from billcli.render.bill import BillTemplates

BILL = hourly_with_discount_tax_and_costs()
DOCS = Path(__file__).parents[2] / "docs" / "templates.md"


def write(folder: Path, name: str, text: str) -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def test_a_users_template_is_found_by_name_beside_the_ledger(tmp_path: Path) -> None:
    write(tmp_path, "short.md.j2", "{{ bill.number }}: {{ totals.total }}\n")
    assert BillTemplates(tmp_path).render(BILL, "md", "short") == "2026-0042: 1,746.00\n"


def test_a_users_bill_replaces_the_standard_one(tmp_path: Path) -> None:
    write(tmp_path, "bill.html.j2", "<p>{{ client.name }}</p>")
    templates = BillTemplates(tmp_path)
    assert templates.render(BILL, "html") == "<p>Ana Rivera</p>"
    assert templates.render(BILL, "md") == BillTemplates(None).render(BILL, "md")


def test_a_template_of_one_form_leaves_the_other_standard(tmp_path: Path) -> None:
    write(tmp_path, "letter.html.j2", "<p>ours</p>")
    templates = BillTemplates(tmp_path)
    assert templates.render(BILL, "html", "letter") == "<p>ours</p>"
    assert templates.render(BILL, "md", "letter") == templates.render(BILL, "md")


def test_a_file_takes_the_place_of_every_template(tmp_path: Path) -> None:
    file = write(tmp_path, "mine.md", "*{{ bill.number }}*")
    templates = BillTemplates(None, file)
    assert templates.render(BILL, "md", "whatever") == "*2026-0042*"
    with pytest.raises(UsageProblem) as caught:
        templates.render(BILL, "html")
    assert caught.value.code == "template.form"


def test_a_template_may_include_and_extend_others(tmp_path: Path) -> None:
    write(tmp_path, "_head.md.j2", "# {{ firm.name }}\n")
    write(tmp_path, "full.md.j2", '{% include "_head.md.j2" %}{% include "bill.md.j2" %}')
    templates = BillTemplates(tmp_path)
    assert templates.render(BILL, "md", "full").endswith(templates.render(BILL, "md"))
    assert templates.names("md") == ["full", "standard"]


@pytest.mark.parametrize("name", ["nothing", "../bill", "/etc/passwd", "a/b", ""])
def test_a_missing_template_lists_those_there_are(tmp_path: Path, name: str) -> None:
    write(tmp_path, "short.md.j2", "x")
    with pytest.raises(NotFound) as caught:
        BillTemplates(tmp_path).render(BILL, "md", name)
    assert caught.value.code == "template.missing"
    assert "short, standard" in caught.value.sentence


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound) as caught:
        BillTemplates(None, tmp_path / "none.md").render(BILL, "md")
    assert "none.md" in caught.value.sentence


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("one\n{{ bill.numbr }}\n", 2, "numbr"),
        ("{{ nothing }}", 1, "nothing"),
        ("a\nb\n{% for x in %}", 3, ""),
        ("{% if %}", 1, ""),
        ("a\n{{ 1 / 0 }}", 2, "zero"),
        ("{{ bill.number.nothing() }}", 1, "nothing"),
        ("a\n{{ fees.append(1) }}", 2, "unsafe"),
        ("{{ ''.__class__.__mro__ }}", 1, "__class__"),
        ("{{ bill.__class__ }}", 1, "__class__"),
        ("{{ bill.update({}) }}", 1, "update"),
        ("{% for a in range(1000000000) %}{% endfor %}", 1, ""),
        ("{{ 'x' * 1000000000 }}", 1, "small"),
        ("{{ 9 ** 9 ** 9 }}", 1, "small"),
        ('{% include "gone.md.j2" %}', 1, "gone"),
        ('{% include "../secret" %}', 1, "secret"),
        ('{% extends "bad.md.j2" %}', 1, ""),
        ("{{ 'x'.format_map }}{{ '%s' | attr('__class__') }}", 1, ""),
    ],
)
def test_a_fault_names_its_file_and_line(tmp_path: Path, text: str, line: int, words: str) -> None:
    write(tmp_path, "bad.md.j2", text)
    with pytest.raises(UsageProblem) as caught:
        BillTemplates(tmp_path).render(BILL, "md", "bad")
    assert caught.value.code == "template.fault"
    assert f'"bad.md.j2" line {line}' in caught.value.sentence
    assert words in caught.value.sentence


def test_a_template_that_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "bad.md.j2").write_bytes(b"\xff\xfe{{")
    with pytest.raises(UsageProblem) as caught:
        BillTemplates(tmp_path).render(BILL, "md", "bad")
    assert "UTF-8" in caught.value.sentence


def test_an_author_need_not_think_of_escaping(tmp_path: Path) -> None:
    text = (
        "{{ client.name }}|{{ client.name|upper }}|{{ client.name ~ '' }}|"
        "{% set who %}{{ client.name }}{% endset %}{{ who }}|"
        "{% macro show(x) %}{{ x }}{% endmacro %}{{ show(client.name) }}|"
        "{{ [client.name]|join(', ') }}"
    )
    bill = replace(BILL, client=Party("x", "<i>*a*"))
    write(tmp_path, "x.md.j2", text)
    write(tmp_path, "x.html.j2", text)
    escaped = r"\<i\>\*a\*"
    shown = BillTemplates(tmp_path).render(bill, "md", "x").split("|")
    assert shown == [escaped, escaped.upper(), escaped, escaped, escaped, escaped]
    plain = "&lt;i&gt;*a*"
    shown = BillTemplates(tmp_path).render(bill, "html", "x").split("|")
    assert shown == [plain, "&lt;I&gt;*A*", plain, plain, plain, plain]


def test_the_merge_fields_of_old_templates_work(tmp_path: Path) -> None:
    write(tmp_path, "m.md.j2", "{{ SP_FeeDiscountDescription }}/{{ BillRetainer_AmountDue }}")
    templates = BillTemplates(tmp_path)
    assert templates.render(BILL, "md", "m") == "Discount 10%/"
    assert templates.render(paid_in_part_with_replenishment(), "md", "m") == "/2,500.00"


def test_payment_instructions_get_the_number_safely(tmp_path: Path) -> None:
    write(tmp_path, "p.html.j2", "{{ payment|linked }}")
    write(tmp_path, "p.md.j2", "{{ payment|linked }}")
    firm = replace(
        BILL.firm,
        payment_instructions="Quote {number} {0} {x.__class__}: https://pay.example/{number}?a=1&b=2.",
    )
    templates = BillTemplates(tmp_path)
    bill = replace(BILL, firm=firm, number="A/7 <b>")
    assert templates.render(bill, "html", "p") == (
        "Quote A/7 &lt;b&gt; {0} {x.__class__}: "
        '<a href="https://pay.example/A%2F7%20%3Cb%3E?a=1&amp;b=2">'
        "https://pay.example/A%2F7%20%3Cb%3E?a=1&amp;b=2</a>."
    )
    assert "<https://pay.example/A%2F7%20%3Cb%3E?a=1&b=2>." in templates.render(bill, "md", "p")


def test_the_documented_example_works(tmp_path: Path) -> None:
    [example] = re.findall(r"```jinja[^\n]*\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    write(tmp_path, "reminder.md.j2", example)
    made = BillTemplates(tmp_path).render(paid_in_part_with_replenishment(), "md", "reminder")
    assert "Ana Rivera" in made and "USD 4,500.00" in made


def test_every_field_is_documented() -> None:
    from billcli.render.printing import printable
    from billcli.render.sandbox import Fields

    documented = DOCS.read_text(encoding="utf-8")
    for name, value in printable(BILL).items():
        assert f"`{name}`" in documented
        inner = value[0] if isinstance(value, list) and value else value
        for field in inner if isinstance(inner, Fields) else ():
            assert f"`{field}`" in documented or f"`{name}.{field}`" in documented, (name, field)
