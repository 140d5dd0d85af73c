-- 0009: the outbox.
--
-- Each message is committed before it goes out, and what became of it is added, never changed: so
-- a power cut between the mail server's answer and the note of it leaves a row that says so, and a
-- bill goes to each recipient at most once.

BEGIN IMMEDIATE;

-- A bill for one recipient. Sent again on purpose, it is a row of its own: again-1, again-2 …
CREATE TABLE outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    bill_id INTEGER NOT NULL REFERENCES bill,
    recipient TEXT NOT NULL COLLATE NOCASE
        CHECK (recipient LIKE '_%@_%')
        CHECK (recipient NOT GLOB '*[' || char(1) || '-' || char(32) || char(127) || ',;<>]*'),
    purpose TEXT NOT NULL CHECK (purpose = 'bill' OR purpose GLOB 'again-[1-9]*'),
    queued_at TEXT NOT NULL,
    audit_id INTEGER NOT NULL REFERENCES audit,
    audit_hash TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX outbox_once ON outbox (bill_id, recipient, purpose);

-- What became of a message; the newest row counts, and without one it waits to be sent. A failure
-- with `again` is tried again by itself.
CREATE TABLE outbox_event (
    outbox_id INTEGER NOT NULL REFERENCES outbox,
    n INTEGER NOT NULL CHECK (n > 0),
    what TEXT NOT NULL
        CHECK (what IN ('sending', 'sent', 'failed', 'unknown', 'retried', 'dropped')),
    at TEXT NOT NULL,
    message_id TEXT CHECK ((message_id IS NOT NULL) = (what = 'sending')),
    reason TEXT
        CHECK (what NOT IN ('failed', 'unknown', 'dropped') OR coalesce(reason, '') <> ''),
    again INTEGER NOT NULL DEFAULT 0 CHECK (again IN (0, 1)) CHECK (again = 0 OR what = 'failed'),
    audit_id INTEGER NOT NULL REFERENCES audit,
    audit_hash TEXT NOT NULL,
    PRIMARY KEY (outbox_id, n)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX outbox_sent_once ON outbox_event (outbox_id) WHERE what = 'sent';

CREATE TRIGGER outbox_unchanged BEFORE UPDATE ON outbox
BEGIN SELECT RAISE(ABORT, 'guard: a message of the outbox can not be changed'); END;
CREATE TRIGGER outbox_stays BEFORE DELETE ON outbox
BEGIN SELECT RAISE(ABORT, 'guard: a message of the outbox can not be deleted'); END;
CREATE TRIGGER outbox_not_replaced BEFORE INSERT ON outbox
WHEN EXISTS (SELECT 1 FROM outbox WHERE id = NEW.id
        OR (bill_id = NEW.bill_id AND recipient = NEW.recipient AND purpose = NEW.purpose))
BEGIN SELECT RAISE(ABORT, 'guard: a message of the outbox can not be replaced'); END;
CREATE TRIGGER outbox_of_an_issued_bill BEFORE INSERT ON outbox
WHEN NOT EXISTS (SELECT 1 FROM bill_event WHERE bill_id = NEW.bill_id AND what = 'issued')
    OR EXISTS (SELECT 1 FROM bill_event WHERE bill_id = NEW.bill_id AND what = 'voided')
BEGIN SELECT RAISE(ABORT, 'guard: only a bill that is issued and not void can be sent'); END;

CREATE TRIGGER outbox_event_unchanged BEFORE UPDATE ON outbox_event
BEGIN SELECT RAISE(ABORT, 'guard: what became of a message can not be changed'); END;
CREATE TRIGGER outbox_event_stays BEFORE DELETE ON outbox_event
BEGIN SELECT RAISE(ABORT, 'guard: what became of a message can not be deleted'); END;
CREATE TRIGGER outbox_event_not_replaced BEFORE INSERT ON outbox_event
WHEN EXISTS (SELECT 1 FROM outbox_event WHERE outbox_id = NEW.outbox_id
        AND (n = NEW.n OR (what = 'sent' AND NEW.what = 'sent')))
BEGIN SELECT RAISE(ABORT, 'guard: what became of a message can not be replaced'); END;

-- Nothing comes after sent or dropped; a message that may have gone out goes again only when
-- somebody says so (retried).
CREATE TRIGGER outbox_event_in_order BEFORE INSERT ON outbox_event
WHEN NOT EXISTS (
    SELECT 1 FROM outbox AS o
    LEFT JOIN outbox_event AS last ON last.outbox_id = o.id AND last.n = NEW.n - 1
    WHERE o.id = NEW.outbox_id
        AND NEW.n = 1 + (SELECT count(*) FROM outbox_event WHERE outbox_id = NEW.outbox_id)
        AND CASE NEW.what
            WHEN 'sending' THEN last.what IS NULL OR last.what = 'retried' OR last.again = 1
            WHEN 'failed' THEN last.what IS NULL OR last.what IN ('retried', 'sending')
                OR last.again = 1
            WHEN 'sent' THEN last.what = 'sending'
            WHEN 'unknown' THEN last.what = 'sending'
            WHEN 'retried' THEN last.what IN ('sending', 'failed', 'unknown')
            WHEN 'dropped' THEN last.what IS NULL OR last.what NOT IN ('sent', 'dropped')
        END)
BEGIN SELECT RAISE(ABORT, 'guard: this can not follow on what became of the message'); END;
CREATE TRIGGER outbox_event_of_a_live_bill BEFORE INSERT ON outbox_event
WHEN NEW.what IN ('sending', 'retried') AND EXISTS (
    SELECT 1 FROM outbox AS o JOIN bill_event AS b ON b.bill_id = o.bill_id
    WHERE o.id = NEW.outbox_id AND b.what = 'voided')
BEGIN SELECT RAISE(ABORT, 'guard: a void bill is not sent'); END;

PRAGMA user_version = 9;
COMMIT;
