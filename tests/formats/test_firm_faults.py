"""A firm file with a fault is refused with one sentence that names the key's full path."""

from __future__ import annotations

from pathlib import Path

import pytest

from billcli.errors import UsageProblem
from billcli.formats.firm import read, read_file

MATTER = '[[matter]]\nnumber = "1"\ntitle = "T"\nclient = "c"\n'


def fault_of(text: str) -> UsageProblem:
    with pytest.raises(UsageProblem) as caught:
        read(text, "firm.toml")
    problem = caught.value
    assert "\n" not in problem.sentence
    assert problem.sentence.startswith("firm.toml")
    return problem


UNKNOWN = [
    ('nam = "x"', "nam", None),
    ('[firm]\nnmae = "x"', "firm.nmae", "name"),
    ("[billing]\nterm_days = 3", "billing.term_days", "terms_days"),
    ("[billing.replenish]\nminimun = 3", "billing.replenish.minimun", "minimum"),
    ("[trust.holds]\nwires = 3", "trust.holds.wires", "wire"),
    ('[email]\npassword = "x"', "email.password", "password_command"),
    (
        '[[tax]]\ncode = "A"\nrates = [{form = 2020-01-01}]',
        "tax[1] (A).rates[1].form",
        "from",
    ),
    (
        '[[expense_category]]\nname = "a"\nkinds = "x"',
        "expense_category[1] (a).kinds",
        "kind",
    ),
    ('[[timekeeper]]\nid = "A"\nrates = 3', "timekeeper[1] (A).rates", "rate"),
    ('[[workflow]]\nname = "w"\ntasks = []', "workflow[1] (w).tasks", "task"),
    (
        '[[workflow]]\nname = "w"\n[[workflow.task]]\nname = "t"\ndue = 2026-01-01',
        "workflow[1] (w).task[1] (t).due",
        "due_days",
    ),
    (
        '[[workflow]]\nname = "w"\n[[workflow.task]]\nname = "t"\ntrigger = {amout = 3}',
        "workflow[1] (w).task[1] (t).trigger.amout",
        "amount",
    ),
    ('[[client]]\nid = "c"\nmail = "x"', "client[1] (c).mail", "email"),
    (
        '[[client]]\nid = "c"\nebilling = {lede = "x"}',
        "client[1] (c).ebilling.lede",
        "ledes",
    ),
    (
        MATTER + 'arrangement = {valu = 3, kind = "fixed"}',
        "matter[1] (1).arrangement.valu",
        "value",
    ),
    (MATTER + "billing = {discont = 3}", "matter[1] (1).billing.discont", "discount"),
    (
        MATTER + '[[matter.task]]\nname = "t"\ndue_days = 3',
        "matter[1] (1).task[1] (t).due_days",
        "due",
    ),
    (
        MATTER + "[[matter.schedule]]\namounts = 3",
        "matter[1] (1).schedule[1].amounts",
        "amount",
    ),
    (MATTER + "[[matter.time]]\nhour = 3", "matter[1] (1).time[1].hour", "hours"),
    (
        MATTER + "[[matter.expense]]\nbills = true",
        "matter[1] (1).expense[1].bills",
        "bill",
    ),
    (
        MATTER + "[[matter.trust_deposit]]\nclear = 3",
        "matter[1] (1).trust_deposit[1].clear",
        "clears",
    ),
    (
        MATTER + MATTER.replace('"1"', '"2"') + "cleint = 3",
        "matter[2] (2).cleint",
        "client",
    ),
    ('"a b\\u001b" = 3', '"a b\\x1b"', None),
]


@pytest.mark.parametrize(("text", "path", "near"), UNKNOWN, ids=[row[1] for row in UNKNOWN])
def test_an_unknown_key_is_named_with_its_path_and_the_nearest_known_key(
    text: str, path: str, near: str | None
) -> None:
    problem = fault_of(text)
    assert problem.code == "firm-file.unknown-key"
    assert problem.sentence == f"firm.toml: {path} isn't a key of the firm file."
    assert problem.hint is not None
    assert problem.hint.startswith(f'Did you mean "{near}"?' if near else "Known here: firm, ")


VALUES = [
    # the type
    ("firm = 3", "firm is 3; a table is wanted."),
    ("matter = 3", "matter is 3; a list is wanted."),
    ("matter = [3]", "matter[1] is 3; a table is wanted."),
    ("[matter]", "matter is a table; a list is wanted."),
    ("[firm]\nname = 3", "firm.name is 3; text in quotes is wanted."),
    ("[firm]\nname = 2026-01-01", "firm.name is 2026-01-01; text in quotes is wanted."),
    ('[firm]\naddress = "x"', 'firm.address is "x"; a list is wanted.'),
    ("[firm]\naddress = [3]", "firm.address[1] is 3; text in quotes is wanted."),
    (
        "[billing]\nterms_days = true",
        "billing.terms_days is true; a whole number is wanted.",
    ),
    (
        "[billing]\nterms_days = 30.5",
        "billing.terms_days is 30.5; a whole number is wanted.",
    ),
    (
        '[billing]\nterms_days = "30"',
        'billing.terms_days is "30"; a whole number is wanted.',
    ),
    ("[billing]\nebilling = 1", "billing.ebilling is 1; true or false is wanted."),
    (
        '[billing]\nretainer = "on"',
        'billing.retainer is "on"; true or false is wanted.',
    ),
    (
        "[billing]\nquote = true",
        "billing.quote is true; a number or text in quotes is wanted.",
    ),
    (
        '[billing]\ncopies = {"a" = 1}',
        "billing.copies is a table; a whole number is wanted.",
    ),
    # limits
    ("[billing]\ncopies = 3", "billing.copies is above 2."),
    ("[billing]\nterms_days = -1", "billing.terms_days is below 0."),
    ("[billing]\nquote = -1", "billing.quote is below 0."),
    ('[billing]\nquote = "-0.01"', "billing.quote is below 0."),
    (
        MATTER + "[[matter.schedule]]\namount = 0",
        "matter[1] (1).schedule[1].amount isn't above 0.",
    ),
    (
        MATTER + '[[matter.task]]\nname = "t"\ntrigger = {percent = 0}',
        "matter[1] (1).task[1] (t).trigger.percent isn't above 0.",
    ),
    (
        MATTER + '[[matter.task]]\nname = "t"\ntrigger = {remainder = false}',
        "matter[1] (1).task[1] (t).trigger.remainder can only be true.",
    ),
    (
        f"[billing]\nterms_days = 0x{'F' * 5000}",
        "billing.terms_days has too many digits.",
    ),
    (f"[billing]\nquote = 0x{'F' * 5000}", "billing.quote has too many digits."),
    (
        "[[tax]]\ncode = 'A'\nrates = []",
        "tax[1] (A).rates has 0 entries; at least 1 may stand.",
    ),
    # money, rates, percents, hours, days
    ("[billing]\nquote = 1.005", 'billing.quote: the amount "1.005" has 3 decimals'),
    ('[billing]\nquote = "a lot"', 'billing.quote: the amount "a lot" can\'t be read.'),
    ("[billing]\nquote = nan", 'billing.quote: the amount "NaN" can\'t be read.'),
    ("[billing]\nquote = inf", 'billing.quote: the amount "Infinity" can\'t be read.'),
    ("[billing]\nquote = 1e400", 'billing.quote: the amount "1E+400" can\'t be read.'),
    ("[billing]\nquote = 99999999999999999", "billing.quote: the amount"),
    (
        "[billing]\ndiscount = '101%'",
        'billing.discount: the discount "101%" isn\'t between',
    ),
    ("[billing]\ndiscount = -5", 'billing.discount: the discount "-5" is below zero.'),
    ("[billing]\norigination = 101", "billing.origination: the percentage"),
    (
        "[[timekeeper]]\nid = 'A'\nname = 'A'\nrate = -1",
        'timekeeper[1] (A).rate: the rate "-1" is below zero.',
    ),
    (
        "[[client]]\nid = 'c'\nname = 'C'\nrates = {MA = 'x'}",
        'client[1] (c).rates.MA: the rate "x" can\'t be read.',
    ),
    (
        "[[client]]\nid = 'c'\nname = 'C'\nrates = {'M A' = 3}",
        'client[1] (c).rates."M A" can\'t be "M A".',
    ),
    (
        MATTER
        + "[[matter.time]]\ndate = 2026-11-03\ntimekeeper = 'A'\ndescription = 'd'\nhours = 25",
        'matter[1] (1).time[1].hours: "25" is longer than 24 hours',
    ),
    (
        MATTER
        + "[[matter.time]]\ndate = 2026-11-03\ntimekeeper = 'A'\ndescription = 'd'\nhours = -1",
        'matter[1] (1).time[1].hours: "-1" is no time at all',
    ),
    (
        MATTER + "opened = 3",
        "matter[1] (1).opened is 3; a date or text in quotes is wanted.",
    ),
    (MATTER + "opened = 12:00:00", "matter[1] (1).opened is 12:00:00; a date or"),
    (
        MATTER + "opened = '2026-02-30'",
        'matter[1] (1).opened: the date "2026-02-30" isn\'t a day',
    ),
    (
        MATTER + "opened = 'today'",
        'matter[1] (1).opened: the date "today" isn\'t a day',
    ),
    (MATTER + "opened = 2026-01-01T00:00:00Z", "matter[1] (1).opened: the date"),
    (
        MATTER + "opened = 0001-01-01",
        "matter[1] (1).opened: the date 0001-01-01 isn't between",
    ),
    # text
    ('[firm]\nname = "a\\u0000b"', "firm.name holds a NUL character."),
    ('[firm]\nname = "  "', 'firm.name is "", too short.'),
    ('[firm]\nname = "a\\u001bb"', 'firm.name can\'t be "a\\x1bb".'),
    (
        f"[firm]\nname = '{'x' * 100_000}'",
        "firm.name has 100,000 characters; at most 500",
    ),
    ("[firm]\ncurrency = 'usd'", 'firm.currency can\'t be "usd".'),
    ("[firm]\nemail = 'nobody'", 'firm.email can\'t be "nobody".'),
    (
        "[billing]\nnumber_format = '{year}'",
        'billing.number_format can\'t be "{year}".',
    ),
    (MATTER.replace('"1"', '"a b"'), 'matter[1] (a b).number can\'t be "a b".'),
    (MATTER.replace('"1"', '"a/b"'), 'matter[1] (a/b).number can\'t be "a/b".'),
    (
        MATTER.replace('"1"', f'"{"1" * 21}"'),
        f"matter[1] ({'1' * 21}).number has 21 characters",
    ),
    # words
    (
        "[billing]\nrounding = 'upp'",
        'billing.rounding can\'t be "upp"; it is one of up, down, half-up.',
    ),
    (
        MATTER + "arrangement = {kind = 'fixd'}",
        'matter[1] (1).arrangement.kind can\'t be "fixd"; it is one of hourly, capped,',
    ),
    # between values
    (
        "[firm]\ntimezone = 'America/Chigaco'",
        'firm.timezone: "America/Chigaco" isn\'t a time zone.',
    ),
    ("[firm]\ntimezone = 'America'", 'firm.timezone: "America" isn\'t a time zone.'),
    ("[firm]\ntimezone = '../UTC'", 'firm.timezone: "../UTC" isn\'t a time zone.'),
    (
        "[email]\nhost = 'x.example'\nsecurity = 'none'",
        "email.security can be none only where",
    ),
    (
        "[billing]\nreplenish = {minimum = 1, trigger = 2}",
        "billing.replenish: the minimum is below",
    ),
    (
        MATTER + "[matter.billing]\nreplenish = {minimum = 1, trigger = 2}",
        "matter[1] (1).billing.replenish: the minimum is below the trigger.",
    ),
    (
        MATTER + "billing = {split = {a = 50, b = 49.99}}",
        "matter[1] (1).billing.split: the shares come to 99.99, not 100.",
    ),
    (
        MATTER + '[[matter.task]]\nname = "t"\ntrigger = {amount = 1, percent = 2}',
        "matter[1] (1).task[1] (t).trigger states 2 charges, not 1.",
    ),
    (
        MATTER + '[[matter.task]]\nname = "t"\ntrigger = {description = "d"}',
        "matter[1] (1).task[1] (t).trigger states 0 charges, not 1.",
    ),
    (
        (
            "[[workflow]]\nname = 'w'\ntask = [{name = 'a', trigger = {percent = 60}},\n"
            " {name = 'b', trigger = {percent = 40.01}}]"
        ),
        "workflow[1] (w).task: the percentages come to 100.01; 100 is all there is.",
    ),
    (
        MATTER + "task = [{name = 'a', trigger = {remainder = true}},\n"
        " {name = 'b', trigger = {remainder = true}}]",
        "matter[1] (1).task: 2 triggers take the remainder; only one can.",
    ),
]


@pytest.mark.parametrize(("text", "sentence"), VALUES, ids=[row[1][:60] for row in VALUES])
def test_a_value_that_cannot_stand_is_named_with_its_path(text: str, sentence: str) -> None:
    problem = fault_of(text)
    assert problem.code == "firm-file.value"
    assert problem.sentence.startswith(f"firm.toml: {sentence}")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('[[client]]\nid = "c"', "client[1] (c).name is missing."),
        ('[[timekeeper]]\nid = "A"\nname = "A"', "timekeeper[1] (A).rate is missing."),
        ('[[matter]]\nnumber = "1"\nclient = "c"', "matter[1] (1).title is missing."),
        ('[[matter]]\nnumber = "1"\ntitle = "T"', "matter[1] (1).client is missing."),
        ("[billing.replenish]\nminimum = 3", "billing.replenish.trigger is missing."),
        (
            MATTER + "arrangement = {value = 3}",
            "matter[1] (1).arrangement.kind is missing.",
        ),
        (
            MATTER + "billing = {originator = 'A'}",
            "matter[1] (1).billing.origination is missing.",
        ),
        (
            MATTER + "billing = {origination = 5}",
            "matter[1] (1).billing.originator is missing.",
        ),
        (
            '[[workflow]]\nname = "w"\ntask = [{}]',
            "workflow[1] (w).task[1].name is missing.",
        ),
    ],
)
def test_a_key_that_is_missing_is_named_with_its_path(text: str, sentence: str) -> None:
    problem = fault_of(text)
    assert (problem.code, problem.sentence) == (
        "firm-file.missing-key",
        f"firm.toml: {sentence}",
    )


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            MATTER + MATTER,
            'matter[2] (1).number is "1", as matter[1] already is.',
        ),
        (
            "client = [{id = 'c', name = 'A'}, {id = 'd', name = 'B'}, {id = 'c', name = 'C'}]",
            'client[3] (c).id is "c", as client[1] already is.',
        ),
        (
            "timekeeper = [{id = 'A', name = 'A', rate = 1}, {id = 'A', name = 'B', rate = 1}]",
            'timekeeper[2] (A).id is "A", as timekeeper[1] already is.',
        ),
        (
            "workflow = [{name = 'a', case_type = 'x'}, {name = 'b', case_type = 'x'}]",
            'workflow[2] (b).case_type is "x", as workflow[1] already is.',
        ),
        (
            (
                "tax = [{code = 'A', rates = [{from = 2026-01-01, percent = 1},\n"
                " {from = 2026-01-01, percent = 2}]}]"
            ),
            'tax[1] (A).rates[2].from is "2026-01-01", as tax[1] (A).rates[1] already is.',
        ),
        (
            MATTER + "billing = {terms = 3, terms_days = 4}",
            "matter[1] (1).billing has both terms and terms_days.",
        ),
    ],
)
def test_what_stands_twice_is_named_at_its_second_place(text: str, sentence: str) -> None:
    problem = fault_of(text)
    assert (problem.code, problem.sentence) == (
        "firm-file.twice",
        f"firm.toml: {sentence}",
    )


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("[firm\nname = 'x'", "(at line 1, column 6)"),
        ("[firm]\nname = x", "(at line 2, column 8)"),
        ("x = 2026-02-30", "(at line 1, column 5)"),
        ("x = 1\nx = 2", "isn't TOML"),
        ("x = " + "[" * 5_000, "is nested too deeply"),
        (f"x = {'9' * 5_000}", "holds a number or a date that is none"),
        ("x = 1e99999999999999999999", "holds a number or a date that is none"),
        ("x = \x1b", "isn't TOML"),
    ],
)
def test_what_is_not_toml_is_told_with_its_line(text: str, part: str) -> None:
    problem = fault_of(text)
    assert problem.code == "firm-file.syntax"
    assert part in problem.sentence
    assert problem.sentence.isprintable()


def test_all_faults_are_found_at_once_and_the_first_leads() -> None:
    problem = fault_of("[firm]\nnam = 'x'\n[billing]\ncopies = 9\nrounding = 'x'\n")
    assert problem.sentence == "firm.toml: firm.nam isn't a key of the firm file."
    assert problem.hint == (
        'Did you mean "name"? Also wrong (2): billing.copies is above 2. '
        'billing.rounding can\'t be "x"; it is one of up, down, half-up.'
    )


def test_of_many_faults_only_some_are_told() -> None:
    problem = fault_of("\n".join(f"wrong_{number} = {number}" for number in range(100)))
    assert problem.hint is not None
    assert "Also wrong (99): wrong_1 " in problem.hint
    assert problem.hint.endswith("And 94 more.")
    assert len(problem.hint) < 700


def test_a_long_or_wild_name_is_shown_short_and_harmless() -> None:
    problem = fault_of(MATTER.replace('"1"', f'"\\u001b\\u202e{"9" * 5_000}"'))
    assert problem.sentence.isprintable()
    assert len(problem.sentence) < 200


@pytest.mark.parametrize("content", [b"\xff\xfe[firm]", b"[firm]\nname = 'caf\xe9'\n"])
def test_a_file_that_is_not_utf_8_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "firm.toml"
    path.write_bytes(content)
    with pytest.raises(UsageProblem, match=r"^firm\.toml isn't UTF-8 text") as caught:
        read_file(path)
    assert caught.value.code == "firm-file.unreadable"


def test_a_file_that_cannot_be_read_is_refused_in_one_sentence(tmp_path: Path) -> None:
    large = tmp_path / "large.toml"
    large.write_bytes(b"#" * 10_000_001)
    beside = tmp_path / "file"
    beside.touch()
    for path, sentence in [
        (tmp_path / "none.toml", "There is no file none.toml."),
        (tmp_path, f"{tmp_path.name} is a folder."),
        (large, "large.toml is larger than 10 MB."),
        (beside / "x.toml", "x.toml can't be read: Not a directory."),
        (tmp_path / ("n" * 300), f"{'n' * 300} can't be read: File name too long."),
        (tmp_path / "a\0b", "a\\x00b can't be read: its name can't be one."),
    ]:
        with pytest.raises(UsageProblem) as caught:
            read_file(path)
        assert (caught.value.code, caught.value.sentence) == (
            "firm-file.unreadable",
            sentence,
        )


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "firm.toml"
    path.write_bytes(b"\xef\xbb\xbf[firm]\r\nname = 'X'\r\n")
    assert read_file(path).settings == {"firm.name": "X"}


def test_the_password_itself_is_no_key_of_the_file() -> None:
    assert fault_of("[email]\npassword = 'secret-123'").sentence.count("secret-123") == 0
