"""The sheets of people, matters and work."""

from __future__ import annotations

from billcli.store.sheets import Sheet, sheet

_STATE = """CASE WHEN k.bill_id IS NOT NULL AND v.id IS NOT NULL THEN 'written_off'
        WHEN k.bill_id IS NOT NULL THEN 'billed' WHEN d.draft_id IS NOT NULL THEN 'in_draft'
        WHEN {gone} THEN 'withdrawn' WHEN e.held_on IS NOT NULL THEN 'held' ELSE 'wip' END,
    coalesce(b.number, 'D-' || d.draft_id)"""
_FROM = """FROM {table} AS e JOIN matter AS m ON m.id = e.matter_id
    LEFT JOIN claim AS k ON k.kind = '{kind}' AND k.entry_id = e.id AND k.released_on IS NULL
    LEFT JOIN bill AS b ON b.id = k.bill_id
    LEFT JOIN bill_event AS v ON v.bill_id = b.id AND v.what = 'voided'
    LEFT JOIN draft_source AS d ON d.kind = '{kind}' AND d.entry_id = e.id
    {more} ORDER BY e.day, e.id"""
_STANDING = {
    "state": "wip, held, in_draft, billed, written_off or withdrawn",
    "bill": "the bill it stands on, or the draft that reserves it",
}


def _work(table: str, kind: str, columns: str, *, gone: str = "0", more: str = "") -> str:
    said = _FROM.format(table=table, kind=kind, more=more)
    return f"SELECT {columns}, {_STATE.format(gone=gone)} {said}"


SHEETS: tuple[Sheet, ...] = (
    sheet(
        "clients",
        "Who pays.",
        {
            "client": "the client's id, which other files name",
            "name": "the name as bills print it",
            "email": "where bills go",
            "address": "the lines of the address, with ; between them",
            "terms_days": "days until a bill is due, where the client has its own",
            "tax_exempt": "true where no tax is charged",
            "archived_on": "since when it isn't used any more",
        },
        """SELECT id, name, email,
            (SELECT group_concat(value, '; ') FROM json_each(client.address)), terms_days,
            iif(tax_exempt, 'true', 'false'), archived_on FROM client ORDER BY id""",
    ),
    sheet(
        "timekeepers",
        "Whose hours are billed.",
        {
            "timekeeper": "the timekeeper's id, which other files name",
            "name": "the name",
            "email": "the address",
            "classification": "what electronic bills say the timekeeper is",
            "archived_on": "since when no time is recorded any more",
        },
        "SELECT id, name, email, classification, archived_on FROM timekeeper ORDER BY id",
    ),
    sheet(
        "rates",
        "Prices per hour, each for a timekeeper and perhaps for one client, matter or activity.",
        {
            "timekeeper": "whose hours",
            "client": "for that client alone",
            "matter": "for that matter alone",
            "activity_code": "for that activity alone",
            "valid_from": "the first day; empty: always",
            "rate_e4": "the price of an hour",
        },
        """SELECT r.timekeeper_id, r.client_id, m.number, r.activity_code,
            nullif(r.valid_from, '0001-01-01'), r.rate_e4
            FROM rate AS r LEFT JOIN matter AS m ON m.id = r.matter_id ORDER BY r.id""",
    ),
    sheet(
        "matters",
        "Pieces of work for clients.",
        {
            "matter": "the matter's number, which other files name",
            "title": "its title",
            "client": "whose it is",
            "client_matter_id": "the client's own number for it",
            "case_type": "the kind of case",
            "practice_area": "the area of practice",
            "step": "where it is in its workflow",
            "responsible": "the timekeeper who answers for it",
            "opened_on": "the day it was opened",
            "closed_on": "the day it was closed",
            "held_on": "since when its billing is on hold",
        },
        """SELECT number, title, client_id, client_matter_id, case_type, practice_area, step,
            responsible_id, opened_on, closed_on, held_on FROM matter ORDER BY number""",
    ),
    sheet(
        "arrangements",
        "How matters are billed: every version, the later one on top of the earlier.",
        {
            "matter": "the matter",
            "valid_from": "the first day of this version; empty: for all that was unbilled",
            "kind": "hourly, capped, fixed and so on",
            "terms": "the terms as JSON; amounts are in the currency's smallest unit",
        },
        """SELECT m.number, a.valid_from, a.kind, a.terms FROM arrangement AS a
            JOIN matter AS m ON m.id = a.matter_id ORDER BY m.number, a.id""",
    ),
    sheet(
        "tasks",
        "Tasks and milestones, with what is charged when they are done.",
        {
            "matter": "the matter",
            "task": "the task's number in its matter",
            "name": "what is to be done",
            "step": "the step it belongs to",
            "due_on": "the day it is due",
            "done_on": "the day it was done",
            "accepted_on": "the day the client accepted it",
            "trigger_kind": "amount, percent or remainder, where doing it charges something",
            "trigger_cents": "the amount of it",
            "trigger_percent_e4": "the part of the fee",
            "decision": "declined or waived, where it isn't charged",
            "archived_on": "the day it was removed",
        },
        """SELECT m.number, t.number, t.name, t.step, t.due_on, t.done_on, t.accepted_on,
            t.trigger_kind, t.trigger_cents, t.trigger_percent_e4, t.decision, t.archived_on
            FROM task AS t JOIN matter AS m ON m.id = t.matter_id ORDER BY m.number, t.number""",
    ),
    sheet(
        "time",
        "Hours worked.",
        {
            "entry": "the entry's id",
            "date": "the day of the work",
            "matter": "the matter",
            "client": "the client",
            "timekeeper": "who worked",
            "logged_hours_e4": "hours as they were recorded",
            "hours_e4": "hours as they are billed, after rounding",
            "rate_e4": "the price of an hour when it was recorded",
            "standard_cents": "hours times price",
            "behavior": "bill, no_charge, hide or non_billable",
            "description": "what was done",
            "task_code": "the code of the task",
            "activity_code": "the code of the activity",
            **_STANDING,
        },
        _work(
            "time_entry",
            "time",
            "'T-' || e.id, e.day, m.number, m.client_id, e.timekeeper_id, e.logged_e4, e.hours_e4,"
            " e.rate_e4, e.standard_cents, replace(e.behavior, '-', '_'), e.description,"
            " e.task_code, e.activity_code",
        ),
    ),
    sheet(
        "expenses",
        "Costs laid out for clients.",
        {
            "entry": "the entry's id",
            "date": "the day of the cost",
            "matter": "the matter",
            "client": "the client",
            "timekeeper": "who laid it out",
            "amount_cents": "what it cost",
            "behavior": "bill or non_billable",
            "category": "the kind of cost",
            "expense_code": "its code in electronic bills",
            "taxable": "true or false where it was said; else the category decides",
            "description": "what it was for",
            **_STANDING,
        },
        _work(
            "expense",
            "expense",
            "'E-' || e.id, e.day, m.number, m.client_id, e.timekeeper_id, e.amount_cents,"
            " replace(e.behavior, '-', '_'), e.category, e.expense_code,"
            " CASE e.taxable WHEN 1 THEN 'true' WHEN 0 THEN 'false' END, e.description",
        ),
    ),
    sheet(
        "charges",
        "Flat charges, by hand or by a task that was done.",
        {
            "entry": "the entry's id",
            "date": "the day of the charge",
            "matter": "the matter",
            "client": "the client",
            "timekeeper": "whose work it is",
            "task": "the task that made it",
            "amount_cents": "the charge",
            "description": "what it is for",
            **_STANDING,
        },
        _work(
            "charge",
            "charge",
            "'C-' || e.id, e.day, m.number, m.client_id, e.timekeeper_id, t.number,"
            " e.amount_cents, e.description",
            gone="e.withdrawn_on IS NOT NULL",
            more="LEFT JOIN task AS t ON t.id = e.task_id",
        ),
    ),
)
