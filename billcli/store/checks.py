"""The proofs of a ledger, as data: a name, what it proves, and what finds the faults."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from billcli.store import (
    copies,
    faults_bills,
    faults_credits,
    faults_money,
    faults_split,
    faults_trust,
    proofs,
)
from billcli.values.money import decimals_of, grouped

MOST = 100
_CURRENCY = "SELECT json_extract(value, '$') FROM setting WHERE key = 'firm.currency'"


@dataclass(frozen=True, slots=True)
class Check:
    """One proof: queries with their sentences, or a function that gives the sentences."""

    name: str
    proves: str
    faults: faults_money.Faults | Callable[[sqlite3.Connection], Iterable[str]]


@dataclass(frozen=True, slots=True)
class Proof:
    """What a proof came to."""

    name: str
    proves: str
    ok: bool
    findings: tuple[str, ...]


CHECKS = (
    Check("file", "SQLite finds the file whole and every reference kept", copies.faults),
    Check("schema", "tables and triggers are those of the schema's version", proofs.shape),
    Check("journal", "every entry has postings; a reversal undoes all", faults_money.JOURNAL),
    Check(
        "postings",
        "what is issued is posted, what is void reversed",
        (*faults_money.POSTINGS, *faults_credits.POSTINGS),
    ),
    Check("receivable", "the journal's receivable is what is open", faults_money.RECEIVABLE),
    Check("payments", "a payment pays bills or is credit, never more", faults_money.PAYMENTS),
    Check(
        "numbers",
        "bills are numbered without a gap, as approved",
        (*faults_bills.NUMBERS, *faults_credits.NUMBERS),
    ),
    Check(
        "totals",
        "bills follow from their lines, parts and taxes",
        (*faults_bills.TOTALS, *faults_credits.TOTALS, *faults_split.TOTALS),
    ),
    Check(
        "entries",
        "every billed entry is on one live bill line, or one a payor",
        (*faults_bills.ENTRIES, *faults_credits.RELEASES, *faults_split.ENTRIES),
    ),
    Check(
        "trust",
        "bank and ledgers of trust agree, none is below zero on any day",
        faults_trust.TRUST,
    ),
    Check(
        "own-money",
        "the firm keeps no more of its own in trust than its limit",
        faults_trust.own_money,
    ),
    Check(
        "retainers",
        "general retainers are posted, none is below zero on any day",
        faults_trust.RETAINERS,
    ),
    Check("reserve", "no contingent reserve is below zero", faults_bills.RESERVE),
    Check("audit", "the audit log is whole from its first row to its last", proofs.audit_chain),
    Check("marks", "bills and postings are in the audit log", proofs.marks),
    Check("seals", "every bill is word for word what was approved", proofs.seals),
    Check("templates", "the templates of bills are those that were approved", proofs.templates),
    Check("documents", "an issued bill's bytes are those that were issued", proofs.documents),
)


def prove(path: Path, *, tick: Callable[[int, int], None] | None = None) -> list[Proof]:
    """Run every proof on one moment of the ledger, reading alone; `tick` hears of each."""
    dbapi = copies.reading(path)
    try:
        dbapi.execute("BEGIN")
        proofs = []
        for n, check in enumerate(CHECKS, 1):
            proofs.append(_proof(check, dbapi))
            if tick is not None:
                tick(n, len(CHECKS))
        return proofs
    finally:
        dbapi.close()


def _proof(check: Check, dbapi: sqlite3.Connection) -> Proof:
    findings: list[str] = []
    more = 0
    try:
        for sentence in _findings(check, dbapi):
            if len(findings) < MOST:
                findings.append(sentence)
            else:
                more += 1
    except (sqlite3.Error, ValueError, TypeError, LookupError, AttributeError) as error:
        # In a damaged ledger anything can be of any kind.
        findings.append(f"It can't be proved: {error}.")
    if more:
        findings.append(f"And {more} more.")
    return Proof(check.name, check.proves, not findings, tuple(findings))


def _findings(check: Check, dbapi: sqlite3.Connection) -> Iterator[str]:
    if callable(check.faults):
        yield from check.faults(dbapi)
        return
    row = dbapi.execute(_CURRENCY).fetchone()
    decimals = decimals_of(row[0] if row else "USD")
    for sql, sentence in check.faults:
        found = dbapi.execute(sql)
        names = [column[0] for column in found.description]
        for values in found:
            yield sentence.format_map(
                {
                    name: grouped(value, decimals) if name.endswith("_cents") else value
                    for name, value in zip(names, values, strict=True)
                }
            )
