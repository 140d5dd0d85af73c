-- 0003: client money.
--
-- Trust and general retainers are ledgers of signed rows: money in is above zero, money out below.
-- A balance is always a sum, and no row is ever changed; a mistake is undone by a row against it.
-- The floor of the trust ledger stands here, so that no command, race or shell gets below it:
-- for each matter and each day, what was cleared by that day less what went out by it.

BEGIN IMMEDIATE;

-- Trust --------------------------------------------------------------------------------------

-- A row without a matter is of the firm's own nominal ledger, for the bank's charges.
CREATE TABLE trust_entry (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    day TEXT NOT NULL CHECK (day IS date(day, '+0 days')),
    kind TEXT NOT NULL CHECK (
        kind IN ('deposit', 'withdrawal', 'fee', 'transfer', 'bank_fee', 'cover', 'reversal')),
    client_id TEXT REFERENCES client,
    matter_id INTEGER REFERENCES matter,
    amount_cents INTEGER NOT NULL CHECK (amount_cents <> 0),
    -- From this day on it counts: a receipt when it is cleared, a payment at once.
    effective_on TEXT NOT NULL CHECK (effective_on IS date(effective_on, '+0 days')),
    protected_cents INTEGER NOT NULL DEFAULT 0,
    party TEXT,
    purpose TEXT,
    method TEXT,
    number TEXT,
    reference TEXT,
    bill_id INTEGER REFERENCES bill,
    expense_id INTEGER REFERENCES expense,
    pair_id INTEGER REFERENCES trust_entry,
    reverses INTEGER REFERENCES trust_entry,
    automatic INTEGER NOT NULL DEFAULT 0 CHECK (automatic IN (0, 1)),
    reason TEXT,
    audit_id INTEGER NOT NULL REFERENCES audit,
    audit_hash TEXT NOT NULL,
    CHECK ((matter_id IS NULL) = (client_id IS NULL)),
    -- Only a returned receipt that isn't cleared yet goes out on a later day than its own.
    CHECK (effective_on >= day AND (amount_cents > 0 OR kind = 'reversal' OR effective_on = day)),
    CHECK (protected_cents IN (0, amount_cents)),
    CHECK (amount_cents > 0 OR method IS NOT 'cash'),
    CHECK (kind NOT IN ('deposit', 'cover') OR amount_cents > 0),
    CHECK (kind NOT IN ('withdrawal', 'fee', 'bank_fee') OR amount_cents < 0),
    CHECK ((kind = 'bank_fee') <= (matter_id IS NULL)),
    CHECK ((kind IN ('withdrawal', 'fee', 'transfer', 'cover')) <= (matter_id IS NOT NULL)),
    CHECK ((kind = 'fee') <= (bill_id IS NOT NULL)),
    CHECK ((kind = 'reversal') = (reverses IS NOT NULL)),
    CHECK (kind <> 'reversal' OR reason IS NOT NULL)
) STRICT;
CREATE INDEX trust_entry_of_matter ON trust_entry (matter_id, effective_on);
CREATE INDEX trust_entry_of_bill ON trust_entry (bill_id) WHERE bill_id IS NOT NULL;
CREATE INDEX trust_entry_reversed ON trust_entry (reverses) WHERE reverses IS NOT NULL;
-- A cheque number is used once, even when the cheque is void.
CREATE UNIQUE INDEX trust_number_once ON trust_entry (number)
    WHERE number IS NOT NULL AND amount_cents < 0;
-- A cost is paid once.
CREATE INDEX trust_entry_of_expense ON trust_entry (expense_id) WHERE expense_id IS NOT NULL;

-- A receipt that the bank cleared before its day, with the evidence for it (D-38).
CREATE TABLE trust_clearing (
    receipt_id INTEGER PRIMARY KEY REFERENCES trust_entry,
    day TEXT NOT NULL CHECK (day IS date(day, '+0 days')),
    evidence TEXT NOT NULL,
    audit_id INTEGER NOT NULL REFERENCES audit,
    audit_hash TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The bank's reference of a transfer between trust and operating account (D-40).
CREATE TABLE trust_confirmation (
    trust_id INTEGER PRIMARY KEY REFERENCES trust_entry,
    day TEXT NOT NULL CHECK (day IS date(day, '+0 days')),
    reference TEXT NOT NULL,
    audit_id INTEGER NOT NULL REFERENCES audit,
    audit_hash TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- A bill that tells of a withdrawal which waits for its day (T4).
CREATE TABLE trust_notice (
    bill_id INTEGER PRIMARY KEY REFERENCES bill,
    day TEXT NOT NULL CHECK (day IS date(day, '+0 days')),
    due_on TEXT NOT NULL CHECK (due_on IS date(due_on, '+0 days')),
    amount_cents INTEGER NOT NULL CHECK (amount_cents > 0),
    audit_id INTEGER NOT NULL REFERENCES audit,
    audit_hash TEXT NOT NULL,
    CHECK (due_on >= day)
) STRICT, WITHOUT ROWID;

-- Bank, journal and ledgers agreed on a day; up to it, nothing in trust is dated any more.
CREATE TABLE reconciliation (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    day TEXT NOT NULL UNIQUE CHECK (day IS date(day, '+0 days')),
    statement_cents INTEGER NOT NULL,
    in_transit_cents INTEGER NOT NULL CHECK (in_transit_cents >= 0),
    outstanding_cents INTEGER NOT NULL CHECK (outstanding_cents >= 0),
    journal_cents INTEGER NOT NULL,
    clients_cents INTEGER NOT NULL CHECK (clients_cents >= 0),
    firm_cents INTEGER NOT NULL CHECK (firm_cents >= 0),
    details TEXT NOT NULL CHECK (json_valid(details)),
    preparer TEXT NOT NULL,
    audit_id INTEGER NOT NULL REFERENCES audit,
    audit_hash TEXT NOT NULL,
    CHECK (statement_cents + in_transit_cents - outstanding_cents = journal_cents),
    CHECK (clients_cents + firm_cents = journal_cents)
) STRICT;

-- General retainers and requests --------------------------------------------------------------

-- Money of the operating account that is a credit owed to the client, and why it is there (D-36).
CREATE TABLE retainer_entry (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    day TEXT NOT NULL CHECK (day IS date(day, '+0 days')),
    kind TEXT NOT NULL CHECK (kind IN ('deposit', 'applied', 'refund', 'reversal')),
    client_id TEXT NOT NULL REFERENCES client,
    matter_id INTEGER NOT NULL REFERENCES matter,
    amount_cents INTEGER NOT NULL CHECK (amount_cents <> 0),
    basis TEXT CHECK (basis IN ('earned-on-receipt', 'client-consent', 'jurisdiction')),
    note TEXT,
    method TEXT,
    reference TEXT,
    bill_id INTEGER REFERENCES bill,
    reverses INTEGER REFERENCES retainer_entry,
    automatic INTEGER NOT NULL DEFAULT 0 CHECK (automatic IN (0, 1)),
    reason TEXT,
    audit_id INTEGER NOT NULL REFERENCES audit,
    audit_hash TEXT NOT NULL,
    CHECK ((kind = 'deposit') = (basis IS NOT NULL)),
    CHECK (kind <> 'deposit' OR (amount_cents > 0 AND note IS NOT NULL)),
    CHECK (kind NOT IN ('applied', 'refund') OR amount_cents < 0),
    CHECK ((kind = 'applied') <= (bill_id IS NOT NULL)),
    CHECK ((kind = 'reversal') = (reverses IS NOT NULL))
) STRICT;
CREATE INDEX retainer_entry_of_matter ON retainer_entry (matter_id, day);
CREATE INDEX retainer_entry_of_bill ON retainer_entry (bill_id) WHERE bill_id IS NOT NULL;
CREATE INDEX retainer_entry_reversed ON retainer_entry (reverses) WHERE reverses IS NOT NULL;

-- What a client was asked to pay in, in a series of its own; the newest of a matter counts (D-42).
CREATE TABLE fund_request (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    number TEXT NOT NULL UNIQUE,
    series TEXT NOT NULL,
    year INTEGER NOT NULL,
    seq INTEGER NOT NULL CHECK (seq > 0),
    matter_id INTEGER NOT NULL REFERENCES matter,
    client_id TEXT NOT NULL REFERENCES client,
    day TEXT NOT NULL CHECK (day IS date(day, '+0 days')),
    account TEXT NOT NULL CHECK (account IN ('trust', 'retainer')),
    kind TEXT NOT NULL CHECK (kind IN ('initial', 'top-up')),
    amount_cents INTEGER NOT NULL CHECK (amount_cents > 0),
    -- The newest row of that ledger when it was asked for: what comes in later pays it.
    after_id INTEGER NOT NULL CHECK (after_id >= 0),
    bill_id INTEGER REFERENCES bill,
    audit_id INTEGER NOT NULL REFERENCES audit,
    audit_hash TEXT NOT NULL,
    UNIQUE (series, year, seq)
) STRICT;
CREATE INDEX fund_request_of_matter ON fund_request (matter_id);

-- Credits, disputes, shares, plans ------------------------------------------------------------

CREATE TABLE credit_note (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    number TEXT NOT NULL UNIQUE,
    series TEXT NOT NULL,
    year INTEGER NOT NULL,
    seq INTEGER NOT NULL CHECK (seq > 0),
    bill_id INTEGER NOT NULL REFERENCES bill,
    day TEXT NOT NULL CHECK (day IS date(day, '+0 days')),
    reason TEXT NOT NULL CHECK (reason IN ('correction', 'courtesy')),
    note TEXT,
    amount_cents INTEGER NOT NULL CHECK (amount_cents > 0),
    fees_cents INTEGER NOT NULL CHECK (fees_cents >= 0),
    -- What of the bill's discount goes back with the fees.
    discount_cents INTEGER NOT NULL DEFAULT 0 CHECK (discount_cents >= 0),
    costs_cents INTEGER NOT NULL CHECK (costs_cents >= 0),
    tax_cents INTEGER NOT NULL CHECK (tax_cents >= 0),
    releases INTEGER NOT NULL DEFAULT 0 CHECK (releases IN (0, 1)),
    audit_id INTEGER NOT NULL REFERENCES audit,
    audit_hash TEXT NOT NULL,
    UNIQUE (series, year, seq),
    CHECK (amount_cents = fees_cents + costs_cents + tax_cents),
    CHECK (releases = 0 OR reason = 'correction')
) STRICT;
CREATE INDEX credit_note_of_bill ON credit_note (bill_id);

-- What of each part of the bill a correction takes back from the fees already invoiced (D-14).
CREATE TABLE credit_note_part (
    credit_id INTEGER NOT NULL REFERENCES credit_note,
    bill_id INTEGER NOT NULL REFERENCES bill,
    part INTEGER NOT NULL,
    charged_cents INTEGER NOT NULL,
    costs_cents INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (credit_id, bill_id, part)
) STRICT, WITHOUT ROWID;
CREATE INDEX credit_note_part_of_bill ON credit_note_part (bill_id);

CREATE TABLE credit_note_tax (
    credit_id INTEGER NOT NULL REFERENCES credit_note,
    code TEXT NOT NULL,
    base_cents INTEGER NOT NULL,
    tax_cents INTEGER NOT NULL,
    PRIMARY KEY (credit_id, code)
) STRICT, WITHOUT ROWID;

-- The newest row of a bill counts; nothing in dispute is resolved.
CREATE TABLE bill_dispute (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    bill_id INTEGER NOT NULL REFERENCES bill,
    day TEXT NOT NULL CHECK (day IS date(day, '+0 days')),
    amount_cents INTEGER NOT NULL CHECK (amount_cents >= 0),
    note TEXT,
    audit_id INTEGER NOT NULL REFERENCES audit,
    audit_hash TEXT NOT NULL
) STRICT;
CREATE INDEX bill_dispute_of_bill ON bill_dispute (bill_id);

-- One computation billed to several payors: the group is the bill that holds the entries (D-51).
CREATE TABLE bill_share (
    bill_id INTEGER PRIMARY KEY REFERENCES bill,
    group_id INTEGER NOT NULL REFERENCES bill,
    n INTEGER NOT NULL CHECK (n > 0),
    basis_points INTEGER NOT NULL CHECK (basis_points BETWEEN 1 AND 10000),
    UNIQUE (group_id, n)
) STRICT, WITHOUT ROWID;

-- When a bill is to be paid; the newest plan of a bill counts (D-61).
CREATE TABLE payment_plan (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    bill_id INTEGER NOT NULL REFERENCES bill,
    day TEXT NOT NULL CHECK (day IS date(day, '+0 days')),
    audit_id INTEGER NOT NULL REFERENCES audit,
    audit_hash TEXT NOT NULL
) STRICT;
CREATE INDEX payment_plan_of_bill ON payment_plan (bill_id);

CREATE TABLE payment_plan_row (
    plan_id INTEGER NOT NULL REFERENCES payment_plan,
    -- Number 0 is the down payment.
    n INTEGER NOT NULL CHECK (n >= 0),
    due_on TEXT NOT NULL CHECK (due_on IS date(due_on, '+0 days')),
    amount_cents INTEGER NOT NULL CHECK (amount_cents > 0),
    PRIMARY KEY (plan_id, n)
) STRICT, WITHOUT ROWID;

-- Postings, anew: what moves trust, retainer or a credit names its row ------------------------

CREATE TABLE new_move (
    entry_id INTEGER NOT NULL REFERENCES journal_entry,
    n INTEGER NOT NULL CHECK (n > 0),
    -- Alternatives rather than lists, as in bill_line.
    debit TEXT NOT NULL CHECK (
        debit = 'receivable' OR debit = 'client_credit' OR debit = 'trust_liability'
        OR debit = 'retainer_liability' OR debit = 'operating_bank' OR debit = 'trust_bank'
        OR debit = 'fee_income' OR debit = 'cost_recoveries' OR debit = 'discounts_given'
        OR debit = 'tax_payable' OR debit = 'bad_debt' OR debit = 'interest'
        OR debit = 'bank_charges'),
    credit TEXT NOT NULL CHECK (
        credit = 'receivable' OR credit = 'client_credit' OR credit = 'trust_liability'
        OR credit = 'retainer_liability' OR credit = 'operating_bank' OR credit = 'trust_bank'
        OR credit = 'fee_income' OR credit = 'cost_recoveries' OR credit = 'discounts_given'
        OR credit = 'tax_payable' OR credit = 'bad_debt' OR credit = 'interest'
        OR credit = 'bank_charges'),
    amount_cents INTEGER NOT NULL CHECK (amount_cents > 0),
    matter_id INTEGER REFERENCES matter,
    bill_id INTEGER REFERENCES bill,
    payment_id INTEGER REFERENCES payment,
    trust_id INTEGER REFERENCES trust_entry,
    retainer_id INTEGER REFERENCES retainer_entry,
    credit_id INTEGER REFERENCES credit_note,
    PRIMARY KEY (entry_id, n),
    CHECK (debit <> credit),
    CHECK ((debit <> 'receivable' AND credit <> 'receivable') OR bill_id IS NOT NULL),
    CHECK ((debit <> 'client_credit' AND credit <> 'client_credit') OR payment_id IS NOT NULL),
    CHECK ((debit <> 'trust_liability' AND credit <> 'trust_liability'
        AND debit <> 'trust_bank' AND credit <> 'trust_bank') OR trust_id IS NOT NULL),
    CHECK ((debit <> 'retainer_liability' AND credit <> 'retainer_liability')
        OR retainer_id IS NOT NULL)
) STRICT, WITHOUT ROWID;
INSERT INTO new_move (
    entry_id, n, debit, credit, amount_cents, matter_id, bill_id, payment_id)
SELECT entry_id, n, debit, credit, amount_cents, matter_id, bill_id, payment_id FROM move;
DROP TABLE move;
ALTER TABLE new_move RENAME TO move;
CREATE INDEX move_of_bill ON move (bill_id) WHERE bill_id IS NOT NULL;
CREATE INDEX move_of_payment ON move (payment_id) WHERE payment_id IS NOT NULL;
CREATE INDEX move_of_trust ON move (trust_id) WHERE trust_id IS NOT NULL;
CREATE INDEX move_of_retainer ON move (retainer_id) WHERE retainer_id IS NOT NULL;
-- Client credit is rare among postings, and each bill that is issued asks for it.
CREATE INDEX move_of_credit ON move (payment_id, debit, credit, amount_cents)
    WHERE debit = 'client_credit' OR credit = 'client_credit';

-- Guards -------------------------------------------------------------------------------------

CREATE TRIGGER move_unchanged BEFORE UPDATE ON move
BEGIN SELECT RAISE(ABORT, 'guard: a posting can not be changed'); END;
CREATE TRIGGER move_stays BEFORE DELETE ON move
BEGIN SELECT RAISE(ABORT, 'guard: a posting can not be deleted'); END;
CREATE TRIGGER move_not_replaced BEFORE INSERT ON move
WHEN EXISTS (SELECT 1 FROM move WHERE entry_id = NEW.entry_id AND n = NEW.n)
BEGIN SELECT RAISE(ABORT, 'guard: a posting can not be replaced'); END;
CREATE TRIGGER move_not_added BEFORE INSERT ON move
WHEN EXISTS (SELECT 1 FROM journal_entry WHERE id > NEW.entry_id)
BEGIN SELECT RAISE(ABORT, 'guard: a posting can not be added to an earlier entry'); END;
CREATE TRIGGER trust_entry_unchanged BEFORE UPDATE ON trust_entry
BEGIN SELECT RAISE(ABORT, 'guard: an entry of the trust ledger can not be changed'); END;
CREATE TRIGGER trust_entry_stays BEFORE DELETE ON trust_entry
BEGIN SELECT RAISE(ABORT, 'guard: an entry of the trust ledger can not be deleted'); END;
CREATE TRIGGER trust_entry_not_replaced BEFORE INSERT ON trust_entry
WHEN EXISTS (SELECT 1 FROM trust_entry
        WHERE id = NEW.id)
    OR EXISTS (SELECT 1 FROM trust_entry
        WHERE number = NEW.number AND amount_cents < 0 AND NEW.amount_cents < 0)
BEGIN SELECT RAISE(ABORT, 'guard: an entry of the trust ledger can not be replaced'); END;
CREATE TRIGGER trust_clearing_unchanged BEFORE UPDATE ON trust_clearing
BEGIN SELECT RAISE(ABORT, 'guard: an early clearing can not be changed'); END;
CREATE TRIGGER trust_clearing_stays BEFORE DELETE ON trust_clearing
BEGIN SELECT RAISE(ABORT, 'guard: an early clearing can not be deleted'); END;
CREATE TRIGGER trust_clearing_not_replaced BEFORE INSERT ON trust_clearing
WHEN EXISTS (SELECT 1 FROM trust_clearing WHERE receipt_id = NEW.receipt_id)
BEGIN SELECT RAISE(ABORT, 'guard: an early clearing can not be replaced'); END;
CREATE TRIGGER trust_confirmation_unchanged BEFORE UPDATE ON trust_confirmation
BEGIN SELECT RAISE(ABORT, 'guard: a confirmed transfer can not be changed'); END;
CREATE TRIGGER trust_confirmation_stays BEFORE DELETE ON trust_confirmation
BEGIN SELECT RAISE(ABORT, 'guard: a confirmed transfer can not be deleted'); END;
CREATE TRIGGER trust_confirmation_not_replaced BEFORE INSERT ON trust_confirmation
WHEN EXISTS (SELECT 1 FROM trust_confirmation WHERE trust_id = NEW.trust_id)
BEGIN SELECT RAISE(ABORT, 'guard: a confirmed transfer can not be replaced'); END;
CREATE TRIGGER trust_notice_unchanged BEFORE UPDATE ON trust_notice
BEGIN SELECT RAISE(ABORT, 'guard: a notice of a withdrawal can not be changed'); END;
CREATE TRIGGER trust_notice_stays BEFORE DELETE ON trust_notice
BEGIN SELECT RAISE(ABORT, 'guard: a notice of a withdrawal can not be deleted'); END;
CREATE TRIGGER trust_notice_not_replaced BEFORE INSERT ON trust_notice
WHEN EXISTS (SELECT 1 FROM trust_notice WHERE bill_id = NEW.bill_id)
BEGIN SELECT RAISE(ABORT, 'guard: a notice of a withdrawal can not be replaced'); END;
CREATE TRIGGER reconciliation_unchanged BEFORE UPDATE ON reconciliation
BEGIN SELECT RAISE(ABORT, 'guard: a reconciliation can not be changed'); END;
CREATE TRIGGER reconciliation_stays BEFORE DELETE ON reconciliation
BEGIN SELECT RAISE(ABORT, 'guard: a reconciliation can not be deleted'); END;
CREATE TRIGGER reconciliation_not_replaced BEFORE INSERT ON reconciliation
WHEN EXISTS (SELECT 1 FROM reconciliation WHERE id = NEW.id)
    OR EXISTS (SELECT 1 FROM reconciliation WHERE day = NEW.day)
BEGIN SELECT RAISE(ABORT, 'guard: a reconciliation can not be replaced'); END;
CREATE TRIGGER retainer_entry_unchanged BEFORE UPDATE ON retainer_entry
BEGIN SELECT RAISE(ABORT, 'guard: an entry of a general retainer can not be changed'); END;
CREATE TRIGGER retainer_entry_stays BEFORE DELETE ON retainer_entry
BEGIN SELECT RAISE(ABORT, 'guard: an entry of a general retainer can not be deleted'); END;
CREATE TRIGGER retainer_entry_not_replaced BEFORE INSERT ON retainer_entry
WHEN EXISTS (SELECT 1 FROM retainer_entry WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'guard: an entry of a general retainer can not be replaced'); END;
CREATE TRIGGER fund_request_unchanged BEFORE UPDATE ON fund_request
BEGIN SELECT RAISE(ABORT, 'guard: a request for funds can not be changed'); END;
CREATE TRIGGER fund_request_stays BEFORE DELETE ON fund_request
BEGIN SELECT RAISE(ABORT, 'guard: a request for funds can not be deleted'); END;
CREATE TRIGGER fund_request_not_replaced BEFORE INSERT ON fund_request
WHEN EXISTS (SELECT 1 FROM fund_request
        WHERE id = NEW.id)
    OR EXISTS (SELECT 1 FROM fund_request
        WHERE number = NEW.number)
    OR EXISTS (SELECT 1 FROM fund_request
        WHERE series = NEW.series AND year = NEW.year AND seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'guard: a request for funds can not be replaced'); END;
CREATE TRIGGER credit_note_unchanged BEFORE UPDATE ON credit_note
BEGIN SELECT RAISE(ABORT, 'guard: a credit note can not be changed'); END;
CREATE TRIGGER credit_note_stays BEFORE DELETE ON credit_note
BEGIN SELECT RAISE(ABORT, 'guard: a credit note can not be deleted'); END;
CREATE TRIGGER credit_note_not_replaced BEFORE INSERT ON credit_note
WHEN EXISTS (SELECT 1 FROM credit_note
        WHERE id = NEW.id)
    OR EXISTS (SELECT 1 FROM credit_note
        WHERE number = NEW.number)
    OR EXISTS (SELECT 1 FROM credit_note
        WHERE series = NEW.series AND year = NEW.year AND seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'guard: a credit note can not be replaced'); END;
CREATE TRIGGER credit_note_part_unchanged BEFORE UPDATE ON credit_note_part
BEGIN SELECT RAISE(ABORT, 'guard: a part of a credit note can not be changed'); END;
CREATE TRIGGER credit_note_part_stays BEFORE DELETE ON credit_note_part
BEGIN SELECT RAISE(ABORT, 'guard: a part of a credit note can not be deleted'); END;
CREATE TRIGGER credit_note_part_not_replaced BEFORE INSERT ON credit_note_part
WHEN EXISTS (SELECT 1 FROM credit_note_part
        WHERE credit_id = NEW.credit_id AND bill_id = NEW.bill_id AND part = NEW.part)
BEGIN SELECT RAISE(ABORT, 'guard: a part of a credit note can not be replaced'); END;
CREATE TRIGGER credit_note_tax_unchanged BEFORE UPDATE ON credit_note_tax
BEGIN SELECT RAISE(ABORT, 'guard: a tax of a credit note can not be changed'); END;
CREATE TRIGGER credit_note_tax_stays BEFORE DELETE ON credit_note_tax
BEGIN SELECT RAISE(ABORT, 'guard: a tax of a credit note can not be deleted'); END;
CREATE TRIGGER credit_note_tax_not_replaced BEFORE INSERT ON credit_note_tax
WHEN EXISTS (SELECT 1 FROM credit_note_tax WHERE credit_id = NEW.credit_id AND code = NEW.code)
BEGIN SELECT RAISE(ABORT, 'guard: a tax of a credit note can not be replaced'); END;
CREATE TRIGGER bill_dispute_unchanged BEFORE UPDATE ON bill_dispute
BEGIN SELECT RAISE(ABORT, 'guard: a dispute can not be changed'); END;
CREATE TRIGGER bill_dispute_stays BEFORE DELETE ON bill_dispute
BEGIN SELECT RAISE(ABORT, 'guard: a dispute can not be deleted'); END;
CREATE TRIGGER bill_dispute_not_replaced BEFORE INSERT ON bill_dispute
WHEN EXISTS (SELECT 1 FROM bill_dispute WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'guard: a dispute can not be replaced'); END;
CREATE TRIGGER bill_share_unchanged BEFORE UPDATE ON bill_share
BEGIN SELECT RAISE(ABORT, 'guard: the share of a payor can not be changed'); END;
CREATE TRIGGER bill_share_stays BEFORE DELETE ON bill_share
BEGIN SELECT RAISE(ABORT, 'guard: the share of a payor can not be deleted'); END;
CREATE TRIGGER bill_share_not_replaced BEFORE INSERT ON bill_share
WHEN EXISTS (SELECT 1 FROM bill_share WHERE bill_id = NEW.bill_id)
    OR EXISTS (SELECT 1 FROM bill_share WHERE group_id = NEW.group_id AND n = NEW.n)
BEGIN SELECT RAISE(ABORT, 'guard: the share of a payor can not be replaced'); END;
CREATE TRIGGER payment_plan_unchanged BEFORE UPDATE ON payment_plan
BEGIN SELECT RAISE(ABORT, 'guard: a payment plan can not be changed'); END;
CREATE TRIGGER payment_plan_stays BEFORE DELETE ON payment_plan
BEGIN SELECT RAISE(ABORT, 'guard: a payment plan can not be deleted'); END;
CREATE TRIGGER payment_plan_not_replaced BEFORE INSERT ON payment_plan
WHEN EXISTS (SELECT 1 FROM payment_plan WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'guard: a payment plan can not be replaced'); END;
CREATE TRIGGER payment_plan_row_unchanged BEFORE UPDATE ON payment_plan_row
BEGIN SELECT RAISE(ABORT, 'guard: an instalment of a plan can not be changed'); END;
CREATE TRIGGER payment_plan_row_stays BEFORE DELETE ON payment_plan_row
BEGIN SELECT RAISE(ABORT, 'guard: an instalment of a plan can not be deleted'); END;
CREATE TRIGGER payment_plan_row_not_replaced BEFORE INSERT ON payment_plan_row
WHEN EXISTS (SELECT 1 FROM payment_plan_row WHERE plan_id = NEW.plan_id AND n = NEW.n)
BEGIN SELECT RAISE(ABORT, 'guard: an instalment of a plan can not be replaced'); END;

-- The floor of trust: neither on its own day nor on any later day of a payment below zero (T1).
CREATE TRIGGER trust_entry_above_zero BEFORE INSERT ON trust_entry
WHEN NEW.amount_cents < 0 AND EXISTS (
    SELECT 1 FROM (
        SELECT NEW.effective_on AS day
        UNION SELECT effective_on FROM trust_entry
        WHERE matter_id IS NEW.matter_id AND amount_cents < 0
            AND effective_on > NEW.effective_on) AS at
    WHERE NEW.amount_cents + coalesce((
        SELECT sum(t.amount_cents) FROM trust_entry AS t
        LEFT JOIN trust_clearing AS c ON c.receipt_id = t.id
        WHERE t.matter_id IS NEW.matter_id AND coalesce(c.day, t.effective_on) <= at.day), 0) < 0)
BEGIN SELECT RAISE(ABORT, 'guard: a matter can not pay more from trust than was cleared'); END;
-- The trust ledger tells what happened, so no day of it lies ahead of the clock, anywhere (T13).
CREATE TRIGGER trust_entry_not_ahead BEFORE INSERT ON trust_entry
WHEN NEW.day > date('now', '+14 hours')
BEGIN SELECT RAISE(ABORT, 'guard: an entry of trust can not be dated ahead'); END;
CREATE TRIGGER trust_entry_after_the_lock BEFORE INSERT ON trust_entry
WHEN EXISTS (SELECT 1 FROM reconciliation WHERE day >= NEW.day)
BEGIN SELECT RAISE(ABORT, 'guard: this month of trust is reconciled and locked'); END;
CREATE TRIGGER trust_entry_of_its_client BEFORE INSERT ON trust_entry
WHEN NEW.matter_id IS NOT NULL
    AND NEW.client_id IS NOT (SELECT client_id FROM matter WHERE id = NEW.matter_id)
BEGIN SELECT RAISE(ABORT, 'guard: the trust money of a matter is its client''s'); END;
-- One client's money never pays another's bill, and only a bill that was delivered (T3, T6).
CREATE TRIGGER trust_fee_for_its_bill BEFORE INSERT ON trust_entry
WHEN NEW.kind = 'fee' AND NOT EXISTS (
    SELECT 1 FROM bill AS b
    WHERE b.id = NEW.bill_id AND b.client_id = NEW.client_id AND b.matter_id = NEW.matter_id
        AND EXISTS (SELECT 1 FROM bill_event WHERE bill_id = b.id AND what = 'issued')
        AND NOT EXISTS (SELECT 1 FROM bill_event WHERE bill_id = b.id AND what = 'voided'))
BEGIN SELECT RAISE(ABORT, 'guard: trust pays issued bills of its own matter and client'); END;
-- Reversals of an entry take back what it moved, and not more.
CREATE TRIGGER trust_reversal_within_its_entry BEFORE INSERT ON trust_entry
WHEN NEW.reverses IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM trust_entry AS t
    WHERE t.id = NEW.reverses AND t.kind <> 'reversal' AND t.matter_id IS NEW.matter_id
        AND t.bill_id IS NEW.bill_id AND t.expense_id IS NEW.expense_id AND t.day <= NEW.day
        AND (t.amount_cents < 0) = (NEW.amount_cents > 0)
        AND NEW.effective_on = CASE WHEN NEW.amount_cents > 0 THEN NEW.day ELSE max(
            NEW.day, coalesce((
                SELECT day FROM trust_clearing WHERE receipt_id = t.id), t.effective_on)) END
        AND abs(t.amount_cents) >= abs(NEW.amount_cents) + coalesce((
            SELECT sum(abs(amount_cents)) FROM trust_entry WHERE reverses = t.id), 0))
BEGIN SELECT RAISE(ABORT, 'guard: a reversal takes back what its entry moved, not more'); END;
-- A cost is paid from trust as a whole and once, by the client whose it is (T3).
CREATE TRIGGER trust_entry_for_its_cost BEFORE INSERT ON trust_entry
WHEN NEW.expense_id IS NOT NULL AND NEW.amount_cents < 0 AND NOT EXISTS (
    SELECT 1 FROM expense AS e
    WHERE e.id = NEW.expense_id AND e.matter_id = NEW.matter_id AND e.behavior = 'bill'
        AND e.amount_cents = -NEW.amount_cents AND coalesce((
            SELECT sum(amount_cents) FROM trust_entry WHERE expense_id = e.id), 0) = 0)
BEGIN SELECT RAISE(ABORT, 'guard: trust pays a cost of its matter, as a whole and once'); END;
CREATE TRIGGER expense_paid_from_trust_stays BEFORE UPDATE OF id, matter_id, amount_cents, behavior
ON expense
WHEN (NEW.id <> OLD.id OR NEW.matter_id <> OLD.matter_id OR NEW.amount_cents <> OLD.amount_cents
        OR NEW.behavior <> OLD.behavior)
    AND coalesce((SELECT sum(amount_cents) FROM trust_entry WHERE expense_id = OLD.id), 0) <> 0
BEGIN SELECT RAISE(ABORT, 'guard: a cost that trust paid can not be changed'); END;
CREATE TRIGGER expense_paid_from_trust_not_deleted BEFORE DELETE ON expense
WHEN EXISTS (SELECT 1 FROM trust_entry WHERE expense_id = OLD.id)
BEGIN SELECT RAISE(ABORT, 'guard: a cost that trust paid can not be deleted'); END;
CREATE TRIGGER expense_paid_from_trust_not_replaced BEFORE INSERT ON expense
WHEN EXISTS (SELECT 1 FROM trust_entry WHERE expense_id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'guard: a cost that trust paid can not be replaced'); END;
CREATE TRIGGER trust_clearing_of_a_receipt BEFORE INSERT ON trust_clearing
WHEN NOT EXISTS (
    SELECT 1 FROM trust_entry
    WHERE id = NEW.receipt_id AND kind = 'deposit' AND NEW.day BETWEEN day AND effective_on)
    OR EXISTS (SELECT 1 FROM trust_entry WHERE reverses = NEW.receipt_id)
    OR EXISTS (SELECT 1 FROM reconciliation WHERE day >= NEW.day)
    OR NEW.day > date('now', '+14 hours')
BEGIN SELECT RAISE(ABORT, 'guard: a receipt is cleared early, once, while it stands'); END;
-- The bank makes a transfer after its fee, or what was given back of it, and while its day is open.
CREATE TRIGGER trust_confirmation_of_a_transfer BEFORE INSERT ON trust_confirmation
WHEN NOT EXISTS (
        SELECT 1 FROM trust_entry AS t LEFT JOIN trust_entry AS f ON f.id = t.reverses
        WHERE t.id = NEW.trust_id AND NEW.day >= t.day AND (t.kind = 'fee' OR f.kind = 'fee'))
    OR EXISTS (SELECT 1 FROM reconciliation WHERE day >= NEW.day)
    OR NEW.day > date('now', '+14 hours')
BEGIN SELECT RAISE(ABORT, 'guard: a transfer of fees is confirmed once made, on a day not locked'); END;
CREATE TRIGGER reconciliation_goes_on BEFORE INSERT ON reconciliation
WHEN EXISTS (SELECT 1 FROM reconciliation WHERE day >= NEW.day)
    OR NEW.day > date('now', '+14 hours')
BEGIN SELECT RAISE(ABORT, 'guard: a reconciliation is later than the one before it'); END;

CREATE TRIGGER retainer_entry_above_zero BEFORE INSERT ON retainer_entry
WHEN NEW.amount_cents < 0 AND EXISTS (
    SELECT 1 FROM (
        SELECT NEW.day AS day
        UNION SELECT day FROM retainer_entry
        WHERE matter_id = NEW.matter_id AND amount_cents < 0 AND day > NEW.day) AS at
    WHERE NEW.amount_cents + coalesce((
        SELECT sum(amount_cents) FROM retainer_entry
        WHERE matter_id = NEW.matter_id AND day <= at.day), 0) < 0)
BEGIN SELECT RAISE(ABORT, 'guard: a matter can not pay more than its general retainer'); END;
CREATE TRIGGER retainer_entry_of_its_client BEFORE INSERT ON retainer_entry
WHEN NEW.client_id IS NOT (SELECT client_id FROM matter WHERE id = NEW.matter_id)
BEGIN SELECT RAISE(ABORT, 'guard: the retainer of a matter is its client''s'); END;
CREATE TRIGGER retainer_for_its_bill BEFORE INSERT ON retainer_entry
WHEN NEW.kind = 'applied' AND NOT EXISTS (
    SELECT 1 FROM bill AS b
    WHERE b.id = NEW.bill_id AND b.client_id = NEW.client_id AND b.matter_id = NEW.matter_id
        AND EXISTS (SELECT 1 FROM bill_event WHERE bill_id = b.id AND what = 'issued')
        AND NOT EXISTS (SELECT 1 FROM bill_event WHERE bill_id = b.id AND what = 'voided'))
BEGIN SELECT RAISE(ABORT, 'guard: a retainer pays issued bills of its own matter'); END;
CREATE TRIGGER retainer_reversal_within_its_entry BEFORE INSERT ON retainer_entry
WHEN NEW.reverses IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM retainer_entry AS t
    WHERE t.id = NEW.reverses AND t.kind <> 'reversal' AND t.matter_id = NEW.matter_id
        AND t.bill_id IS NEW.bill_id
        AND (t.amount_cents < 0) = (NEW.amount_cents > 0)
        AND abs(t.amount_cents) >= abs(NEW.amount_cents) + coalesce((
            SELECT sum(abs(amount_cents)) FROM retainer_entry WHERE reverses = t.id), 0))
BEGIN SELECT RAISE(ABORT, 'guard: a reversal takes back what its entry moved, not more'); END;
CREATE TRIGGER matter_with_money_keeps_its_client BEFORE UPDATE OF client_id ON matter
WHEN NEW.client_id IS NOT OLD.client_id
    AND (EXISTS (SELECT 1 FROM trust_entry WHERE matter_id = OLD.id)
        OR EXISTS (SELECT 1 FROM retainer_entry WHERE matter_id = OLD.id))
BEGIN SELECT RAISE(ABORT, 'guard: a matter with client money keeps its client'); END;

-- What a posting says of trust or a retainer is what its row says, once for each account.
CREATE TRIGGER move_of_trust_as_its_entry BEFORE INSERT ON move
WHEN (NEW.debit = 'trust_liability' OR NEW.credit = 'trust_liability'
        OR NEW.debit = 'trust_bank' OR NEW.credit = 'trust_bank')
    AND (NOT EXISTS (
            SELECT 1 FROM trust_entry AS t
            WHERE t.id = NEW.trust_id AND t.matter_id IS NEW.matter_id
                AND t.amount_cents = CASE
                    WHEN NEW.credit = 'trust_liability' OR NEW.debit = 'trust_bank'
                    THEN NEW.amount_cents ELSE -NEW.amount_cents END)
        OR EXISTS (
            SELECT 1 FROM move AS m WHERE m.trust_id = NEW.trust_id
                AND ((m.debit IN (NEW.debit, NEW.credit)
                        AND m.debit IN ('trust_liability', 'trust_bank'))
                    OR (m.credit IN (NEW.debit, NEW.credit)
                        AND m.credit IN ('trust_liability', 'trust_bank')))))
BEGIN SELECT RAISE(ABORT, 'guard: a posting of trust is what its entry says, once'); END;
-- A cost on a bill counts as paid by the payment out of trust that stands for it, once.
CREATE TRIGGER move_of_a_cost_paid_from_trust BEFORE INSERT ON move
WHEN NEW.debit = 'cost_recoveries' AND NEW.credit = 'receivable' AND NEW.trust_id IS NOT NULL
    AND NOT EXISTS (
        SELECT 1 FROM trust_entry AS t
        JOIN claim AS c ON c.kind = 'expense' AND c.entry_id = t.expense_id
        WHERE t.id = NEW.trust_id AND t.kind = 'withdrawal' AND c.released_on IS NULL
            AND t.matter_id IS NEW.matter_id AND c.bill_id IN (
                NEW.bill_id, (SELECT group_id FROM bill_share WHERE bill_id = NEW.bill_id))
            AND -t.amount_cents >= NEW.amount_cents + coalesce((
                SELECT sum(CASE credit WHEN 'receivable' THEN amount_cents
                    ELSE -amount_cents END)
                FROM move WHERE trust_id = t.id AND bill_id IS NOT NULL), 0))
BEGIN SELECT RAISE(ABORT, 'guard: a cost is paid by the trust entry that stands for it'); END;
CREATE TRIGGER move_of_retainer_as_its_entry BEFORE INSERT ON move
WHEN (NEW.debit = 'retainer_liability' OR NEW.credit = 'retainer_liability')
    AND (NOT EXISTS (
            SELECT 1 FROM retainer_entry AS t
            WHERE t.id = NEW.retainer_id AND t.matter_id IS NEW.matter_id
                AND t.amount_cents = CASE NEW.credit WHEN 'retainer_liability'
                    THEN NEW.amount_cents ELSE -NEW.amount_cents END)
        OR EXISTS (
            SELECT 1 FROM move WHERE retainer_id = NEW.retainer_id
                AND (debit = 'retainer_liability' OR credit = 'retainer_liability')))
BEGIN SELECT RAISE(ABORT, 'guard: a posting of a retainer is what its entry says, once'); END;
-- No bill is paid beyond what is open on it, and no payment gives more credit than it holds.
CREATE TRIGGER move_within_the_balance BEFORE INSERT ON move
WHEN NEW.credit = 'receivable'
    AND (NEW.debit = 'operating_bank' OR NEW.debit = 'client_credit'
        OR NEW.debit = 'trust_liability' OR NEW.debit = 'retainer_liability'
        OR NEW.debit = 'bad_debt' OR NEW.credit_id IS NOT NULL OR NEW.trust_id IS NOT NULL)
    AND NEW.amount_cents > (
        SELECT coalesce(sum(CASE 'receivable' WHEN debit THEN amount_cents
            WHEN credit THEN -amount_cents ELSE 0 END), 0)
        FROM move WHERE bill_id = NEW.bill_id)
BEGIN SELECT RAISE(ABORT, 'guard: a bill can not be paid beyond what is open on it'); END;
CREATE TRIGGER move_within_the_credit BEFORE INSERT ON move
WHEN NEW.debit = 'client_credit' AND NEW.amount_cents > (
    SELECT coalesce(sum(CASE 'client_credit' WHEN credit THEN amount_cents
        WHEN debit THEN -amount_cents ELSE 0 END), 0)
    FROM move WHERE payment_id = NEW.payment_id)
BEGIN SELECT RAISE(ABORT, 'guard: a payment can not give more credit than it holds'); END;

-- A credit note takes back from an issued bill, at most what it came to.
CREATE TRIGGER credit_note_within_its_bill BEFORE INSERT ON credit_note
WHEN NOT EXISTS (
    SELECT 1 FROM bill AS b
    WHERE b.id = NEW.bill_id
        AND EXISTS (SELECT 1 FROM bill_event WHERE bill_id = b.id AND what = 'issued')
        AND NOT EXISTS (SELECT 1 FROM bill_event WHERE bill_id = b.id AND what = 'voided')
        AND b.total_cents >= NEW.amount_cents + coalesce((
            SELECT sum(amount_cents) FROM credit_note WHERE bill_id = b.id), 0)
        -- Entries come back with the whole bill alone.
        AND (NEW.releases = 0 OR b.total_cents = NEW.amount_cents + coalesce((
            SELECT sum(amount_cents) FROM credit_note WHERE bill_id = b.id), 0)))
BEGIN SELECT RAISE(ABORT, 'guard: a credit note is for an issued bill and at most its total'); END;
CREATE TRIGGER credit_note_part_not_added BEFORE INSERT ON credit_note_part
WHEN EXISTS (SELECT 1 FROM credit_note WHERE id > NEW.credit_id)
BEGIN SELECT RAISE(ABORT, 'guard: a part can not be added to an earlier credit note'); END;
CREATE TRIGGER credit_note_tax_not_added BEFORE INSERT ON credit_note_tax
WHEN EXISTS (SELECT 1 FROM credit_note WHERE id > NEW.credit_id)
BEGIN SELECT RAISE(ABORT, 'guard: a tax can not be added to an earlier credit note'); END;
CREATE TRIGGER payment_plan_row_not_added BEFORE INSERT ON payment_plan_row
WHEN EXISTS (SELECT 1 FROM payment_plan WHERE id > NEW.plan_id)
BEGIN SELECT RAISE(ABORT, 'guard: an instalment can not be added to an earlier plan'); END;

-- Entries come back by a void, or by a credit note over the whole bill that releases them.
DROP TRIGGER claim_release_needs_a_void;
CREATE TRIGGER claim_release_needs_a_void BEFORE UPDATE ON claim
WHEN NOT EXISTS (
    SELECT 1 FROM bill_event WHERE bill_id = OLD.bill_id AND what = 'voided' AND entries = 'return'
    UNION ALL SELECT 1 FROM credit_note WHERE bill_id = OLD.bill_id AND releases = 1)
BEGIN SELECT RAISE(ABORT, 'guard: a claim is released by a void or a credit note alone'); END;
DROP TRIGGER period_claim_release_needs_a_void;
CREATE TRIGGER period_claim_release_needs_a_void BEFORE UPDATE ON period_claim
WHEN NOT EXISTS (
    SELECT 1 FROM bill_event WHERE bill_id = OLD.bill_id AND what = 'voided' AND entries = 'return'
    UNION ALL SELECT 1 FROM credit_note WHERE bill_id = OLD.bill_id AND releases = 1)
BEGIN
    SELECT RAISE(ABORT, 'guard: a claim on a period is released by a void or a credit note alone');
END;

PRAGMA user_version = 3;
COMMIT;
