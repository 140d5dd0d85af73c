-- 0004: milestones as contracts.
--
-- The client's acceptance of a task, the papers that go with it, partial approvals, and changes
-- of what was agreed. Amounts of triggers stay what they are: a change order adds to them.

BEGIN IMMEDIATE;

-- The acceptance is of the completion that stands: opening the task again takes it off (§7.2).
ALTER TABLE task ADD COLUMN accepted_on TEXT
    CHECK (accepted_on IS date(accepted_on, '+0 days'))
    CHECK (accepted_on IS NULL OR done_on IS NOT NULL);
ALTER TABLE task ADD COLUMN accepted_by TEXT;
ALTER TABLE task ADD COLUMN acceptance_note TEXT;

-- A paper by its place and the hash of what it held when it was attached.
CREATE TABLE task_document (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    task_id INTEGER NOT NULL REFERENCES task,
    name TEXT NOT NULL,
    path TEXT NOT NULL,
    sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
    size_bytes INTEGER NOT NULL CHECK (size_bytes >= 0),
    day TEXT NOT NULL CHECK (day IS date(day, '+0 days')),
    audit_id INTEGER NOT NULL REFERENCES audit,
    audit_hash TEXT NOT NULL
) STRICT;
CREATE INDEX task_document_of_task ON task_document (task_id);

-- More or less than was agreed, with the milestone that it adds or changes (§7.4). It counts for
-- the version of the arrangement that was in force: a newer version states its value anew.
CREATE TABLE change_order (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    matter_id INTEGER NOT NULL REFERENCES matter,
    arrangement_id INTEGER REFERENCES arrangement,
    day TEXT NOT NULL CHECK (day IS date(day, '+0 days')),
    amount_cents INTEGER NOT NULL CHECK (amount_cents <> 0),
    name TEXT NOT NULL,
    reason TEXT,
    approved_by TEXT,
    task_id INTEGER REFERENCES task,
    audit_id INTEGER NOT NULL REFERENCES audit,
    audit_hash TEXT NOT NULL
) STRICT;
CREATE INDEX change_order_of_matter ON change_order (matter_id);

-- A task that was approved in part: what is left of it is a task of its own (§7.5).
CREATE TABLE task_split (
    task_id INTEGER NOT NULL REFERENCES task,
    rest_id INTEGER NOT NULL UNIQUE REFERENCES task,
    approved_cents INTEGER NOT NULL CHECK (approved_cents > 0),
    rest_cents INTEGER NOT NULL CHECK (rest_cents > 0),
    day TEXT NOT NULL CHECK (day IS date(day, '+0 days')),
    note TEXT,
    audit_id INTEGER NOT NULL REFERENCES audit,
    audit_hash TEXT NOT NULL,
    PRIMARY KEY (task_id, rest_id)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER task_document_unchanged BEFORE UPDATE ON task_document
BEGIN SELECT RAISE(ABORT, 'guard: a document of a task can not be changed'); END;
CREATE TRIGGER task_document_stays BEFORE DELETE ON task_document
BEGIN SELECT RAISE(ABORT, 'guard: a document of a task can not be deleted'); END;
CREATE TRIGGER task_document_not_replaced BEFORE INSERT ON task_document
WHEN EXISTS (SELECT 1 FROM task_document WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'guard: a document of a task can not be replaced'); END;
CREATE TRIGGER change_order_unchanged BEFORE UPDATE ON change_order
BEGIN SELECT RAISE(ABORT, 'guard: a change order can not be changed'); END;
CREATE TRIGGER change_order_stays BEFORE DELETE ON change_order
BEGIN SELECT RAISE(ABORT, 'guard: a change order can not be deleted'); END;
CREATE TRIGGER change_order_not_replaced BEFORE INSERT ON change_order
WHEN EXISTS (SELECT 1 FROM change_order WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'guard: a change order can not be replaced'); END;
CREATE TRIGGER task_split_unchanged BEFORE UPDATE ON task_split
BEGIN SELECT RAISE(ABORT, 'guard: a split of a task can not be changed'); END;
CREATE TRIGGER task_split_stays BEFORE DELETE ON task_split
BEGIN SELECT RAISE(ABORT, 'guard: a split of a task can not be deleted'); END;
CREATE TRIGGER task_split_not_replaced BEFORE INSERT ON task_split
WHEN EXISTS (SELECT 1 FROM task_split
        WHERE rest_id = NEW.rest_id OR (task_id = NEW.task_id AND rest_id = NEW.rest_id))
BEGIN SELECT RAISE(ABORT, 'guard: a split of a task can not be replaced'); END;

PRAGMA user_version = 4;
COMMIT;
