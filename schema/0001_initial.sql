-- 0001: the first ledger.
--
-- Why STRICT: a column holds what it says, so that no amount is ever stored as a float.
-- Why triggers: what is issued, posted or logged must refuse change on any connection, this
-- program's or a plain sqlite3 shell's. INSERT OR REPLACE deletes without firing delete
-- triggers, so every guarded table also has a BEFORE INSERT guard over each of its keys.
-- Why date(…, '+0 days'): without a modifier SQLite takes 2026-02-30 as it is.
-- Money is in minor units (_cents); hours, rates and percents are times 10^4 (_e4); days are ISO.
-- README.md beside this file has a paragraph for each table and each guard.

BEGIN IMMEDIATE;

PRAGMA application_id = 1112099916; -- "BILL"

-- The firm -----------------------------------------------------------------------------------

CREATE TABLE setting (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL CHECK (json_valid(value))
) STRICT;

CREATE TABLE tax_code (
    code TEXT PRIMARY KEY,
    label TEXT NOT NULL,
    applies_to TEXT NOT NULL CHECK (applies_to IN ('fees', 'expenses', 'both'))
) STRICT;

CREATE TABLE tax_rate (
    code TEXT NOT NULL REFERENCES tax_code,
    valid_from TEXT NOT NULL CHECK (valid_from IS date(valid_from, '+0 days')),
    percent_e4 INTEGER NOT NULL CHECK (percent_e4 BETWEEN 0 AND 1000000),
    PRIMARY KEY (code, valid_from)
) STRICT;

CREATE TABLE expense_category (
    name TEXT PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('disbursement', 'recharge')),
    code TEXT
) STRICT;

CREATE TABLE timekeeper (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    surname TEXT,
    first_name TEXT,
    email TEXT,
    classification TEXT,
    archived_on TEXT CHECK (archived_on IS date(archived_on, '+0 days'))
) STRICT;

-- Clients and matters ------------------------------------------------------------------------

CREATE TABLE client (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    email TEXT,
    address TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(address)),
    terms_days INTEGER CHECK (terms_days BETWEEN 0 AND 3650),
    tax_exempt INTEGER NOT NULL DEFAULT 0 CHECK (tax_exempt IN (0, 1)),
    details TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(details)),
    archived_on TEXT CHECK (archived_on IS date(archived_on, '+0 days'))
) STRICT;

CREATE TABLE matter (
    id INTEGER PRIMARY KEY,
    number TEXT NOT NULL UNIQUE CHECK (length(number) BETWEEN 1 AND 20),
    title TEXT NOT NULL,
    client_id TEXT REFERENCES client,
    client_matter_id TEXT,
    case_type TEXT,
    practice_area TEXT,
    step TEXT,
    responsible_id TEXT REFERENCES timekeeper,
    opened_on TEXT NOT NULL CHECK (opened_on IS date(opened_on, '+0 days')),
    closed_on TEXT CHECK (closed_on IS date(closed_on, '+0 days')),
    held_on TEXT CHECK (held_on IS date(held_on, '+0 days'))
) STRICT;
CREATE INDEX matter_of_client ON matter (client_id);

CREATE TABLE matter_option (
    matter_id INTEGER NOT NULL REFERENCES matter,
    name TEXT NOT NULL,
    value TEXT NOT NULL CHECK (json_valid(value)),
    PRIMARY KEY (matter_id, name)
) STRICT, WITHOUT ROWID;

-- One table for every level of D-35: a row with neither client, matter nor activity is the default.
CREATE TABLE rate (
    id INTEGER PRIMARY KEY,
    timekeeper_id TEXT NOT NULL REFERENCES timekeeper,
    client_id TEXT REFERENCES client,
    matter_id INTEGER REFERENCES matter,
    activity_code TEXT,
    valid_from TEXT NOT NULL DEFAULT '0001-01-01' CHECK (valid_from IS date(valid_from, '+0 days')),
    rate_e4 INTEGER NOT NULL CHECK (rate_e4 >= 0),
    CHECK ((client_id IS NOT NULL) + (matter_id IS NOT NULL) + (activity_code IS NOT NULL) <= 1)
) STRICT;
CREATE UNIQUE INDEX rate_once ON rate (
    timekeeper_id, coalesce(client_id, ''), coalesce(matter_id, 0), coalesce(activity_code, ''),
    valid_from
);

CREATE TABLE arrangement (
    id INTEGER PRIMARY KEY,
    matter_id INTEGER NOT NULL REFERENCES matter,
    kind TEXT NOT NULL CHECK (kind IN (
        'hourly', 'capped', 'capped-recurring', 'capped-recurring-reserve',
        'capped-rate-recurring-reserve', 'fixed', 'fixed-recurring', 'non-billable', 'internal',
        'minimum-recurring')),
    terms TEXT NOT NULL CHECK (json_valid(terms)),
    valid_from TEXT CHECK (valid_from IS date(valid_from, '+0 days'))
) STRICT;
CREATE INDEX arrangement_of_matter ON arrangement (matter_id);

-- Workflows and tasks ------------------------------------------------------------------------

CREATE TABLE workflow (
    name TEXT PRIMARY KEY,
    case_type TEXT
) STRICT;

CREATE TABLE workflow_task (
    workflow TEXT NOT NULL REFERENCES workflow,
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    step TEXT,
    due_days INTEGER,
    deliverable TEXT,
    acceptance TEXT,
    terms_days INTEGER CHECK (terms_days BETWEEN 0 AND 3650),
    needs_acceptance INTEGER NOT NULL DEFAULT 0 CHECK (needs_acceptance IN (0, 1)),
    accept_within INTEGER,
    trigger_kind TEXT CHECK (trigger_kind IN ('amount', 'percent', 'remainder')),
    trigger_cents INTEGER CHECK (trigger_cents > 0),
    trigger_percent_e4 INTEGER CHECK (trigger_percent_e4 BETWEEN 1 AND 1000000),
    trigger_description TEXT,
    PRIMARY KEY (workflow, position),
    CHECK ((trigger_kind IS 'amount') = (trigger_cents IS NOT NULL)),
    CHECK ((trigger_kind IS 'percent') = (trigger_percent_e4 IS NOT NULL))
) STRICT;

-- A number in a matter is given once: a removed task keeps its row.
CREATE TABLE task (
    id INTEGER PRIMARY KEY,
    matter_id INTEGER NOT NULL REFERENCES matter,
    number INTEGER NOT NULL CHECK (number > 0),
    name TEXT NOT NULL,
    step TEXT,
    due_on TEXT CHECK (due_on IS date(due_on, '+0 days')),
    done_on TEXT CHECK (done_on IS date(done_on, '+0 days')),
    deliverable TEXT,
    acceptance TEXT,
    terms_days INTEGER CHECK (terms_days BETWEEN 0 AND 3650),
    needs_acceptance INTEGER NOT NULL DEFAULT 0 CHECK (needs_acceptance IN (0, 1)),
    accept_within INTEGER,
    trigger_kind TEXT CHECK (trigger_kind IN ('amount', 'percent', 'remainder')),
    trigger_cents INTEGER CHECK (trigger_cents > 0),
    trigger_percent_e4 INTEGER CHECK (trigger_percent_e4 BETWEEN 1 AND 1000000),
    trigger_description TEXT,
    decision TEXT CHECK (decision IN ('declined', 'waived')),
    decision_reason TEXT,
    archived_on TEXT CHECK (archived_on IS date(archived_on, '+0 days')),
    UNIQUE (matter_id, number),
    CHECK ((trigger_kind IS 'amount') = (trigger_cents IS NOT NULL)),
    CHECK ((trigger_kind IS 'percent') = (trigger_percent_e4 IS NOT NULL)),
    CHECK (decision IS NULL OR done_on IS NOT NULL)
) STRICT;

-- Schedules, progress, outcomes ---------------------------------------------------------------

-- The instalments in which a fixed fee is billed.
CREATE TABLE schedule_row (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    matter_id INTEGER NOT NULL REFERENCES matter,
    number INTEGER NOT NULL CHECK (number > 0),
    amount_cents INTEGER NOT NULL CHECK (amount_cents > 0),
    description TEXT NOT NULL,
    due_on TEXT CHECK (due_on IS date(due_on, '+0 days')),
    bill_on_step TEXT,
    pay_on_step TEXT,
    UNIQUE (matter_id, number)
) STRICT;

-- How far a matter is, as its lawyer says; the newest day counts.
CREATE TABLE progress_mark (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    matter_id INTEGER NOT NULL REFERENCES matter,
    day TEXT NOT NULL CHECK (day IS date(day, '+0 days')),
    percent_e4 INTEGER NOT NULL CHECK (percent_e4 BETWEEN 0 AND 1000000)
) STRICT;
CREATE INDEX progress_mark_of_matter ON progress_mark (matter_id, day);

-- How a matter with a contingent reserve ended; a reversed one no longer counts.
CREATE TABLE outcome (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    matter_id INTEGER NOT NULL REFERENCES matter,
    day TEXT NOT NULL CHECK (day IS date(day, '+0 days')),
    result TEXT NOT NULL CHECK (result IN ('success', 'failure')),
    release_e4 INTEGER NOT NULL CHECK (release_e4 BETWEEN 0 AND 1000000),
    discounted INTEGER NOT NULL DEFAULT 0 CHECK (discounted IN (0, 1)),
    note TEXT,
    reversed_on TEXT CHECK (reversed_on IS date(reversed_on, '+0 days')),
    CHECK (result = 'success' OR release_e4 = 0)
) STRICT;
CREATE UNIQUE INDEX outcome_once ON outcome (matter_id) WHERE reversed_on IS NULL;

-- The memo ledger of the contingent reserve, beside what live bills accrued and released:
-- accruals that no bill carries, and what was written off.
CREATE TABLE reserve_move (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    matter_id INTEGER NOT NULL REFERENCES matter,
    day TEXT NOT NULL CHECK (day IS date(day, '+0 days')),
    what TEXT NOT NULL CHECK (what IN ('accrued', 'written_off')),
    amount_cents INTEGER NOT NULL CHECK (amount_cents <> 0),
    reason TEXT NOT NULL,
    outcome_id INTEGER REFERENCES outcome,
    audit_id INTEGER NOT NULL REFERENCES audit,
    audit_hash TEXT NOT NULL
) STRICT;
CREATE INDEX reserve_move_of_matter ON reserve_move (matter_id);

-- Work ---------------------------------------------------------------------------------------

CREATE TABLE time_entry (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    matter_id INTEGER NOT NULL REFERENCES matter,
    timekeeper_id TEXT NOT NULL REFERENCES timekeeper,
    day TEXT NOT NULL CHECK (day IS date(day, '+0 days')),
    logged_e4 INTEGER NOT NULL CHECK (logged_e4 BETWEEN 1 AND 240000),
    hours_e4 INTEGER NOT NULL CHECK (hours_e4 BETWEEN 0 AND 240000),
    increment_minutes INTEGER NOT NULL CHECK (increment_minutes BETWEEN 0 AND 60),
    rounding TEXT NOT NULL CHECK (rounding IN ('up', 'down', 'half-up')),
    rate_e4 INTEGER NOT NULL CHECK (rate_e4 >= 0),
    standard_rate_e4 INTEGER CHECK (standard_rate_e4 >= 0),
    rate_typed INTEGER NOT NULL DEFAULT 0 CHECK (rate_typed IN (0, 1)),
    standard_cents INTEGER NOT NULL CHECK (standard_cents >= 0),
    behavior TEXT NOT NULL CHECK (behavior IN ('bill', 'no-charge', 'hide', 'non-billable')),
    description TEXT NOT NULL,
    task_code TEXT,
    activity_code TEXT,
    held_on TEXT CHECK (held_on IS date(held_on, '+0 days'))
) STRICT;
CREATE INDEX time_entry_of_matter ON time_entry (matter_id, day);

CREATE TABLE expense (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    matter_id INTEGER NOT NULL REFERENCES matter,
    timekeeper_id TEXT REFERENCES timekeeper,
    day TEXT NOT NULL CHECK (day IS date(day, '+0 days')),
    amount_cents INTEGER NOT NULL CHECK (amount_cents > 0),
    behavior TEXT NOT NULL DEFAULT 'bill' CHECK (behavior IN ('bill', 'non-billable')),
    description TEXT NOT NULL,
    category TEXT REFERENCES expense_category,
    expense_code TEXT,
    taxable INTEGER CHECK (taxable IN (0, 1)),
    held_on TEXT CHECK (held_on IS date(held_on, '+0 days'))
) STRICT;
CREATE INDEX expense_of_matter ON expense (matter_id, day);

CREATE TABLE charge (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    matter_id INTEGER NOT NULL REFERENCES matter,
    task_id INTEGER REFERENCES task,
    timekeeper_id TEXT REFERENCES timekeeper,
    day TEXT NOT NULL CHECK (day IS date(day, '+0 days')),
    amount_cents INTEGER NOT NULL CHECK (amount_cents > 0),
    description TEXT NOT NULL,
    held_on TEXT CHECK (held_on IS date(held_on, '+0 days')),
    withdrawn_on TEXT CHECK (withdrawn_on IS date(withdrawn_on, '+0 days'))
) STRICT;
CREATE INDEX charge_of_matter ON charge (matter_id, day);
-- One live charge per trigger, whatever is done, undone and redone.
CREATE UNIQUE INDEX charge_once ON charge (task_id)
    WHERE task_id IS NOT NULL AND withdrawn_on IS NULL;

-- The audit log ------------------------------------------------------------------------------

CREATE TABLE audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    today TEXT NOT NULL CHECK (today IS date(today, '+0 days')),
    actor TEXT NOT NULL,
    command TEXT NOT NULL,
    object TEXT NOT NULL,
    matter_id INTEGER REFERENCES matter,
    before TEXT CHECK (before IS NULL OR json_valid(before)),
    after TEXT CHECK (after IS NULL OR json_valid(after)),
    previous TEXT NOT NULL,
    hash TEXT NOT NULL
) STRICT;

-- Drafts and runs ----------------------------------------------------------------------------

CREATE TABLE run (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT,
    day TEXT NOT NULL CHECK (day IS date(day, '+0 days')),
    through TEXT NOT NULL CHECK (through IS date(through, '+0 days')),
    request TEXT NOT NULL CHECK (json_valid(request)),
    report TEXT CHECK (report IS NULL OR json_valid(report))
) STRICT;

CREATE TABLE draft (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    matter_id INTEGER NOT NULL UNIQUE REFERENCES matter,
    day TEXT NOT NULL CHECK (day IS date(day, '+0 days')),
    edits TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(edits)),
    request TEXT NOT NULL CHECK (json_valid(request)),
    computed TEXT NOT NULL CHECK (json_valid(computed))
) STRICT;

CREATE TABLE draft_source (
    kind TEXT NOT NULL CHECK (kind IN ('time', 'expense', 'charge', 'schedule', 'outcome')),
    entry_id INTEGER NOT NULL,
    draft_id INTEGER NOT NULL REFERENCES draft ON DELETE CASCADE,
    PRIMARY KEY (kind, entry_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX draft_source_of_draft ON draft_source (draft_id);

-- A matter is billed once under a key; the row goes with a deleted draft, never with a bill.
CREATE TABLE run_bill (
    bill_id INTEGER PRIMARY KEY,
    run_id INTEGER NOT NULL REFERENCES run,
    key TEXT,
    matter_id INTEGER NOT NULL REFERENCES matter
) STRICT;
CREATE UNIQUE INDEX run_bill_once ON run_bill (key, matter_id) WHERE key IS NOT NULL;

-- Bills: written once, at approval -----------------------------------------------------------

CREATE TABLE bill (
    id INTEGER PRIMARY KEY,
    number TEXT NOT NULL UNIQUE,
    series TEXT NOT NULL,
    year INTEGER NOT NULL,
    seq INTEGER NOT NULL CHECK (seq > 0),
    matter_id INTEGER NOT NULL REFERENCES matter,
    client_id TEXT NOT NULL REFERENCES client,
    arrangement TEXT NOT NULL,
    day TEXT NOT NULL CHECK (day IS date(day, '+0 days')),
    due_on TEXT NOT NULL CHECK (due_on IS date(due_on, '+0 days')),
    through TEXT NOT NULL CHECK (through IS date(through, '+0 days')),
    period_start TEXT CHECK (period_start IS date(period_start, '+0 days')),
    period_end TEXT CHECK (period_end IS date(period_end, '+0 days')),
    standard_fees_cents INTEGER NOT NULL,
    fee_adjustment_cents INTEGER NOT NULL,
    fees_cents INTEGER NOT NULL CHECK (fees_cents >= 0),
    discount_cents INTEGER NOT NULL CHECK (discount_cents BETWEEN 0 AND fees_cents),
    costs_cents INTEGER NOT NULL CHECK (costs_cents >= 0),
    tax_cents INTEGER NOT NULL CHECK (tax_cents >= 0),
    total_cents INTEGER NOT NULL,
    reserve_accrued_cents INTEGER NOT NULL DEFAULT 0,
    template TEXT NOT NULL,
    details TEXT NOT NULL CHECK (json_valid(details)),
    approved_on TEXT NOT NULL CHECK (approved_on IS date(approved_on, '+0 days')),
    audit_id INTEGER NOT NULL REFERENCES audit,
    audit_hash TEXT NOT NULL,
    UNIQUE (series, year, seq),
    CHECK (fees_cents = standard_fees_cents + fee_adjustment_cents),
    CHECK (total_cents = fees_cents - discount_cents + costs_cents + tax_cents)
) STRICT;
CREATE INDEX bill_of_matter ON bill (matter_id);
CREATE INDEX bill_of_client ON bill (client_id);

CREATE TABLE bill_line (
    bill_id INTEGER NOT NULL REFERENCES bill,
    line INTEGER NOT NULL CHECK (line > 0),
    -- Alternatives: of a list of three or more SQLite makes an index, anew for every row.
    kind TEXT NOT NULL CHECK (
        kind = 'time' OR kind = 'expense' OR kind = 'charge' OR kind = 'fixed_fee'
        OR kind = 'adjustment' OR kind = 'reserve'),
    class TEXT NOT NULL CHECK (class IN ('fee', 'cost')),
    entry_id INTEGER,
    day TEXT CHECK (day IS date(day, '+0 days')),
    timekeeper_id TEXT,
    timekeeper_name TEXT,
    description TEXT NOT NULL,
    hours_e4 INTEGER,
    logged_e4 INTEGER,
    rate_e4 INTEGER,
    standard_cents INTEGER NOT NULL,
    amount_cents INTEGER NOT NULL,
    billed_cents INTEGER NOT NULL,
    behavior TEXT,
    note TEXT,
    reason TEXT,
    task_code TEXT,
    activity_code TEXT,
    expense_code TEXT,
    category TEXT,
    tax_code TEXT,
    task_number INTEGER,
    PRIMARY KEY (bill_id, line),
    CHECK (entry_id IS NOT NULL OR reason IS NOT NULL)
) STRICT, WITHOUT ROWID;

CREATE TABLE bill_tax (
    bill_id INTEGER NOT NULL REFERENCES bill,
    code TEXT NOT NULL,
    label TEXT NOT NULL,
    percent_e4 INTEGER NOT NULL,
    base_cents INTEGER NOT NULL,
    tax_cents INTEGER NOT NULL,
    PRIMARY KEY (bill_id, code)
) STRICT, WITHOUT ROWID;

-- What a bill charged under each arrangement: the source of "fees already invoiced".
CREATE TABLE bill_part (
    bill_id INTEGER NOT NULL REFERENCES bill,
    part INTEGER NOT NULL,
    arrangement_id INTEGER NOT NULL REFERENCES arrangement,
    period_start TEXT CHECK (period_start IS date(period_start, '+0 days')),
    period_end TEXT CHECK (period_end IS date(period_end, '+0 days')),
    standard_cents INTEGER NOT NULL,
    charged_cents INTEGER NOT NULL,
    reserved_cents INTEGER NOT NULL DEFAULT 0,
    costs_cents INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (bill_id, part)
) STRICT, WITHOUT ROWID;

-- Each entry is on at most one live bill; only a void releases, and it releases once.
CREATE TABLE claim (
    bill_id INTEGER NOT NULL REFERENCES bill,
    kind TEXT NOT NULL CHECK (
        kind = 'time' OR kind = 'expense' OR kind = 'charge' OR kind = 'schedule'
        OR kind = 'outcome'),
    entry_id INTEGER NOT NULL,
    released_on TEXT CHECK (released_on IS date(released_on, '+0 days')),
    PRIMARY KEY (bill_id, kind, entry_id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX claim_once ON claim (kind, entry_id) WHERE released_on IS NULL;

-- What a bill released of the reserve for an outcome, and what it wrote off of it.
CREATE TABLE bill_reserve (
    bill_id INTEGER PRIMARY KEY REFERENCES bill,
    outcome_id INTEGER NOT NULL REFERENCES outcome,
    released_cents INTEGER NOT NULL CHECK (released_cents >= 0),
    written_off_cents INTEGER NOT NULL CHECK (written_off_cents >= 0)
) STRICT, WITHOUT ROWID;

-- Who brought in the net fees, frozen at approval.
CREATE TABLE bill_allocation (
    bill_id INTEGER NOT NULL REFERENCES bill,
    n INTEGER NOT NULL CHECK (n > 0),
    timekeeper_id TEXT NOT NULL REFERENCES timekeeper,
    amount_cents INTEGER NOT NULL,
    origination INTEGER NOT NULL DEFAULT 0 CHECK (origination IN (0, 1)),
    PRIMARY KEY (bill_id, n)
) STRICT, WITHOUT ROWID;

-- A period of a recurring fee is charged once, whatever version of the terms charged it (D-27).
CREATE TABLE period_claim (
    bill_id INTEGER NOT NULL REFERENCES bill,
    matter_id INTEGER NOT NULL REFERENCES matter,
    period_start TEXT NOT NULL CHECK (period_start IS date(period_start, '+0 days')),
    released_on TEXT CHECK (released_on IS date(released_on, '+0 days')),
    PRIMARY KEY (bill_id, period_start)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX period_claim_once ON period_claim (matter_id, period_start)
    WHERE released_on IS NULL;

CREATE TABLE bill_event (
    id INTEGER PRIMARY KEY,
    bill_id INTEGER NOT NULL REFERENCES bill,
    what TEXT NOT NULL CHECK (what IN ('issued', 'voided')),
    day TEXT NOT NULL CHECK (day IS date(day, '+0 days')),
    reason TEXT,
    entries TEXT CHECK (entries IN ('return', 'write-off')),
    audit_id INTEGER NOT NULL REFERENCES audit,
    audit_hash TEXT NOT NULL,
    UNIQUE (bill_id, what),
    CHECK ((what = 'voided') = (reason IS NOT NULL AND entries IS NOT NULL))
) STRICT;

CREATE TABLE bill_document (
    bill_id INTEGER NOT NULL REFERENCES bill,
    format TEXT NOT NULL CHECK (format IN ('md', 'html')),
    content BLOB NOT NULL,
    sha256 TEXT NOT NULL,
    PRIMARY KEY (bill_id, format)
) STRICT, WITHOUT ROWID;

-- Money --------------------------------------------------------------------------------------

CREATE TABLE payment (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    day TEXT NOT NULL CHECK (day IS date(day, '+0 days')),
    client_id TEXT NOT NULL REFERENCES client,
    matter_id INTEGER REFERENCES matter,
    amount_cents INTEGER NOT NULL CHECK (amount_cents > 0),
    method TEXT,
    reference TEXT,
    audit_id INTEGER NOT NULL REFERENCES audit,
    audit_hash TEXT NOT NULL
) STRICT;
CREATE INDEX payment_of_client ON payment (client_id);

CREATE TABLE journal_entry (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    day TEXT NOT NULL CHECK (day IS date(day, '+0 days')),
    what TEXT NOT NULL,
    source TEXT NOT NULL UNIQUE,
    reverses INTEGER REFERENCES journal_entry,
    reason TEXT,
    audit_id INTEGER NOT NULL REFERENCES audit,
    audit_hash TEXT NOT NULL
) STRICT;
-- An entry is reversed once.
CREATE UNIQUE INDEX journal_entry_reversed_once ON journal_entry (reverses)
    WHERE reverses IS NOT NULL;

-- A move takes from one account and gives to another, so no entry can be out of balance.
CREATE TABLE move (
    entry_id INTEGER NOT NULL REFERENCES journal_entry,
    n INTEGER NOT NULL CHECK (n > 0),
    -- Alternatives rather than lists, as in bill_line.
    debit TEXT NOT NULL CHECK (
        debit = 'receivable' OR debit = 'client_credit' OR debit = 'trust_liability'
        OR debit = 'retainer_liability' OR debit = 'operating_bank' OR debit = 'trust_bank'
        OR debit = 'fee_income' OR debit = 'cost_recoveries' OR debit = 'discounts_given'
        OR debit = 'tax_payable' OR debit = 'bad_debt' OR debit = 'interest'),
    credit TEXT NOT NULL CHECK (
        credit = 'receivable' OR credit = 'client_credit' OR credit = 'trust_liability'
        OR credit = 'retainer_liability' OR credit = 'operating_bank' OR credit = 'trust_bank'
        OR credit = 'fee_income' OR credit = 'cost_recoveries' OR credit = 'discounts_given'
        OR credit = 'tax_payable' OR credit = 'bad_debt' OR credit = 'interest'),
    amount_cents INTEGER NOT NULL CHECK (amount_cents > 0),
    matter_id INTEGER REFERENCES matter,
    bill_id INTEGER REFERENCES bill,
    payment_id INTEGER REFERENCES payment,
    PRIMARY KEY (entry_id, n),
    CHECK (debit <> credit),
    CHECK ((debit <> 'receivable' AND credit <> 'receivable') OR bill_id IS NOT NULL),
    CHECK ((debit <> 'client_credit' AND credit <> 'client_credit') OR payment_id IS NOT NULL)
) STRICT, WITHOUT ROWID;
CREATE INDEX move_of_bill ON move (bill_id) WHERE bill_id IS NOT NULL;
CREATE INDEX move_of_payment ON move (payment_id) WHERE payment_id IS NOT NULL;

-- Guards -------------------------------------------------------------------------------------

CREATE TRIGGER audit_unchanged BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'guard: a row of the audit log can not be changed'); END;
CREATE TRIGGER audit_stays BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'guard: a row of the audit log can not be deleted'); END;
CREATE TRIGGER audit_not_replaced BEFORE INSERT ON audit
WHEN EXISTS (SELECT 1 FROM audit WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'guard: a row of the audit log can not be replaced'); END;
CREATE TRIGGER arrangement_unchanged BEFORE UPDATE ON arrangement
BEGIN SELECT RAISE(ABORT, 'guard: a version of an arrangement can not be changed'); END;
CREATE TRIGGER arrangement_stays BEFORE DELETE ON arrangement
BEGIN SELECT RAISE(ABORT, 'guard: a version of an arrangement can not be deleted'); END;
CREATE TRIGGER arrangement_not_replaced BEFORE INSERT ON arrangement
WHEN EXISTS (SELECT 1 FROM arrangement WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'guard: a version of an arrangement can not be replaced'); END;
CREATE TRIGGER bill_unchanged BEFORE UPDATE ON bill
BEGIN SELECT RAISE(ABORT, 'guard: a bill can not be changed'); END;
CREATE TRIGGER bill_stays BEFORE DELETE ON bill
BEGIN SELECT RAISE(ABORT, 'guard: a bill can not be deleted'); END;
CREATE TRIGGER bill_not_replaced BEFORE INSERT ON bill
WHEN EXISTS (SELECT 1 FROM bill WHERE id = NEW.id)
    OR EXISTS (SELECT 1 FROM bill WHERE number = NEW.number)
    OR EXISTS (SELECT 1 FROM bill WHERE series = NEW.series AND year = NEW.year AND seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'guard: a bill can not be replaced'); END;
CREATE TRIGGER bill_line_unchanged BEFORE UPDATE ON bill_line
BEGIN SELECT RAISE(ABORT, 'guard: a line of a bill can not be changed'); END;
CREATE TRIGGER bill_line_stays BEFORE DELETE ON bill_line
BEGIN SELECT RAISE(ABORT, 'guard: a line of a bill can not be deleted'); END;
CREATE TRIGGER bill_line_not_replaced BEFORE INSERT ON bill_line
WHEN EXISTS (SELECT 1 FROM bill_line WHERE bill_id = NEW.bill_id AND line = NEW.line)
BEGIN SELECT RAISE(ABORT, 'guard: a line of a bill can not be replaced'); END;
CREATE TRIGGER bill_tax_unchanged BEFORE UPDATE ON bill_tax
BEGIN SELECT RAISE(ABORT, 'guard: a tax of a bill can not be changed'); END;
CREATE TRIGGER bill_tax_stays BEFORE DELETE ON bill_tax
BEGIN SELECT RAISE(ABORT, 'guard: a tax of a bill can not be deleted'); END;
CREATE TRIGGER bill_tax_not_replaced BEFORE INSERT ON bill_tax
WHEN EXISTS (SELECT 1 FROM bill_tax WHERE bill_id = NEW.bill_id AND code = NEW.code)
BEGIN SELECT RAISE(ABORT, 'guard: a tax of a bill can not be replaced'); END;
CREATE TRIGGER bill_part_unchanged BEFORE UPDATE ON bill_part
BEGIN SELECT RAISE(ABORT, 'guard: a part of a bill can not be changed'); END;
CREATE TRIGGER bill_part_stays BEFORE DELETE ON bill_part
BEGIN SELECT RAISE(ABORT, 'guard: a part of a bill can not be deleted'); END;
CREATE TRIGGER bill_part_not_replaced BEFORE INSERT ON bill_part
WHEN EXISTS (SELECT 1 FROM bill_part WHERE bill_id = NEW.bill_id AND part = NEW.part)
BEGIN SELECT RAISE(ABORT, 'guard: a part of a bill can not be replaced'); END;
CREATE TRIGGER bill_event_unchanged BEFORE UPDATE ON bill_event
BEGIN SELECT RAISE(ABORT, 'guard: an event of a bill can not be changed'); END;
CREATE TRIGGER bill_event_stays BEFORE DELETE ON bill_event
BEGIN SELECT RAISE(ABORT, 'guard: an event of a bill can not be deleted'); END;
CREATE TRIGGER bill_event_not_replaced BEFORE INSERT ON bill_event
WHEN EXISTS (SELECT 1 FROM bill_event WHERE id = NEW.id)
    OR EXISTS (SELECT 1 FROM bill_event WHERE bill_id = NEW.bill_id AND what = NEW.what)
BEGIN SELECT RAISE(ABORT, 'guard: an event of a bill can not be replaced'); END;
CREATE TRIGGER bill_document_unchanged BEFORE UPDATE ON bill_document
BEGIN SELECT RAISE(ABORT, 'guard: a document of a bill can not be changed'); END;
CREATE TRIGGER bill_document_stays BEFORE DELETE ON bill_document
BEGIN SELECT RAISE(ABORT, 'guard: a document of a bill can not be deleted'); END;
CREATE TRIGGER bill_document_not_replaced BEFORE INSERT ON bill_document
WHEN EXISTS (SELECT 1 FROM bill_document WHERE bill_id = NEW.bill_id AND format = NEW.format)
BEGIN SELECT RAISE(ABORT, 'guard: a document of a bill can not be replaced'); END;
CREATE TRIGGER payment_unchanged BEFORE UPDATE ON payment
BEGIN SELECT RAISE(ABORT, 'guard: a payment can not be changed'); END;
CREATE TRIGGER payment_stays BEFORE DELETE ON payment
BEGIN SELECT RAISE(ABORT, 'guard: a payment can not be deleted'); END;
CREATE TRIGGER payment_not_replaced BEFORE INSERT ON payment
WHEN EXISTS (SELECT 1 FROM payment WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'guard: a payment can not be replaced'); END;
CREATE TRIGGER journal_entry_unchanged BEFORE UPDATE ON journal_entry
BEGIN SELECT RAISE(ABORT, 'guard: a journal entry can not be changed'); END;
CREATE TRIGGER journal_entry_stays BEFORE DELETE ON journal_entry
BEGIN SELECT RAISE(ABORT, 'guard: a journal entry can not be deleted'); END;
CREATE TRIGGER journal_entry_not_replaced BEFORE INSERT ON journal_entry
WHEN EXISTS (SELECT 1 FROM journal_entry WHERE id = NEW.id)
    OR EXISTS (SELECT 1 FROM journal_entry WHERE source = NEW.source)
    OR EXISTS (SELECT 1 FROM journal_entry WHERE reverses = NEW.reverses)
BEGIN SELECT RAISE(ABORT, 'guard: a journal entry can not be replaced'); END;
CREATE TRIGGER move_unchanged BEFORE UPDATE ON move
BEGIN SELECT RAISE(ABORT, 'guard: a posting can not be changed'); END;
CREATE TRIGGER move_stays BEFORE DELETE ON move
BEGIN SELECT RAISE(ABORT, 'guard: a posting can not be deleted'); END;
CREATE TRIGGER move_not_replaced BEFORE INSERT ON move
WHEN EXISTS (SELECT 1 FROM move WHERE entry_id = NEW.entry_id AND n = NEW.n)
BEGIN SELECT RAISE(ABORT, 'guard: a posting can not be replaced'); END;

CREATE TRIGGER bill_reserve_unchanged BEFORE UPDATE ON bill_reserve
BEGIN SELECT RAISE(ABORT, 'guard: a release of a bill can not be changed'); END;
CREATE TRIGGER bill_reserve_stays BEFORE DELETE ON bill_reserve
BEGIN SELECT RAISE(ABORT, 'guard: a release of a bill can not be deleted'); END;
CREATE TRIGGER bill_reserve_not_replaced BEFORE INSERT ON bill_reserve
WHEN EXISTS (SELECT 1 FROM bill_reserve WHERE bill_id = NEW.bill_id)
BEGIN SELECT RAISE(ABORT, 'guard: a release of a bill can not be replaced'); END;
CREATE TRIGGER bill_allocation_unchanged BEFORE UPDATE ON bill_allocation
BEGIN SELECT RAISE(ABORT, 'guard: a share of a bill can not be changed'); END;
CREATE TRIGGER bill_allocation_stays BEFORE DELETE ON bill_allocation
BEGIN SELECT RAISE(ABORT, 'guard: a share of a bill can not be deleted'); END;
CREATE TRIGGER bill_allocation_not_replaced BEFORE INSERT ON bill_allocation
WHEN EXISTS (SELECT 1 FROM bill_allocation WHERE bill_id = NEW.bill_id AND n = NEW.n)
BEGIN SELECT RAISE(ABORT, 'guard: a share of a bill can not be replaced'); END;
CREATE TRIGGER reserve_move_unchanged BEFORE UPDATE ON reserve_move
BEGIN SELECT RAISE(ABORT, 'guard: a move of the reserve can not be changed'); END;
CREATE TRIGGER reserve_move_stays BEFORE DELETE ON reserve_move
BEGIN SELECT RAISE(ABORT, 'guard: a move of the reserve can not be deleted'); END;
CREATE TRIGGER reserve_move_not_replaced BEFORE INSERT ON reserve_move
WHEN EXISTS (SELECT 1 FROM reserve_move WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'guard: a move of the reserve can not be replaced'); END;
CREATE TRIGGER period_claim_keeps_what_it_claims BEFORE UPDATE ON period_claim
WHEN OLD.released_on IS NOT NULL OR NEW.released_on IS NULL OR NEW.bill_id <> OLD.bill_id
    OR NEW.matter_id <> OLD.matter_id OR NEW.period_start <> OLD.period_start
BEGIN SELECT RAISE(ABORT, 'guard: a claim on a period can only be released, once'); END;
CREATE TRIGGER period_claim_release_needs_a_void BEFORE UPDATE ON period_claim
WHEN NOT EXISTS (
    SELECT 1 FROM bill_event WHERE bill_id = OLD.bill_id AND what = 'voided' AND entries = 'return')
BEGIN SELECT RAISE(ABORT, 'guard: a claim on a period is released by a void alone'); END;
CREATE TRIGGER period_claim_stays BEFORE DELETE ON period_claim
BEGIN SELECT RAISE(ABORT, 'guard: a claim on a period can not be deleted'); END;
CREATE TRIGGER period_claim_not_replaced BEFORE INSERT ON period_claim
WHEN EXISTS (SELECT 1 FROM period_claim WHERE matter_id = NEW.matter_id
             AND period_start = NEW.period_start AND released_on IS NULL)
    OR EXISTS (SELECT 1 FROM period_claim
             WHERE bill_id = NEW.bill_id AND period_start = NEW.period_start)
BEGIN SELECT RAISE(ABORT, 'guard: this period is charged already'); END;

CREATE TRIGGER claim_keeps_what_it_claims BEFORE UPDATE ON claim
WHEN OLD.released_on IS NOT NULL OR NEW.released_on IS NULL OR NEW.bill_id <> OLD.bill_id
    OR NEW.kind <> OLD.kind OR NEW.entry_id <> OLD.entry_id
BEGIN SELECT RAISE(ABORT, 'guard: a claim can only be released, once'); END;
CREATE TRIGGER claim_release_needs_a_void BEFORE UPDATE ON claim
WHEN NOT EXISTS (
    SELECT 1 FROM bill_event WHERE bill_id = OLD.bill_id AND what = 'voided' AND entries = 'return')
BEGIN SELECT RAISE(ABORT, 'guard: a claim is released by a void alone'); END;
CREATE TRIGGER claim_stays BEFORE DELETE ON claim
BEGIN SELECT RAISE(ABORT, 'guard: a claim can not be deleted'); END;
CREATE TRIGGER claim_not_replaced BEFORE INSERT ON claim
WHEN EXISTS (SELECT 1 FROM claim
             WHERE kind = NEW.kind AND entry_id = NEW.entry_id AND released_on IS NULL)
    OR EXISTS (SELECT 1 FROM claim
             WHERE bill_id = NEW.bill_id AND kind = NEW.kind AND entry_id = NEW.entry_id)
BEGIN SELECT RAISE(ABORT, 'guard: this entry is on a live bill already'); END;

-- What is approved or posted is whole: nothing is added to it later.
CREATE TRIGGER bill_line_not_added BEFORE INSERT ON bill_line
WHEN EXISTS (SELECT 1 FROM bill_event WHERE bill_id = NEW.bill_id)
BEGIN SELECT RAISE(ABORT, 'guard: a line can not be added to an issued bill'); END;
CREATE TRIGGER bill_tax_not_added BEFORE INSERT ON bill_tax
WHEN EXISTS (SELECT 1 FROM bill_event WHERE bill_id = NEW.bill_id)
BEGIN SELECT RAISE(ABORT, 'guard: a tax can not be added to an issued bill'); END;
CREATE TRIGGER bill_part_not_added BEFORE INSERT ON bill_part
WHEN EXISTS (SELECT 1 FROM bill_event WHERE bill_id = NEW.bill_id)
BEGIN SELECT RAISE(ABORT, 'guard: a part can not be added to an issued bill'); END;
CREATE TRIGGER claim_not_added BEFORE INSERT ON claim
WHEN EXISTS (SELECT 1 FROM bill_event WHERE bill_id = NEW.bill_id)
BEGIN SELECT RAISE(ABORT, 'guard: an entry can not be added to an issued bill'); END;
CREATE TRIGGER move_not_added BEFORE INSERT ON move
WHEN EXISTS (SELECT 1 FROM journal_entry WHERE id > NEW.entry_id)
BEGIN SELECT RAISE(ABORT, 'guard: a posting can not be added to an earlier entry'); END;

-- The key of a run outlives everything but a draft that is deleted.
CREATE TRIGGER run_bill_unchanged BEFORE UPDATE ON run_bill
BEGIN SELECT RAISE(ABORT, 'guard: the bill of a run can not be changed'); END;
CREATE TRIGGER run_bill_stays_with_its_bill BEFORE DELETE ON run_bill
WHEN EXISTS (SELECT 1 FROM bill WHERE id = OLD.bill_id)
BEGIN SELECT RAISE(ABORT, 'guard: the bill of a run can not be deleted'); END;
CREATE TRIGGER run_bill_not_replaced BEFORE INSERT ON run_bill
WHEN EXISTS (SELECT 1 FROM run_bill WHERE bill_id = NEW.bill_id)
    OR EXISTS (SELECT 1 FROM run_bill WHERE key = NEW.key AND matter_id = NEW.matter_id)
BEGIN SELECT RAISE(ABORT, 'guard: this matter is billed under this key already'); END;

-- A billed entry is read-only.
CREATE TRIGGER billed_time_entry_not_changed BEFORE UPDATE ON time_entry
WHEN EXISTS (SELECT 1 FROM claim
             WHERE kind = 'time' AND entry_id IN (OLD.id, NEW.id) AND released_on IS NULL)
BEGIN SELECT RAISE(ABORT, 'guard: a billed entry can not be changed'); END;
CREATE TRIGGER billed_time_entry_not_deleted BEFORE DELETE ON time_entry
WHEN EXISTS (SELECT 1 FROM claim
             WHERE kind = 'time' AND entry_id = OLD.id AND released_on IS NULL)
BEGIN SELECT RAISE(ABORT, 'guard: a billed entry can not be deleted'); END;
CREATE TRIGGER billed_time_entry_not_replaced BEFORE INSERT ON time_entry
WHEN EXISTS (SELECT 1 FROM claim
             WHERE kind = 'time' AND entry_id = NEW.id AND released_on IS NULL)
BEGIN SELECT RAISE(ABORT, 'guard: a billed entry can not be replaced'); END;
CREATE TRIGGER billed_expense_not_changed BEFORE UPDATE ON expense
WHEN EXISTS (SELECT 1 FROM claim
             WHERE kind = 'expense' AND entry_id IN (OLD.id, NEW.id) AND released_on IS NULL)
BEGIN SELECT RAISE(ABORT, 'guard: a billed entry can not be changed'); END;
CREATE TRIGGER billed_expense_not_deleted BEFORE DELETE ON expense
WHEN EXISTS (SELECT 1 FROM claim
             WHERE kind = 'expense' AND entry_id = OLD.id AND released_on IS NULL)
BEGIN SELECT RAISE(ABORT, 'guard: a billed entry can not be deleted'); END;
CREATE TRIGGER billed_expense_not_replaced BEFORE INSERT ON expense
WHEN EXISTS (SELECT 1 FROM claim
             WHERE kind = 'expense' AND entry_id = NEW.id AND released_on IS NULL)
BEGIN SELECT RAISE(ABORT, 'guard: a billed entry can not be replaced'); END;
CREATE TRIGGER billed_charge_not_changed BEFORE UPDATE ON charge
WHEN EXISTS (SELECT 1 FROM claim
             WHERE kind = 'charge' AND released_on IS NULL AND entry_id IN (
                 SELECT OLD.id UNION ALL SELECT NEW.id UNION ALL
                 SELECT id FROM charge WHERE task_id = NEW.task_id AND withdrawn_on IS NULL
                     AND NEW.withdrawn_on IS NULL))
BEGIN SELECT RAISE(ABORT, 'guard: a billed entry can not be changed'); END;
CREATE TRIGGER billed_charge_not_deleted BEFORE DELETE ON charge
WHEN EXISTS (SELECT 1 FROM claim
             WHERE kind = 'charge' AND entry_id = OLD.id AND released_on IS NULL)
BEGIN SELECT RAISE(ABORT, 'guard: a billed entry can not be deleted'); END;
CREATE TRIGGER billed_charge_not_replaced BEFORE INSERT ON charge
WHEN EXISTS (SELECT 1 FROM claim
             WHERE kind = 'charge' AND released_on IS NULL AND entry_id IN (
                 SELECT NEW.id UNION ALL
                 SELECT id FROM charge WHERE task_id = NEW.task_id AND withdrawn_on IS NULL
                     AND NEW.withdrawn_on IS NULL))
BEGIN SELECT RAISE(ABORT, 'guard: a billed entry can not be replaced'); END;

CREATE TRIGGER billed_schedule_row_not_changed BEFORE UPDATE ON schedule_row
WHEN EXISTS (SELECT 1 FROM claim
             WHERE kind = 'schedule' AND released_on IS NULL AND entry_id IN (
                 SELECT OLD.id UNION ALL SELECT NEW.id UNION ALL
                 SELECT id FROM schedule_row
                 WHERE matter_id = NEW.matter_id AND number = NEW.number))
BEGIN SELECT RAISE(ABORT, 'guard: a billed row of a schedule can not be changed'); END;
CREATE TRIGGER billed_schedule_row_not_deleted BEFORE DELETE ON schedule_row
WHEN EXISTS (SELECT 1 FROM claim
             WHERE kind = 'schedule' AND entry_id = OLD.id AND released_on IS NULL)
BEGIN SELECT RAISE(ABORT, 'guard: a billed row of a schedule can not be deleted'); END;
CREATE TRIGGER billed_schedule_row_not_replaced BEFORE INSERT ON schedule_row
WHEN EXISTS (SELECT 1 FROM claim
             WHERE kind = 'schedule' AND entry_id = NEW.id AND released_on IS NULL)
    OR EXISTS (SELECT 1 FROM schedule_row AS r JOIN claim AS c
               ON c.kind = 'schedule' AND c.entry_id = r.id AND c.released_on IS NULL
               WHERE r.matter_id = NEW.matter_id AND r.number = NEW.number)
BEGIN SELECT RAISE(ABORT, 'guard: a billed row of a schedule can not be replaced'); END;

PRAGMA user_version = 1;
COMMIT;
