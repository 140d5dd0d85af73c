"""Matters: opened, changed, held, closed, and how they are charged (D-17, D-35, §2.6)."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from billcli.errors import BillError, Refused
from billcli.services.arrangement import arrangements
from billcli.services.bill import bills
from billcli.services.bill.request import Request
from billcli.services.matter import closing, holds, matter_rates, matters, options
from billcli.services.milestones import tasks, triggers, workflows
from billcli.services.office import clients
from billcli.services.receivables import payments
from billcli.services.work import charges, expenses, items, time

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger

M = "2026-001"
H = 10_000
DAY = date(2026, 11, 30)
NOW = Request(DAY, DAY)


def code_of(act: Callable[[], Any]) -> str:
    with pytest.raises(BillError) as problem:
        act()
    return problem.value.code


def work(ledger: Ledger, hours: int = 1, day: date = DAY, **more: Any) -> None:
    time.add(ledger, M, hours * H, "Work", day=day, timekeeper="MA", **more)


# Opening ------------------------------------------------------------------------------------


def test_a_matter_is_hourly_without_more(firm: Ledger) -> None:
    view = matters.add(firm, "2026-009", "New", client="ohm", responsible="JB")
    assert (view.arrangement.kind, view.state, view.opened_on) == ("hourly", "open", DAY)
    assert [line.number for line in matters.list_(firm, client="ohm")] == ["2026-002", "2026-009"]


def test_a_case_type_gives_the_tasks_of_its_workflow(firm: Ledger) -> None:
    from billcli.formats.firm.model import Trigger, Workflow, WorkflowTask

    parts = tuple(
        WorkflowTask(f"Part {n}", due_days=n, trigger=Trigger(percent_e4=50 * H)) for n in (1, 2)
    )
    workflows.save(firm, Workflow("petition", "immigration", parts))
    terms = {"value_cents": 1000_00, "bill_when": "milestones"}
    view = matters.add(
        firm, "2026-009", "New", client="ohm", case_type="immigration", kind="fixed", terms=terms
    )
    assert (view.workflow, view.warnings) == ("petition", ())
    assert [t.trigger and t.trigger.amount_cents for t in view.tasks] == [500_00, 500_00]
    assert [t.due for t in view.tasks] == [date(2026, 12, 1), date(2026, 12, 2)]
    # Without a value the percentages mean nothing: the matter isn't opened at all.
    refused = code_of(
        lambda: matters.add(firm, "2026-010", "New", client="ohm", case_type="immigration")
    )
    assert refused == "milestone.no-value"
    assert code_of(lambda: matters.show(firm, "2026-010")) == "matter.missing"
    [warning] = matters.add(firm, "2026-011", "N", client="ohm", case_type="imigration").warnings
    told = 'no workflow serves the case type "imigration"; did you mean "immigration"?'
    assert warning == told


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ({"number": M, "client": "ohm"}, "matter.exists"),
        ({"number": "a/b", "client": "ohm"}, "id.unreadable"),
        ({"number": "x" * 21, "client": "ohm"}, "id.unreadable"),
        ({"client": None}, "matter.client"),
        ({"client": "nobody"}, "client.missing"),
        ({"client": "ohm", "responsible": "XX"}, "timekeeper.missing"),
        ({"client": "ohm", "title": "a\0b"}, "text.nul"),
        ({"client": "ohm", "title": " "}, "text.empty"),
        ({"client": "ohm", "kind": "fixd"}, "arrangement.kind"),
        ({"client": "ohm", "kind": "capped"}, "arrangement.value"),
        ({"client": "ohm", "terms": {"value_cents": 5}}, "arrangement.option"),
    ],
)
def test_what_no_matter_can_be_opened_with(firm: Ledger, words: dict[str, Any], code: str) -> None:
    words = {"number": "2026-009", "title": "New", **words}
    before = len(matters.list_(firm))
    assert code_of(lambda: matters.add(firm, **words)) == code
    assert len(matters.list_(firm)) == before


def test_a_matter_with_bills_keeps_its_client(firm: Ledger) -> None:
    assert matters.edit(firm, M, {"client": "ohm", "title": "T"}).client == "ohm"
    work(firm)
    bills.create(firm, M, NOW, issued=True)
    assert code_of(lambda: matters.edit(firm, M, {"client": "rivera"})) == "matter.client-billed"
    assert matters.edit(firm, M, {"responsible": None}).responsible is None


def test_an_archived_client_gets_no_matter(firm: Ledger) -> None:
    clients.add(firm, "gone", "Gone")
    clients.archive(firm, "gone")
    assert code_of(lambda: matters.add(firm, "2026-009", "N", client="gone")) == "client.archived"


# Closing ------------------------------------------------------------------------------------


def test_a_matter_closes_when_nothing_is_left(firm: Ledger) -> None:
    def refusal() -> str:
        with pytest.raises(Refused) as refused:
            closing.close(firm, M)
        assert refused.value.code == "matter.still-open"
        return refused.value.sentence

    work(firm)
    expenses.add(firm, M, 50_00, "Court fee", day=DAY)
    assert "unbilled work of 400.00" in refusal()
    draft = bills.create(firm, M, NOW)
    assert f"open draft {draft['id']}" in refusal()
    bill = bills.approve(firm, draft["id"])
    assert f"bill {bill['number']} over 400.00, approved and not issued" in refusal()
    bills.issue(firm, bill["number"])
    payments.add(firm, bill["number"], 100_00)
    assert f"300.00 open on bill {bill['number']}" in refusal()
    payments.add(firm, bill["number"], 300_00)
    assert closing.close(firm, M).state == "closed"
    assert code_of(lambda: work(firm)) == "matter.closed"
    assert code_of(lambda: closing.close(firm, M)) == "matter.closed"
    assert [line.number for line in matters.list_(firm, closed=True)] == [M]
    closing.reopen(firm, M)
    assert code_of(lambda: closing.reopen(firm, M)) == "matter.open"
    work(firm)


def test_work_on_hold_and_pending_triggers_keep_a_matter_open(firm: Ledger) -> None:
    work(firm)
    holds.hold(firm, "T-1")
    assert code_of(lambda: closing.close(firm, M)) == "matter.still-open"
    time.remove(firm, "T-1")
    tasks.add(firm, M, "Report", trigger_kind="amount", trigger_cents=5_00)
    triggers.done(firm, M, 1)
    assert code_of(lambda: closing.close(firm, M)) == "matter.still-open"
    triggers.waive(firm, M, 1, reason="a gift")
    closing.close(firm, M)


def test_an_unbilled_fixed_fee_keeps_a_matter_open_and_time_in_it_does_not(firm: Ledger) -> None:
    arrangements.set_(firm, M, "fixed", {"value_cents": 1000_00})
    with pytest.raises(Refused, match=r"1,000\.00 of the fixed fee not billed"):
        closing.close(firm, M)
    bill = bills.create(firm, M, NOW, issued=True)
    payments.add(firm, bill["number"], 1000_00)
    work(firm)
    assert closing.close(firm, M).written_down_cents == 350_00
    [entry] = items.items(firm, M)
    assert entry.behavior == "no_charge"


def test_an_override_closes_over_what_is_open_and_is_logged(firm: Ledger) -> None:
    work(firm)
    view = closing.close(firm, M, override="client vanished")
    assert view.still_open == ("unbilled work of 350.00",)
    log = sqlite3.connect(firm.path)
    [(after,)] = log.execute("SELECT after FROM audit ORDER BY id DESC LIMIT 1")
    log.close()
    assert "client vanished" in after
    assert "350.00" in after


# Holds --------------------------------------------------------------------------------------


def test_what_is_on_hold_is_on_no_bill(firm: Ledger) -> None:
    work(firm)
    charges.add(firm, M, 80_00, "Filing service")
    holds.hold(firm, "t-1")
    assert code_of(lambda: holds.hold(firm, "T-1")) == "hold.on"
    assert bills.preview(firm, M, NOW)[0]["total_cents"] == 80_00
    holds.hold(firm, M)
    assert code_of(lambda: bills.preview(firm, M, NOW)) == "bill.held"
    holds.unhold(firm, M)
    holds.unhold(firm, "T-1")
    assert code_of(lambda: holds.unhold(firm, "T-1")) == "hold.off"
    bills.create(firm, M, NOW, issued=True)
    assert code_of(lambda: holds.hold(firm, "T-1")) == "entry.billed"
    assert code_of(lambda: holds.hold(firm, "E-9")) == "entry.missing"
    assert code_of(lambda: holds.hold(firm, "2026-0O1")) == "matter.missing"


# Rates --------------------------------------------------------------------------------------


def test_B16_a_new_rate_reaches_back_only_where_asked(firm: Ledger) -> None:
    for day in (1, 10, 20):
        work(firm, day=date(2026, 11, day))
    work(firm, day=date(2026, 11, 21), rate_e4=500 * H)
    bills.create(firm, M, Request(DAY, date(2026, 11, 5)), issued=True)
    plain = matter_rates.rate(firm, M, "MA", 300 * H)
    assert plain.repriced == 0
    late = matter_rates.rate(firm, M, "MA", 310 * H, valid_from=date(2026, 11, 15), reprice=True)
    assert (late.repriced, late.change_cents) == (1, -40_00)
    work(firm)
    rates = [item.rate_e4 // H for item in items.items(firm, M) if item.rate_e4]
    # billed; before the day; repriced; typed by hand; new
    assert rates == [350, 350, 310, 500, 310]
    matter_rates.rate(firm, M, "MA", 200 * H, reprice=True)
    rates = [item.rate_e4 // H for item in items.items(firm, M) if item.rate_e4]
    assert rates == [350, 200, 200, 500, 200]


# Arrangements -------------------------------------------------------------------------------


def test_D17_no_arrangement_changes_under_an_open_draft(firm: Ledger) -> None:
    work(firm)
    draft = bills.create(firm, M, NOW)
    with pytest.raises(Refused, match=draft["id"]):
        arrangements.set_(firm, M, "capped", {"value_cents": 100_00})
    bills.delete(firm, draft["id"])
    arrangements.set_(firm, M, "capped", {"value_cents": 100_00})
    assert bills.preview(firm, M, NOW)[0]["total_cents"] == 100_00


def test_D17_dated_terms_price_the_work_from_that_day_on(firm: Ledger) -> None:
    work(firm, 2, day=date(2026, 11, 5))
    work(firm, 2, day=date(2026, 11, 25))
    start = date(2026, 11, 15)
    view = arrangements.set_(firm, M, "capped", {"value_cents": 100_00}, valid_from=start)
    assert (view.kind, view.valid_from) == ("capped", start)
    assert bills.preview(firm, M, NOW)[0]["fees_cents"] == 700_00 + 100_00
    arrangements.set_(firm, M, "hourly", {})
    assert bills.preview(firm, M, NOW)[0]["fees_cents"] == 1400_00


def test_D17_terms_to_come_are_shown_and_the_same_terms_add_nothing(firm: Ledger) -> None:
    later = date(2027, 1, 1)
    view = arrangements.set_(firm, M, "capped", {"value_cents": 100_00}, valid_from=later)
    assert (view.kind, view.upcoming) == ("hourly", ("capped from 2027-01-01",))

    def versions() -> int:
        shell = sqlite3.connect(firm.path)
        [(count,)] = shell.execute("SELECT count(*) FROM arrangement WHERE matter_id = 1")
        shell.close()
        return int(count)

    assert versions() == 2
    arrangements.set_(firm, M, "capped", {"value_cents": 100_00}, valid_from=later)
    assert versions() == 2


def test_a_cap_below_what_is_invoiced_is_warned_of(firm: Ledger) -> None:
    arrangements.set_(firm, M, "capped", {"value_cents": 4000_00})
    charges.add(firm, M, 3400_00, "Work so far")
    bills.create(firm, M, NOW, issued=True)
    view = arrangements.set_(firm, M, "capped", {"value_cents": 3000_00})
    assert view.warnings == ("already 400.00 over the new cap",)
    assert (view.invoiced_cents, view.headroom_cents) == (3400_00, 0)


def test_percentages_keep_the_value_they_need(firm: Ledger) -> None:
    arrangements.set_(firm, M, "fixed", {"value_cents": 1000_00, "bill_when": "milestones"})
    tasks.add(firm, M, "Half", trigger_kind="percent", trigger_percent_e4=50 * H)
    assert code_of(lambda: arrangements.set_(firm, M, "hourly", {})) == "milestone.no-value"
    triggers.done(firm, M, 1, charge=True)
    arrangements.set_(firm, M, "hourly", {})


def test_B30_no_version_of_an_arrangement_is_changed_by_a_shell(firm: Ledger) -> None:
    firm.close()
    shell = sqlite3.connect(firm.path)
    for sql in ("UPDATE arrangement SET kind = 'capped'", "DELETE FROM arrangement"):
        with pytest.raises(sqlite3.IntegrityError, match="guard"):
            shell.execute(sql)
    shell.close()


# Billing options ----------------------------------------------------------------------------


def test_each_option_says_where_it_comes_from(firm: Ledger) -> None:
    from billcli.store import settings

    def shown(name: str) -> tuple[Any, str]:
        view = options.show_options(firm, M)
        [found] = [(o.value, o.source) for o in view.options if o.name == name]
        return found

    assert shown("terms") == (30, "built_in")
    with firm.write():
        settings.put(firm, "billing.terms_days", 21)
    assert shown("terms") == (21, "firm")
    clients.edit(firm, "rivera", {"terms_days": 14})
    assert shown("terms") == (14, "client")
    options.set_options(firm, M, {"terms": 7, "discount": {"percent_e4": 125_000}})
    assert shown("terms") == (7, "matter")
    assert shown("discount") == ("12.5%", "matter")
    options.set_options(firm, M, {"terms": None})
    assert shown("terms") == (14, "client")
    assert shown("status") == ("use_matter", "built_in")


def test_none_turns_off_what_the_firm_has_by_default(firm: Ledger) -> None:
    from billcli.store import settings

    with firm.write():
        settings.put(firm, "billing.discount", {"percent_e4": 100_000})
    work(firm)
    assert bills.preview(firm, M, NOW)[0]["discount_cents"] == 35_00
    options.set_options(firm, M, {"discount": {}})
    assert bills.preview(firm, M, NOW)[0]["discount_cents"] == 0


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("colour", "red", "option.unknown"),
        ("copies", 3, "option.value"),
        ("copies", True, "option.value"),
        ("terms", -1, "option.value"),
        ("increment_minutes", 61, "option.value"),
        ("rounding", "sideways", "option.value"),
        ("status", "open", "option.value"),
        ("default_behavior", "free", "option.value"),
        ("email", ["nobody"], "option.value"),
        ("email", ["a@b.c\r\nBcc: x@y.z"], "option.value"),
        ("tax", "VAT", "tax.missing"),
        ("template", "../../etc/passwd", "template.missing"),
        ("discount", {"cents": -1}, "option.value"),
    ],
)
def test_an_option_takes_only_what_it_means(firm: Ledger, name: str, value: Any, code: str) -> None:
    before = options.show_options(firm, M)
    change = {"copies": 2, name: value}
    assert code_of(lambda: options.set_options(firm, M, change)) == code
    assert options.show_options(firm, M) == before


def test_billing_goes_off_only_when_nothing_is_open(firm: Ledger) -> None:
    off = {"billing": False}
    work(firm)
    assert code_of(lambda: options.set_options(firm, M, off)) == "billing.still-open"
    draft = bills.create(firm, M, NOW)
    assert code_of(lambda: options.set_options(firm, M, off)) == "billing.still-open"
    bill = bills.approve(firm, draft["id"])
    assert code_of(lambda: options.set_options(firm, M, off)) == "billing.still-open"
    bills.issue(firm, bill["number"])
    with pytest.raises(Refused, match=r"350\.00 open on bill"):
        options.set_options(firm, M, off)
    payments.add(firm, bill["number"], 350_00)
    assert options.set_options(firm, M, off).value("billing") is False
    assert code_of(lambda: bills.preview(firm, M, NOW)) == "bill.off"


# The command line ---------------------------------------------------------------------------


@pytest.mark.usefixtures("firm")
def test_the_commands_answer_in_json_and_in_words(cli: Callable[..., Any]) -> None:
    made = cli(
        *("matter", "add", "2026-009", "[b]x[/b]", "--client", "ohm", "--arrangement", "fixed"),
        *("--value", "4,500", "--bill-when", "milestones", "--json"),
    )
    assert made.json["arrangement"]["value"] == "4500.00"
    assert cli("matter", "billing", "2026-009", "--discount", "10%", "--email", "").code == 0
    shown = cli("matter", "billing", "2026-009", "--json").json
    assert (shown["discount"], shown["email"], shown["sources"]["email"]) == ("10%", [], "matter")
    assert cli("matter", "billing", "2026-009", "--reset", "discount").code == 0
    assert cli("matter", "billing", "2026-009", "--json").json["discount"] is None
    added = cli("task", "add", "2026-009", "Send", "--trigger", "50%", "--json").json
    assert added["trigger"]["amount"] == "2250.00"
    assert added["trigger"]["percent"] == "50"
    assert "[b]x[/b]" in cli("matter", "show", "2026-009").out
    assert cli("matter", "show", "2026-009", "--json").json["tasks"][0]["state"] == "open"
    assert cli("arrangement", "show", "2026-009", "--json").json["headroom"] == "4500.00"
    done = cli("task", "done", "2026-009", "1", "--charge", "--json").json
    assert (done["trigger"]["state"], done["trigger"]["charge"]) == ("charged", "C-1")
    assert "◆ charged C-1" in cli("task", "list", "2026-009").out
    assert "◆ charged C-1" in cli("matter", "items", "2026-009").out
    assert cli("matter", "items", "2026-009", "--json").json[0]["amount"] == "2250.00"
    assert cli("matter", "close", "2026-009").code == 3
    assert cli("matter", "close", "2026-009", "--override").code == 2
    assert cli("matter", "close", "2026-009", "--override", "--reason", "x").code == 0
    assert [m["number"] for m in cli("matter", "list", "--closed", "--json").json] == ["2026-009"]
    assert cli("matter", "list", "--csv").out.splitlines()[0].startswith("number,title,client")


@pytest.mark.usefixtures("firm")
@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("matter show nix", 4),
        ("matter add 2026-009", 2),
        ("matter add 2026-009 T", 2),
        ("matter add T/1 T --client ohm", 2),
        ("matter add 2026-009 T --client ohm --value 5", 2),
        ("matter edit 2026-001", 2),
        ("matter list --open --closed", 2),
        ("matter rate 2026-001 MA -5", 2),
        ("matter rate 2026-001 XX 5", 4),
        ("matter rate 2026-001 MA 5 --from 2026-13-01", 2),
        ("matter billing 2026-001 --copies 3", 2),
        ("matter billing 2026-001 --discount 101%", 2),
        ("matter billing 2026-001 --discount -5", 2),
        ("matter billing 2026-001 --reset colour", 2),
        ("matter close 2026-001 --reason x", 2),
        ("matter hold 2026-009", 4),
        ("matter hold T-99999999999999999999999", 2),
        ("arrangement set 2026-001 fixed", 2),
        ("arrangement set 2026-001 capped --value 0", 2),
        ("arrangement set 2026-001 fixed --value 5 --bill-when never", 2),
        ("task add 2026-001 T --trigger 0%", 2),
        ("task add 2026-001 T --charge-description D", 2),
        ("task add 2026-001 T --terms -1", 2),
        ("task add 2026-001 T --due 2026-02-30", 2),
        ("task done 2026-001 1", 4),
        ("task done 2026-001 one", 2),
        ("task done 2026-001 99999999999999999999", 2),
        ("task waive 2026-001 1", 2),
        ("task edit 2026-001 1 --no-trigger --trigger 5", 2),
    ],
)
def test_bad_words_end_in_a_sentence(cli: Callable[..., Any], words: str, code: int) -> None:
    answer = cli(*words.split())
    assert (answer.code, answer.out) == (code, "")
    assert answer.err.startswith("error: ")
