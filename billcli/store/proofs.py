"""The proofs that take more than a query: the chain of the log, hashes, the schema's own words."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from functools import cache
from typing import Any

from billcli.store.audit import FIRST, digest, seal
from billcli.store.migrate import Migration, migrations

# Only ever appended to, so a row that is gone shows in SQLite's own count of the ids it gave.
COUNTED = (
    "audit",
    "payment",
    "journal_entry",
    "reserve_move",
    "credit_note",
    "bill_dispute",
    "payment_plan",
    "trust_entry",
    "retainer_entry",
    "fund_request",
    "reconciliation",
)
SEALED = (
    ("bill_line", "line"),
    ("bill_tax", "code"),
    ("bill_part", "part"),
    ("bill_allocation", "n"),
)
# What a bill or a credit note moves by itself may stand in their own row of the log.
_OF_A_BILL = "a.object LIKE 'bill %' OR a.object LIKE 'credit %'"
MARKED = (
    ("bill", "'Bill ' || t.number", "a.object = 'bill ' || t.number"),
    ("bill_event", "'Event ' || t.id || ' of D-' || t.bill_id", "a.object LIKE 'bill %'"),
    ("payment", "'Payment P-' || t.id", "a.object = 'payment P-' || t.id"),
    ("journal_entry", "'Entry ' || t.source", "1"),
    ("reserve_move", "'Reserve move ' || t.id", "1"),
    ("trust_entry", "'Trust entry TR-' || t.id", f"a.object = 'trust TR-' || t.id OR {_OF_A_BILL}"),
    ("trust_clearing", "'Clearing of TR-' || t.receipt_id", "1"),
    ("trust_confirmation", "'Transfer of TR-' || t.trust_id", "1"),
    ("trust_notice", "'Notice of D-' || t.bill_id", "1"),
    (
        "retainer_entry",
        "'Retainer entry RT-' || t.id",
        f"a.object = 'retainer RT-' || t.id OR {_OF_A_BILL}",
    ),
    ("fund_request", "'Request ' || t.number", "a.object = 'request ' || t.number"),
    ("reconciliation", "'Reconciliation of ' || t.day", "1"),
    ("credit_note", "'Credit note ' || t.number", "a.object = 'credit ' || t.number"),
    ("payment_plan", "'Plan ' || t.id || ' of D-' || t.bill_id", "a.object LIKE 'bill %'"),
    ("outbox", "'Message M-' || t.id", "a.object LIKE 'mail %'"),
    (
        "outbox_event",
        "'Event ' || t.n || ' of message M-' || t.outbox_id",
        "a.object = 'mail M-' || t.outbox_id",
    ),
    ("bill_dispute", "'Dispute ' || t.id || ' of D-' || t.bill_id", "a.object LIKE 'bill %'"),
    (
        "closed_span",
        "'Closed span ' || t.id",
        "a.object LIKE 'matter %' AND a.matter_id = t.matter_id AND a.today = t.reopened_on",
    ),
    ("undone", "'The undo of change set ' || t.unit", "a.object LIKE 'undo %'"),
)


def shape(dbapi: sqlite3.Connection) -> Iterator[str]:
    """Tables, indexes and triggers that are missing, changed, or not the program's."""
    version = int(dbapi.execute("PRAGMA user_version").fetchone()[0])
    shipped = _shipped(*(each for each in migrations() if each.version <= version))
    found = _objects(dbapi)
    for key in sorted(shipped.keys() | found.keys()):
        kind, name = key
        if key not in found:
            yield f"The {kind} {name} is missing."
        elif key not in shipped:
            yield f"The {kind} {name} is none of schema {version}."
        elif found[key] != shipped[key]:
            yield f"The {kind} {name} is not as schema {version} has it."


@cache
def _shipped(*steps: Migration) -> dict[tuple[str, str], str]:
    """What a ledger holds that these made; of files of the program, so it stays true."""
    model = sqlite3.connect(":memory:", isolation_level=None)
    try:
        for migration in steps:
            for statement in migration.statements():
                model.execute(statement)
        return _objects(model)
    finally:
        model.close()


def _objects(dbapi: sqlite3.Connection) -> dict[tuple[str, str], str]:
    rows = dbapi.execute(
        "SELECT type, name, tbl_name || ': ' || sql FROM sqlite_master"
        " WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
    )
    return {(kind, name): sql for kind, name, sql in rows}


def audit_chain(dbapi: sqlite3.Connection) -> Iterator[str]:
    """Rows of the log that were changed, taken out, moved or cut off."""
    before, last = FIRST, 0
    for row in dbapi.execute(
        "SELECT id, previous, hash, at, today, actor, command, object, before, after, matter_id"
        " FROM audit ORDER BY id"
    ):
        id_, previous, hash_, *said = row
        if id_ != last + 1:
            yield f"The log goes from row {last} to row {id_}."
        if previous != before:
            yield f"Row {id_} of the log doesn't follow the row before it."
        matter = said.pop()
        if digest(previous, (*said, None if matter is None else str(matter))) != hash_:
            yield f"Row {id_} of the log was changed after it was written."
        before, last = hash_, id_
    given = dict(dbapi.execute("SELECT name, seq FROM sqlite_sequence").fetchall())
    for table in COUNTED:
        high, n = dbapi.execute(f"SELECT coalesce(max(id), 0), count(*) FROM {table}").fetchone()
        if not given.get(table, 0) == high == n:
            yield f"Of {given.get(table, 0)} rows of {table}, {n} are there, the last is {high}."
    drafts = given.get("draft", 0)
    latest = dbapi.execute("SELECT coalesce(max(id), 0) FROM bill").fetchone()[0]
    if drafts < latest:
        yield f"Drafts are counted up to D-{drafts}, but there is a bill D-{latest}."


def marks(dbapi: sqlite3.Connection) -> Iterator[str]:
    """Bills, events, payments and entries whose row of the log is another or gone."""
    for table, name, says in MARKED:
        for (label,) in dbapi.execute(
            f"SELECT {name} FROM {table} AS t LEFT JOIN audit AS a ON a.id = t.audit_id"
            f" AND a.hash = t.audit_hash AND ({says}) WHERE a.id IS NULL"
        ):
            yield f"{label} isn't in the audit log as it says."


def seals(dbapi: sqlite3.Connection) -> Iterator[str]:
    """Bills and credit notes whose rows are not what was approved or written."""
    read = dbapi.cursor()
    read.row_factory = sqlite3.Row
    for bill in read.execute(
        "SELECT b.*, a.after AS approved FROM bill AS b LEFT JOIN audit AS a ON a.id = b.audit_id"
        " ORDER BY b.id"
    ):
        row = dict(bill)
        said = json.loads(row.pop("approved") or "{}")
        del row["audit_id"], row["audit_hash"]
        rows = [row]
        for table, order in SEALED:
            rows += _all(dbapi, f"SELECT * FROM {table} WHERE bill_id = ? ORDER BY {order}", row)
        if said.get("seal") != seal(rows) or said.get("approved") != f"D-{row['id']}":
            yield f"Bill {row['number']} is not what was approved."
    for note in read.execute(
        "SELECT c.*, a.after AS written FROM credit_note AS c"
        " LEFT JOIN audit AS a ON a.id = c.audit_id ORDER BY c.id"
    ):
        row = dict(note)
        said = json.loads(row.pop("written") or "{}")
        del row["audit_id"], row["audit_hash"]
        rows = [row]
        for table, order in (("credit_note_tax", "code"), ("credit_note_part", "part")):
            rows += _all(dbapi, f"SELECT * FROM {table} WHERE credit_id = ? ORDER BY {order}", row)
        if said.get("seal") != seal(rows):
            yield f"Credit note {row['number']} is not what was written."


def _all(dbapi: sqlite3.Connection, sql: str, bill: dict[str, Any]) -> list[dict[str, Any]]:
    read = dbapi.execute(sql, (bill["id"],))
    names = [column[0] for column in read.description]
    return [dict(zip(names, row, strict=True)) for row in read]


def templates(dbapi: sqlite3.Connection) -> Iterator[str]:
    """Frozen templates whose texts were changed; which set is a bill's, its seal proves."""
    for sha256, texts in dbapi.execute("SELECT sha256, texts FROM template_set"):
        if hashlib.sha256(texts.encode()).hexdigest() != sha256:
            yield f"The template {sha256[:12]}… is not what its hash says."


def documents(dbapi: sqlite3.Connection) -> Iterator[str]:
    """Issued bills whose bytes are missing, changed, or not those of the log."""
    for number, id_, after in dbapi.execute(
        "SELECT b.number, b.id, a.after FROM bill_event AS v JOIN bill AS b ON b.id = v.bill_id"
        " LEFT JOIN audit AS a ON a.id = v.audit_id WHERE v.what = 'issued' ORDER BY b.id"
    ):
        logged = json.loads(after or "{}").get("issued") or {}
        kept = dbapi.execute(
            "SELECT format, content, sha256 FROM bill_document WHERE bill_id = ?", (id_,)
        ).fetchall()
        if not kept or {form for form, _, _ in kept} != set(logged):
            yield f"Bill {number} is issued, but not all its documents are kept."
        for form, content, sha256 in kept:
            if hashlib.sha256(content).hexdigest() != sha256:
                yield f"Bill {number}: its {form} document isn't the one that was issued."
            elif logged.get(form, sha256) != sha256:
                yield f"Bill {number}: the hash of its {form} document isn't the one in the log."
    for (number,) in dbapi.execute(
        "SELECT DISTINCT b.number FROM bill_document AS d JOIN bill AS b ON b.id = d.bill_id"
        " WHERE NOT EXISTS (SELECT 1 FROM bill_event AS v"
        " WHERE v.bill_id = b.id AND v.what = 'issued')"
    ):
        yield f"Bill {number} has documents, but it isn't issued."
