"""What is approved never changes, and a void gives everything back (B6, invariants 9 and 10)."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from offices import Answer
from practice import DAY, H, asked, contents, practice

from billcli.errors import BillError
from billcli.services.arrangement import arrangements
from billcli.services.bill import bill_reading, bills
from billcli.services.bill.request import Request
from billcli.services.matter import matters, options
from billcli.services.milestones import tasks, triggers
from billcli.services.office import clients, firm, timekeepers
from billcli.services.receivables import payments
from billcli.services.reporting import reports, status
from billcli.services.upkeep import soundness
from billcli.services.work import items
from billcli.store import firm as firm_store
from billcli.store import rates
from billcli.store.firm import Tax
from billcli.store.ledger import Ledger

M = "2026-001"
NOW = Request(DAY, DAY)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return practice(tmp_path_factory.mktemp("month") / "ledger.db", matters=1)


@pytest.fixture
def office(prepared: Path, tmp_path: Path, make_ledger: Callable[..., Ledger]) -> Ledger:
    """An open ledger whose one matter is taxed and has a template of its own."""
    ledger = make_ledger(Path(shutil.copy(prepared, tmp_path / "ledger.db")))
    shelf(ledger, "ours {{ bill.number }} {{ client.name }} {{ firm.name }} {{ totals.total }}")
    with ledger.write():
        tax = Tax("VAT", "VAT", "both", ((date(2020, 1, 1), 20 * H),))
        firm_store.put_tax(ledger, tax)
        timekeepers.add(ledger, "jb", "J. Berg", rate_e4=200 * H)
        matters.edit(ledger, M, {"responsible": "ma"})
        options.set_options(ledger, M, {"tax": "VAT", "template": "ours"})
    return ledger


def shelf(ledger: Ledger, text: str) -> None:
    folder = ledger.path.parent / "templates"
    folder.mkdir(exist_ok=True)
    for form in ("md", "html"):
        (folder / f"ours.{form}.j2").write_text(text)


def everything_changes(ledger: Ledger) -> None:
    """A year later: everybody moved, and everything costs more."""
    clients.edit(ledger, "rivera", {"name": "Renamed Inc", "address": ("9 Elsewhere",)})
    firm.set_(ledger, "firm.name", "Another Firm")
    firm.set_(ledger, "billing.terms_days", "7")
    timekeepers.edit(ledger, "ma", {"name": "M. Married"})
    matters.edit(ledger, M, {"title": "Another title", "responsible": "jb"})
    with ledger.write():
        rates.put(ledger, "ma", 999 * H)
        firm_store.put_tax(ledger, Tax("VAT", "GST", "fees", ((date(2020, 1, 1), 5 * H),)))
    options.set_options(ledger, M, {"discount": {"percent_e4": 50 * H}, "tax": "none"})
    arrangements.set_(ledger, M, "capped", {"value_cents": 1_00})
    shelf(ledger, "theirs {{ firm.name }} {{ client.name }}")


def pages(ledger: Ledger, number: str) -> dict[str, bytes]:
    return {form: bill_reading.render(ledger, number, form=form) for form in ("md", "html")}


def test_B06_an_issued_bill_is_the_same_bytes_for_ever(office: Ledger) -> None:
    made = bills.create(office, M, NOW, issued=True)
    number = made["number"]
    before = pages(office, number)
    assert b"Ana Rivera" in before["md"]
    everything_changes(office)
    assert pages(office, number) == before
    assert bills.show(office, number) == made
    kept = asked(office.path, "SELECT content, sha256 FROM bill_document ORDER BY format DESC")
    assert [content for content, _ in kept] == [before["md"], before["html"]]
    assert all(hashlib.sha256(content).hexdigest() == sha for content, sha in kept)
    payments.add(office, number, 1_00)
    assert pages(office, number) == before
    assert soundness.check(office.path).findings == ()


def test_B06_an_approved_bill_keeps_its_words_and_amounts(office: Ledger) -> None:
    made = bills.create(office, M, NOW, approved=True)
    everything_changes(office)
    assert bills.show(office, made["number"]) == made
    issued = bills.issue(office, made["number"])
    assert {**issued, "state": "approved"} == made
    page = bill_reading.render(office, made["number"], form="md").decode()
    assert "My law firm" in page
    assert "Ana Rivera" in page
    assert soundness.check(office.path).findings == ()


def test_B06_fees_that_no_entry_brought_in_stay_with_who_was_responsible(office: Ledger) -> None:
    matters.add(
        office, "2026-002", "Will", client="rivera", responsible="ma", kind="fixed",
        terms={"value_cents": 900_00},
    )  # fmt: skip
    made = bills.create(office, "2026-002", NOW, issued=True)
    (share,) = made["allocation"]
    assert (share["timekeeper"], share["amount_cents"]) == ("ma", 900_00)
    matters.edit(office, "2026-002", {"responsible": "jb"})
    assert bills.show(office, made["number"])["allocation"] == made["allocation"]


def test_B06_a_draft_notices_what_changed_and_is_refused(office: Ledger) -> None:
    made = bills.create(office, M, NOW)
    options.set_options(office, M, {"discount": {"percent_e4": 50 * H}})
    with pytest.raises(BillError) as refused:
        bills.approve(office, made["id"])
    assert refused.value.code == "draft.stale"
    refreshed = bills.refresh(office, made["id"])
    assert refreshed["discount_cents"] == refreshed["fees_cents"] // 2
    assert bills.approve(office, made["id"])["total_cents"] == refreshed["total_cents"]


def unshelved(ledger: Ledger) -> None:
    for file in (ledger.path.parent / "templates").iterdir():
        file.unlink()


@pytest.mark.parametrize("change", [lambda ledger: shelf(ledger, "{{ no.such }}"), unshelved])
def test_B06_approval_freezes_the_template(
    office: Ledger, change: Callable[[Ledger], None]
) -> None:
    number = bills.create(office, M, NOW, approved=True)["number"]
    shown = pages(office, number)
    assert shown["md"].startswith(b"ours 2026-0001 Ana Rivera")
    change(office)
    assert pages(office, number) == shown
    bills.issue(office, number)
    assert pages(office, number) == shown
    # The set is there once, whatever is approved with it.
    matters.add(office, "2026-002", "Will", client="rivera", kind="fixed",
                terms={"value_cents": 900_00})  # fmt: skip
    bills.create(office, "2026-002", NOW, issued=True)
    kept = asked(office.path, "SELECT count(*) FROM template_set")
    assert kept == [2]
    bills.void(office, number, reason="again")
    shelf(office, "ours {{ bill.number }} {{ client.name }} {{ firm.name }} {{ totals.total }}")
    bills.create(office, M, NOW, issued=True)
    assert asked(office.path, "SELECT count(*) FROM template_set") == kept
    assert soundness.check(office.path).findings == ()


@pytest.mark.parametrize("wanted", ["'_foot.md.j2'", "'_fo' ~ 'ot.md.j2'"])
def test_B06_approval_freezes_what_a_template_includes(office: Ledger, wanted: str) -> None:
    shelf(office, "ours {% include " + wanted + " %}{% include 'gone' ignore missing %}")
    foot = office.path.parent / "templates" / "_foot.md.j2"
    foot.write_text("Kindly yours\n")
    number = bills.create(office, M, NOW, approved=True)["number"]
    foot.unlink()
    bills.issue(office, number)
    assert pages(office, number)["md"] == b"ours Kindly yours\n"


def test_B06_a_template_at_fault_stops_the_approval(office: Ledger) -> None:
    shelf(office, "one\n{{ bill.nothing }}")
    with pytest.raises(BillError, match=r'ours.md.j2" line 2') as refused:
        bills.create(office, M, NOW, approved=True)
    assert refused.value.code == "template.fault"
    assert asked(office.path, "SELECT count(*) FROM bill") == [0]
    unshelved(office)
    with pytest.raises(BillError) as refused:
        bills.create(office, M, NOW, approved=True)
    assert refused.value.code == "template.missing"


def test_a_bill_approved_under_schema_1_prints_with_the_file(office: Ledger) -> None:
    number = bills.create(office, M, NOW, approved=True)["number"]
    guard = asked(office.path, "SELECT sql FROM sqlite_master WHERE name = 'bill_unchanged'")[0]
    with office.write() as session:
        for sql in ("DROP TRIGGER bill_unchanged", "UPDATE bill SET template_set = NULL", guard):
            session.connection().exec_driver_sql(sql)
    shelf(office, "edited {{ bill.number }}")
    bills.issue(office, number)
    assert pages(office, number)["md"] == b"edited 2026-0001"


def test_B06_a_template_is_not_asked_of_an_issued_bill(office: Ledger) -> None:
    number = bills.create(office, M, NOW, issued=True)["number"]
    with pytest.raises(BillError) as refused:
        bill_reading.render(office, number, form="md", template="standard")
    assert refused.value.code == "bill.frozen"


def test_a_template_file_is_found_from_another_folder(
    office: Ledger, cli: Callable[..., Answer], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    there.mkdir()
    (here / "mine.md.j2").write_text("My own {{ bill.number }}")
    monkeypatch.chdir(here)
    assert cli("bill", "create", M, "--template", "mine.md.j2").code == 0
    monkeypatch.chdir(there)
    assert cli("bill", "approve", "D-1").code == 0
    issued = cli("bill", "issue", "2026-0001")
    assert (issued.code, issued.err) == (0, "")
    assert bill_reading.render(office, "2026-0001", form="md") == b"My own 2026-0001"


def test_B06_before_issue_a_page_says_so(office: Ledger, cli: Callable[..., Answer]) -> None:
    options.set_options(office, M, {"template": "standard"})
    made = bills.create(office, M, NOW)
    assert "not yet issued" in bill_reading.render(office, made["id"], form="md").decode().lower()
    number = bills.approve(office, made["id"])["number"]
    assert "not yet issued" in bill_reading.render(office, number, form="md").decode().lower()
    bills.issue(office, number)
    assert "not yet issued" not in bill_reading.render(office, number, form="md").decode().lower()


# -- a void gives everything back ------------------------------------------------------------------


def standing(ledger: Ledger) -> dict[str, Any]:
    """What a lawyer sees of unbilled work, milestones and headroom."""
    view = status.status(ledger)
    return {
        "items": items.items(ledger, M),
        "wip": reports.wip(ledger),
        "tasks": [(task.task, task.state, task.trigger) for task in tasks.list_(ledger, M)],
        "headroom": arrangements.show(ledger, M).headroom_cents,
        "preview": bills.preview(ledger, M, NOW)[0],
        "ageing": reports.ageing(ledger),
        "status": {key: view[key] for key in ("earned_unbilled", "drafts", "to_issue", "caps")},
    }


@pytest.mark.parametrize("how", ["approved", "issued", "paid"])
@pytest.mark.parametrize(
    ("kind", "terms"),
    [
        ("hourly", {}),
        ("capped", {"value_cents": 700_00}),
        ("fixed", {"value_cents": 700_00, "bill_when": "milestones"}),
    ],
)
def test_void_after_approval_restores_work_and_milestones(
    office: Ledger, kind: str, terms: dict[str, Any], how: str
) -> None:
    """Invariant 9."""
    arrangements.set_(office, M, kind, terms)
    tasks.add(office, M, "Part", trigger_kind="amount", trigger_cents=500_00)
    triggers.done(office, M, 1, charge=True)
    before = standing(office)
    made = bills.create(office, M, NOW, approved=True, issued=how != "approved")
    assert standing_differs(office, before)
    if how == "paid":
        paid = payments.add(office, made["number"], made["total_cents"])
        with pytest.raises(BillError, match="paid on it"):
            bills.void(office, made["number"], reason="wrong")
        payments.unapply(office, paid["id"])
    bills.void(office, made["number"], reason="wrong")
    if how == "paid":
        waiting = bills.preview(office, M, NOW)[0]
        assert waiting["paid_cents"] == made["total_cents"], "the credit would pay the next bill"
        payments.refund(office, paid["id"])
    assert standing(office) == before
    assert bills.show(office, made["number"])["state"] == "void"
    again = bills.create(office, M, NOW, issued=True)
    assert again["number"] == "2026-0002"
    assert again["total_cents"] == made["total_cents"]
    assert soundness.check(office.path).findings == ()


def standing_differs(ledger: Ledger, before: dict[str, Any]) -> bool:
    with pytest.raises(BillError, match="nothing to bill"):
        bills.preview(ledger, M, NOW)
    return bool(reports.wip(ledger) != before["wip"])


def test_a_void_that_writes_off_gives_nothing_back(office: Ledger) -> None:
    made = bills.create(office, M, NOW, issued=True)
    bills.void(office, made["number"], reason="bad work", entries="write-off")
    assert reports.wip(office) == []
    assert reports.ageing(office) == []
    assert {item.state for item in items.items(office, M)} == {"written_off"}


def test_what_is_refused_changes_nothing(office: Ledger) -> None:
    made = bills.create(office, M, NOW, issued=True)
    payments.add(office, made["number"], 1_00)
    there = contents(office.path)
    for refused in (
        lambda: bills.void(office, made["number"], reason="wrong"),
        lambda: bills.issue(office, made["number"]),
        lambda: bills.approve(office, made["id"]),
        lambda: bills.delete(office, made["number"]),
        lambda: bills.refresh(office, made["id"]),
        lambda: bills.create(office, M, NOW),
        lambda: payments.refund(office, "P-1", 1),
        lambda: payments.apply(office, "P-1"),
        lambda: payments.add(office, "2026-0099", 1),
    ):
        with pytest.raises(BillError):
            refused()
    assert contents(office.path) == there
