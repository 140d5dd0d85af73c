"""Typed text is kept as typed, and shown where it goes without being obeyed there."""

from __future__ import annotations

import csv
import io
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from billcli.errors import UsageProblem
from billcli.values import text as texts

modest = settings(max_examples=100, deadline=None)
RENDERER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
anything = st.one_of(
    st.text(alphabet=st.characters(), max_size=40),
    st.text(alphabet="ab1 -+*_`~#|\\[]()<>&;:!=.\"'/\n\t\x00\x1b\u202e", max_size=20),
)

AWKWARD = (
    'R&D | "Smith" <b>',
    "*x*",
    "**x** __y__",
    "`y`",
    "a\\|b",
    "a\\",
    "|",
    "\\",
    "# Heading",
    "Closing #",
    "- item",
    "+ item",
    "1. item",
    "12) item",
    "2026. A year",
    "> quote",
    "---",
    "***",
    "___",
    "===",
    ":--",
    "~~~",
    "~~gone~~",
    "[a](javascript:alert(1))",
    "![a](b)",
    "[a]: /b",
    "<https://evil.example>",
    "https://evil.example/a_b*c",
    "www.evil.example",
    "&amp; &#60; &lt; AT&T",
    "<script>alert(1)</script>",
    "<!-- x -->",
    "שלום עולם",
    "株式会社 山田 👩\u200d👧",
    "    four blanks",
    "snake_case_word",
    "'quoted'",
)


def printed(markdown: str) -> str:
    """What a reader sees of the first block of text, with nothing but text allowed in it."""
    [inline] = [token for token in RENDERER.parse(markdown) if token.type == "inline"][:1]
    assert {child.type for child in inline.children or []} <= {"text", "text_special", "softbreak"}
    return "".join(child.content or "\n" for child in inline.children or [])


def test_text_is_kept_as_typed_without_the_blanks_around_it() -> None:
    for typed in ("Smith & Co", "  Smith  ", "ünï 株式", "a\nb", "tab\there", "*x*", "\x1b[31m"):
        assert texts.read_text(typed, "name") == typed.strip()
    assert texts.read_text("  ", "note", required=False) == ""
    assert texts.read_text("x" * 200, "name") == "x" * 200
    assert texts.read_text("x" * 20_000, "narrative", longest=20_000) == "x" * 20_000


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "text.empty"),
        (" \t\n", "text.empty"),
        ("a\x00b", "text.nul"),
        ("\x00", "text.nul"),
        ("caf\udce9", "text.undecodable"),
        ("\ud800", "text.undecodable"),
        ("x" * 201, "text.too-long"),
    ],
)
def test_text_that_can_t_be_kept_is_refused(typed: str, code: str) -> None:
    with pytest.raises(UsageProblem) as problem:
        texts.read_text(typed, "client's name")
    assert problem.value.code == code
    assert "client's name" in problem.value.sentence
    assert problem.value.hint


def test_too_long_names_the_length_and_the_limit() -> None:
    with pytest.raises(UsageProblem) as problem:
        texts.read_text("x" * 20_001, "narrative", longest=20_000)
    assert problem.value.sentence == (
        "The narrative has 20,001 characters; at most 20,000 are kept."
    )


@pytest.mark.parametrize("typed", ["2026-001", "A", "_x", "smith.co", "0", "a" * 20])
def test_an_id_is_letters_digits_and_three_marks(typed: str) -> None:
    assert texts.read_id(typed, "matter number") == typed


@pytest.mark.parametrize(
    "typed",
    [
        *("", " ", "-a", ".a", "..", "a b", "a/b", "a\\b", "a\n", "ä", "١", "a" * 21, "a\x00"),
        *("\ud800", "a:b", "a*", "--help", "a\u200b"),
    ],
)
def test_any_other_id_is_refused(typed: str) -> None:
    with pytest.raises(UsageProblem) as problem:
        texts.read_id(typed, "matter number")
    assert problem.value.code == "id.unreadable"
    assert problem.value.sentence.isprintable()


@pytest.mark.parametrize(
    ("typed", "seen"),
    [
        ("plain", "plain"),
        ("\x1b[31mred\x1b[0m", "\\x1b[31mred\\x1b[0m"),
        ("a\nb\tc\rd", "a\\nb\\tc\\rd"),
        ("\x00\x07\x7f", "\\x00\\x07\\x7f"),
        ("\x9b31m", "\\x9b31m"),
        ("\u202eevil\u202c", "\\u202eevil\\u202c"),
        ("\u2066a\u2069", "\\u2066a\\u2069"),
        ("a\u2028b", "a\\u2028b"),
        ("caf\udce9", "caf\\udce9"),
        ("[bold]שלום[/bold] 株式 👩\u200d👧", "[bold]שלום[/bold] 株式 👩\u200d👧"),
    ],
)
def test_B10_what_a_screen_would_obey_is_written_out(typed: str, seen: str) -> None:
    assert texts.visible(typed) == seen


def test_B10_line_ends_are_kept_where_they_are_wanted() -> None:
    assert texts.visible("a\nb\x1bc\r\nü", lines=True) == "a\nb\\x1bc\\r\nü"


@modest
@given(anything)
def test_B10_nothing_is_left_for_a_screen_to_obey(typed: str) -> None:
    for seen in (texts.visible(typed), texts.shown(typed)):
        assert len(seen.splitlines()) <= 1
        assert texts.visible(seen) == seen
        seen.encode("utf-8")


def test_a_value_in_an_error_is_quoted_short_and_shows_what_is_unseen() -> None:
    assert texts.shown("1\u200b500\xa0") == '"1\\u200b500\\xa0"'
    assert texts.shown("x" * 40) == f'"{"x" * 40}"'
    assert texts.shown("x" * 5000) == f'"{"x" * 39}…"'
    assert len(texts.shown("\x00" * 5000)) == 42


@pytest.mark.parametrize("typed", AWKWARD)
def test_B10_markdown_shows_the_text_as_typed(typed: str) -> None:
    escaped = texts.markdown(typed)
    assert printed(escaped) == typed.strip()
    assert printed(f"# {escaped}") == typed.strip()
    assert printed(f"before {escaped}") == f"before {typed.strip()}"
    assert "<" not in escaped.replace("\\<", "")


@pytest.mark.parametrize("typed", AWKWARD)
def test_B10_a_markdown_table_keeps_its_columns(typed: str) -> None:
    escaped = texts.markdown(typed)
    table = f"| a | b |\n| --- | --- |\n| {escaped} | {escaped} |\n"
    cells = [token for token in RENDERER.parse(table) if token.type == "inline"]
    assert [cell.content.strip() == "" for cell in cells] == [False] * 4
    for cell in cells[2:]:
        assert "".join(child.content for child in cell.children or []) == typed.strip()


def test_B10_a_line_end_becomes_a_blank_and_control_characters_are_seen() -> None:
    assert texts.markdown("a\r\nb\nc\td") == "a b c d"
    assert printed(texts.markdown("a\x1b[0m\u202eb")) == "a\\x1b[0m\\u202eb"
    assert texts.markdown(" \n ") == ""


@modest
@given(anything)
def test_B10_markdown_of_any_text_is_that_text(typed: str) -> None:
    one_line = re.sub("\r\n|[\n\r\t\v\f\x85\u2028\u2029]", " ", typed).strip()
    escaped, seen = texts.markdown(typed), texts.visible(one_line)
    assert len(escaped.splitlines()) <= 1
    if seen:
        assert printed(escaped) == seen
        assert printed(f"before\n{escaped}") == f"before\n{seen}"
        assert printed(f"# {escaped}") == seen
        table = f"| a | b |\n| --- | --- |\n| {escaped} | end |\n"
        cells = [token.content for token in RENDERER.parse(table) if token.type == "inline"]
        assert len(cells) == 4
        assert cells[3] == "end"


@pytest.mark.parametrize(
    "typed",
    [
        *("=1+1", "+1-1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "=", "-", "+"),
        *("＝1", "+1 512 555 0100", "-800.00x", "=HYPERLINK(1)", "--5", "-1,50", "١" + "=", "-١"),
    ],
)
def test_B10_a_spreadsheet_runs_no_cell(typed: str) -> None:
    expected = typed if typed.startswith("١") else "'" + typed
    assert texts.csv_cell(typed) == expected


@pytest.mark.parametrize(
    "typed", ["-800.00", "+5", "1500", "-1,500.00", "0.5", "", "Smith", "a=b", "'x", "2026-11-21"]
)
def test_B10_numbers_and_plain_text_stay_as_they_are(typed: str) -> None:
    assert texts.csv_cell(typed) == typed


@modest
@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=20))
def test_B10_a_csv_cell_is_read_back_with_at_most_a_mark(typed: str) -> None:
    file = io.StringIO(newline="")
    csv.writer(file).writerow([texts.csv_cell(typed), "end"])
    file.seek(0)
    [[cell, end]] = csv.reader(file)
    assert (cell.removeprefix("'"), end) == (typed.removeprefix("'"), "end")


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("2026-0001", "2026-0001"),
        ("Smith & Co", "Smith & Co"),
        ("../../etc/passwd", "etc-passwd"),
        ('a/b\\c:d*e?f"g<h>i|j', "a-b-c-d-e-f-g-h-i-j"),
        (".hidden", "hidden"),
        ("-rf", "rf"),
        ("trailing. . ", "trailing"),
        ("CON", "_CON"),
        ("con.txt", "_con.txt"),
        ("Lpt1", "_Lpt1"),
        ("COM¹", "_COM¹"),
        ("console", "console"),
        ("", "unnamed"),
        ("...", "unnamed"),
        ("/", "unnamed"),
        ("a\x00b\x1bc", "a-b-c"),
        ("a\nb", "a-b"),
        ("\u202egpj.exe", "gpj.exe"),
        ("caf\udce9", "caf-"),
        ("cafe\u0301", "café"),
        ("x" * 300, "x" * 100),
        ("山" * 100, "山" * 66),
    ],
)
def test_a_file_name_stays_in_its_folder(typed: str, name: str) -> None:
    assert texts.file_name(typed) == name


@modest
@given(anything)
def test_a_file_name_of_any_text_is_safe_and_stays_so(typed: str) -> None:
    name = texts.file_name(typed)
    assert 1 <= len(name) <= 100
    assert len(name.encode("utf-8")) <= 200
    assert not set(name) & set('/\\:*?"<>|\x00\n\x1b')
    assert name[0] not in ".- "
    assert name[-1] not in ". "
    assert texts.file_name(name) == name


def test_the_nearest_choice_is_offered() -> None:
    kinds = ["hourly", "capped", "capped-recurring", "fixed"]
    assert texts.nearest("caped", kinds) == "capped"
    assert texts.nearest("FIXD", kinds) == "fixed"
    assert texts.nearest("zebra", kinds) is None
    assert texts.nearest("x", []) is None
    assert texts.did_you_mean("hourley", kinds) == 'Did you mean "hourly"?'
    assert texts.did_you_mean("zebra", kinds) is None
    assert texts.did_you_mean("c" * 10_000, kinds) is None
    assert texts.did_you_mean("Smith\x1b", ["Smith\x1b["]) == 'Did you mean "Smith\\x1b["?'


@pytest.mark.parametrize(
    ("typed", "known", "expected"),
    [
        ("billing.term", ["billing.utbms", "billing.terms_days"], "billing.terms_days"),
        ("2026-02", ["2026-001", "2026-020"], "2026-020"),
        ("earnd", ["client-consent", "earned-on-receipt"], "earned-on-receipt"),
        ("fam", ["estate-plan", "family-petition"], "family-petition"),
        ("zebr", ["estate-plan", "family-petition"], None),
        ("2026-01", ["2026-0010", "2026-001", "2026-019"], "2026-001"),
        ("2026-1", ["2026-0012", "2026-0001"], "2026-0001"),
        ("2026-00007", ["2026-0017", "2026-0007", "2025-0007"], "2026-0007"),
        ("2025-1", ["2026-12", "2026-11"], "2026-11"),
    ],
)
def test_a_beginning_is_enough_to_be_understood(
    typed: str, known: list[str], expected: str | None
) -> None:
    assert texts.nearest(typed, known) == expected


def test_a_slip_among_very_many_is_found_at_once() -> None:
    known = [f"2026-{n:05}" for n in range(20_000)]
    slips = {"2026-0123": "2026-00123", "2026-0O123": "2026-00123", "206-00007": "2026-00007"}
    assert {typed: texts.nearest(typed, known) for typed in slips} == slips
    assert texts.nearest("2062-00007", known) == "2026-00007"
    assert texts.nearest("zebra", known) is None


def test_a_word_of_a_few_is_offered_or_all_of_them_are() -> None:
    assert texts.meant("mont", ["week", "month"]) == 'Did you mean "month"?'
    assert texts.meant("era", ["week", "month"]) == "It is one of week, month."
