"""A firm file goes in wholly, a second time without a change, and comes out as it went in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from billcli import assets
from billcli.errors import Refused, UsageProblem
from billcli.formats.firm import read, write

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger

BASE = """
[firm]
name = "Alvarez Law"
[[tax]]
code = "TX"
rates = [{ from = 2020-01-01, percent = 8.25 }]
[[expense_category]]
name = "court-fee"
code = "E112"
[[timekeeper]]
id = "MA"
name = "Maria Alvarez"
rate = 350
activity_rates = { A112 = 175 }
[[workflow]]
name = "petition"
case_type = "immigration"
[[workflow.task]]
name = "Letter signed"
trigger = { percent = 30 }
[[workflow.task]]
name = "Submitted"
due_days = 45
trigger = { percent = 40 }
[[client]]
id = "rivera"
name = "Ana Rivera"
city = "Austin"
rates = { MA = 325 }
"""
MATTER = """
[[matter]]
number = "2026-001"
title = "I-130 petition"
client = "rivera"
case_type = "immigration"
responsible = "MA"
opened = 2026-09-01
rates = { MA = 300 }
[matter.arrangement]
kind = "fixed"
value = 4500
bill_when = "milestones"
from = 2026-09-01
[matter.billing]
email = ["ana@rivera.example"]
copies = 1
discount = "10%"
[[matter.task]]
name = "Submitted"
due = 2026-12-01
trigger = { percent = 60, description = "Packet" }
[[matter.task]]
name = "Interview"
trigger = { amount = 450 }
[[matter.time]]
date = 2026-11-03
timekeeper = "MA"
hours = 1.5
description = "Draft declaration"
[[matter.expense]]
date = 2026-11-04
amount = 535
category = "court-fee"
description = "Filing fee"
"""


@pytest.fixture
def take(ledger: Ledger):
    """`take(text)` imports a firm file into the ledger."""
    from billcli.services.office import firm

    def import_(text: str, **options: str):
        return firm.import_(ledger, read(text, "firm.toml", currency=ledger.currency), **options)

    return import_


def log_length(ledger: Ledger) -> int:
    from billcli.store import audit

    return len(list(audit.rows(ledger)))


def test_everything_arrives(take, ledger: Ledger) -> None:
    from billcli.services.matter import matters
    from billcli.services.milestones import tasks
    from billcli.services.office import clients, timekeepers
    from billcli.services.work import items

    view = take(BASE + MATTER)
    assert (view.matters, view.time, view.expenses) == (1, 1, 1)
    matter = matters.show(ledger, "2026-001")
    assert (matter.client, matter.case_type, matter.responsible) == ("rivera", "immigration", "MA")
    assert matter.arrangement.value_cents == 450_000
    assert str(matter.arrangement.valid_from) == "2026-09-01"
    assert matter.billing["discount"] == "10%"
    assert matter.billing["copies"] == 1
    (client,) = clients.list_(ledger)
    assert client.details == {"city": "Austin"}
    assert client.rates[0].rate_e4 == 3_250_000
    (maria,) = timekeepers.list_(ledger)
    assert maria.rates[0].activity_code == "A112"
    found = items.items(ledger, "2026-001")
    assert [item.amount_cents for item in found] == [45_000, 53_500]
    named = {task.name: task for task in tasks.list_(ledger, "2026-001")}
    assert set(named) == {"Letter signed", "Submitted", "Interview"}


def test_a_task_of_the_file_takes_the_place_of_the_workflows(take, ledger: Ledger) -> None:
    from billcli.services.milestones import tasks

    take(BASE + MATTER)
    submitted = [t for t in tasks.list_(ledger, "2026-001") if t.name == "Submitted"]
    assert len(submitted) == 1
    assert submitted[0].trigger is not None
    assert submitted[0].trigger.percent_e4 == 600_000
    assert str(submitted[0].due) == "2026-12-01"


@pytest.mark.parametrize("text", [BASE + MATTER, None], ids=["small", "sample"])
def test_a_second_import_changes_nothing_and_logs_nothing(
    take, ledger: Ledger, text: str | None
) -> None:
    text = text or assets.sample_firm().read_text("utf-8")
    assert take(text).changed
    before = log_length(ledger)
    assert not take(text).changed
    assert log_length(ledger) == before


@pytest.mark.parametrize("text", [BASE + MATTER, None], ids=["small", "sample"])
def test_import_of_the_export_changes_nothing(take, ledger: Ledger, text: str | None) -> None:
    from billcli.services.office import firm

    take(text or assets.sample_firm().read_text("utf-8"))
    before, exported = log_length(ledger), firm.export_text(ledger)
    assert not take(exported).changed
    assert log_length(ledger) == before
    assert firm.export_text(ledger) == exported


def test_a_ledger_made_of_the_export_exports_the_same(cli, tmp_path: Path) -> None:
    assert cli("init", "--firm", assets.sample_firm()).code == 0
    assert cli("firm", "set", "firm.phone", "1").code == 0
    assert cli("task", "add", "2026-001", "Own task", "--trigger", "100").code == 0
    assert cli("matter", "billing", "2026-005", "--discount", "none", "--tax", "none").code == 0
    first = cli("firm", "export").out
    path, other = tmp_path / "x.toml", tmp_path / "other.db"
    path.write_text(first)
    assert cli("init", "--firm", path, ledger=other).code == 0
    assert cli("firm", "export", ledger=other).out == first
    assert cli("firm", "import", path).out == "Nothing to change.\n"


def test_the_export_has_no_work(take, ledger: Ledger) -> None:
    from billcli.services.office import firm

    take(BASE + MATTER)
    (matter,) = firm.export(ledger).matters
    assert (matter.time, matter.expenses) == ((), ())
    assert matter.tasks
    assert matter.billing["discount"] == {"percent_e4": 100_000}


def test_opening_work_is_only_for_a_new_matter(take, ledger: Ledger) -> None:
    from billcli.services.work import items

    take(BASE + MATTER)
    more = MATTER.replace("hours = 1.5", "hours = 9").replace("I-130 petition", "I-130 and I-485")
    view = take(BASE + more)
    assert (view.matters, view.time, view.expenses) == (1, 0, 0)
    assert len(items.items(ledger, "2026-001")) == 2


def test_what_the_file_leaves_out_stays(take, ledger: Ledger) -> None:
    from billcli.services.matter import matters
    from billcli.services.milestones import tasks
    from billcli.services.office import clients

    take(BASE + MATTER)
    view = take('[[client]]\nid = "rivera"\nname = "Ana Rivera-Soto"\n')
    assert view.clients == 1
    client = clients.show(ledger, "rivera")
    assert (client.name, client.details) == ("Ana Rivera-Soto", {"city": "Austin"})
    take('[[matter]]\nnumber = "2026-001"\ntitle = "I-130"\nclient = "rivera"\n')
    matter = matters.show(ledger, "2026-001")
    assert (matter.title, matter.arrangement.kind) == ("I-130", "fixed")
    assert len(tasks.list_(ledger, "2026-001")) == 3


def test_a_removed_task_stays_removed_only_where_the_file_lacks_it(take, ledger: Ledger) -> None:
    from billcli.services.milestones import tasks
    from billcli.services.office import firm

    take(BASE + MATTER)
    numbers = {task.name: task.task for task in tasks.list_(ledger, "2026-001")}
    tasks.remove(ledger, "2026-001", numbers["Interview"])
    exported = firm.export_text(ledger)
    assert "Interview" not in exported
    assert not take(exported).changed
    assert take(BASE + MATTER).tasks == 1


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('client = "rivera"', 'client = "riv"', 'matter[1] (2026-001).client: there is no client'),
        ('responsible = "MA"', 'responsible = "MB"', "matter[1] (2026-001).responsible"),
        ("rates = { MA = 300 }", "rates = { XY = 300 }", "matter[1] (2026-001).rates.XY"),
        ("rates = { MA = 325 }", "rates = { XY = 325 }", "client[1] (rivera).rates.XY"),
        ("copies = 1", 'tax = "NO"', "matter[1] (2026-001).billing.tax"),
        ('timekeeper = "MA"', 'timekeeper = "MM"', "matter[1] (2026-001).time[1].timekeeper"),
        ('category = "court-fee"', 'category = "x"', "matter[1] (2026-001).expense[1].category"),
        ('name = "Alvarez Law"', '[billing]\ntax = "NO"', "billing.tax: there is no tax code"),
        ('kind = "fixed"', 'kind = "hourly"', "matter[1] (2026-001).arrangement"),
        ("date = 2026-11-03", "date = 2026-12-03", "matter[1] (2026-001).time[1]"),
        ("percent = 60", "percent = 80", "matter[1] (2026-001).task[1] (Submitted)"),
    ],
)  # fmt: skip
def test_a_fault_is_named_by_its_path_and_nothing_comes_in(
    take, ledger: Ledger, old: str, new: str, said: str
) -> None:
    from billcli.store import people

    text = BASE + MATTER
    assert old in text
    with pytest.raises((UsageProblem, Refused)) as refused:
        take(text.replace(old, new))
    assert said in refused.value.sentence
    assert not people.clients(ledger)
    assert log_length(ledger) == 0


def test_the_nearest_name_is_offered(take) -> None:
    with pytest.raises(UsageProblem) as refused:
        take((BASE + MATTER).replace('client = "rivera"', 'client = "rivra"'))
    assert refused.value.code == "firm-file.reference"
    assert 'Did you mean "rivera"?' in (refused.value.hint or "")


DEPOSIT = """
[[matter.trust_deposit]]
date = 2026-10-01
amount = 6000
method = "check"
from = "Ana's mother"
reference = "slip 12"
[[matter.trust_deposit]]
date = 2026-10-02
amount = "1,500.00"
method = "wire"
clears = 2026-10-20
protect = "settlement"
"""


def test_opening_trust_money_comes_in_once_and_whole(take, ledger: Ledger) -> None:
    from billcli.services.funds import trust_views
    from billcli.services.office import firm

    first = take("[trust]\nholds = { check = 2 }\n" + BASE + MATTER + DEPOSIT)
    assert first.trust_deposits == 2
    slip, wire = trust_views.card(ledger, "2026-001")
    assert (slip.amount_cents, slip.clears.isoformat()) == (600000, "2026-10-05")
    assert (slip.party, slip.method, slip.reference) == ("Ana's mother", "check", "slip 12")
    assert (wire.purpose, wire.protected_cents) == ("settlement", 150000)
    held = trust_views.balance(ledger, "2026-001")
    assert (held.balance_cents, held.available_cents) == (750000, 600000)
    # The matter is there now, so its opening work stays what it is.
    again = take("[trust]\nholds = { check = 2 }\n" + BASE + MATTER + DEPOSIT)
    assert not again.changed
    assert not take(firm.export_text(ledger)).changed
    assert len(trust_views.card(ledger, "2026-001")) == 2


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("date = 2026-10-01", "date = 2026-12-24", "trust_deposit[1]: A trust entry can't be"),
        ("clears = 2026-10-20", "clears = 2026-10-01", "trust_deposit[2]: A deposit of 2026-10-02"),
        ('method = "wire"', 'method = "boat"', "trust_deposit[2].method"),
        ('"1,500.00"', "0", "trust_deposit[2].amount"),
    ],
)
def test_a_fault_in_opening_trust_money_is_named(
    take, ledger: Ledger, old: str, new: str, said: str
) -> None:
    with pytest.raises((UsageProblem, Refused)) as refused:
        take((BASE + MATTER + DEPOSIT).replace(old, new))
    assert said in refused.value.sentence
    assert log_length(ledger) == 0


def test_B11_another_currency_is_refused_once_there_is_money(take, ledger: Ledger) -> None:
    take(BASE + MATTER)
    with pytest.raises(Refused) as refused:
        take('[firm]\ncurrency = "EUR"\n')
    assert refused.value.code == "currency.fixed"
    assert ledger.currency == "USD"


def test_B11_a_ledger_without_money_can_change_its_currency(take, ledger: Ledger) -> None:
    take('[firm]\ncurrency = "JPY"\n' + BASE.replace("[firm]\n", ""))
    assert (ledger.currency, ledger.decimals) == ("JPY", 0)


def test_archived_people_come_in_archived(take, ledger: Ledger) -> None:
    from billcli.services.office import clients, firm, timekeepers

    text = BASE.replace('id = "rivera"', 'id = "rivera"\narchived = true') + (
        '[[timekeeper]]\nid = "OLD"\nname = "Old"\nrate = 1\narchived = true\n'
    )
    take(text)
    assert clients.list_(ledger) == []
    assert [t.id for t in timekeepers.list_(ledger)] == ["MA"]
    assert not take(firm.export_text(ledger)).changed


def test_closed_matters_are_history(take, ledger: Ledger, cli) -> None:
    from billcli.services.office import firm

    take(BASE)
    cli("matter", "add", "M1", "T", "--client", "rivera")
    cli("matter", "close", "M1")
    ledger.session.rollback()
    assert firm.export(ledger).matters == ()


def test_control_characters_of_a_name_are_left_out_of_the_file(take, ledger: Ledger, cli) -> None:
    from billcli.services.office import firm

    cli("client", "add", "x", "A\x1b[31mB\tC", "--address", "1\x7f2")
    ledger.session.rollback()
    exported = firm.export(ledger)
    assert exported.clients[0].name == "A[31mB C"
    assert not take(firm.export_text(ledger)).changed


def test_a_file_is_written_whole_and_never_over_another(cli, tmp_path: Path) -> None:
    cli("init", "--firm", assets.sample_firm())
    path = tmp_path / "out.toml"
    assert cli("firm", "export", path).code == 0
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.read_text("utf-8") == cli("firm", "export", "-").out
    path.write_text("mine")
    refused = cli("firm", "export", path)
    assert refused.code == 2
    assert "--force" in refused.err
    assert path.read_text() == "mine"
    assert cli("firm", "export", path, "--force").code == 0
    assert read(path.read_text("utf-8"), "x").matters
    assert cli("firm", "export", tmp_path).code == 2
    assert cli("firm", "export", tmp_path / "no" / "x.toml").code == 2


def test_long_criteria_of_several_lines_come_through(take, ledger: Ledger, cli) -> None:
    from billcli.services.office import firm

    take(BASE + MATTER)
    criteria = "Receipt notice on file\n" + "and " * 400
    ledger.session.rollback()
    assert cli("task", "add", "2026-001", "Long", "--acceptance", criteria).code == 0
    ledger.session.rollback()
    exported = firm.export_text(ledger)
    (task,) = [t for t in read(exported, "x").matters[0].tasks if t.name == "Long"]
    assert task.acceptance == criteria.strip()
    assert not take(exported).changed


def test_a_written_file_reads_as_the_export(take, ledger: Ledger) -> None:
    from billcli.services.office import firm

    take(BASE + MATTER)
    exported = firm.export(ledger)
    assert read(write(exported), "x") == exported
