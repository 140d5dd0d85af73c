-- 0012: from when to when a matter was closed, and matters that were never meant.
--
-- A fee by period isn't charged for months in which the matter was closed, and the matter's own day
-- of closing goes when it is opened again. A row is written then, for a matter that was closed or
-- whose billing was closed by its status or switched off. What is closed now has no row yet: its day is the
-- matter's own, or that of the log.
--
-- Where an older ledger's log says that a matter was opened again, it says from when on it had been
-- closed. What was undone doesn't count.
--
-- The log referred to the matter of each row, so that none could go by `undo`, not even one that was
-- added by mistake a moment ago. It names them without a reference now: the rows are the same to
-- the last column, and so are their hashes. Such a matter's id is never given again.

BEGIN IMMEDIATE;

CREATE TABLE closed_span (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    matter_id INTEGER NOT NULL REFERENCES matter,
    closed_on TEXT NOT NULL CHECK (closed_on IS date(closed_on, '+0 days')),
    reopened_on TEXT NOT NULL CHECK (reopened_on IS date(reopened_on, '+0 days')),
    audit_id INTEGER NOT NULL REFERENCES audit,
    audit_hash TEXT NOT NULL,
    CHECK (closed_on < reopened_on)
) STRICT;
CREATE INDEX closed_span_of_matter ON closed_span (matter_id);

INSERT INTO closed_span (matter_id, closed_on, reopened_on, audit_id, audit_hash)
SELECT matter_id, closed_on, today, id, hash FROM (
    SELECT a.id, a.matter_id, a.today, a.hash, json_extract(a.before, '$.closed_on') AS closed_on
    FROM audit AS a
    WHERE a.object LIKE 'matter %' AND json_type(a.before, '$.closed_on') = 'text'
        AND json_type(a.after, '$.closed_on') = 'null'
    UNION ALL
    SELECT a.id, a.matter_id, a.today, a.hash, (
        SELECT c.today FROM audit AS c
        WHERE c.matter_id = a.matter_id AND c.id < a.id AND c.object LIKE 'matter %'
            AND json_extract(c.after, shut.option) = shut.value AND NOT EXISTS (
                SELECT 1 FROM undone AS u JOIN change_set AS s ON s.unit = u.unit
                WHERE c.id BETWEEN s.first_audit AND s.last_audit)
        ORDER BY c.id DESC LIMIT 1)
    FROM audit AS a
    JOIN (SELECT '$.status' AS option, 'closed' AS value UNION ALL SELECT '$.billing', 0) AS shut
    WHERE a.object LIKE 'matter %' AND json_extract(a.before, shut.option) = shut.value
) AS opened
WHERE matter_id NOT NULL AND closed_on < today AND NOT EXISTS (
    SELECT 1 FROM undone AS u JOIN change_set AS s ON s.unit = u.unit
    WHERE opened.id BETWEEN s.first_audit AND s.last_audit)
ORDER BY id, closed_on;

CREATE TRIGGER closed_span_unchanged BEFORE UPDATE ON closed_span
BEGIN SELECT RAISE(ABORT, 'guard: a closed span can not be changed'); END;
CREATE TRIGGER closed_span_stays BEFORE DELETE ON closed_span
WHEN NOT EXISTS (
    SELECT 1 FROM undone AS u JOIN change_set AS s ON s.unit = u.unit
    JOIN change_image AS i ON i.id BETWEEN s.first_image AND s.last_image
    WHERE i.kind = 'closed_span' AND i.what = 'added' AND i.key = json_array(OLD.id))
BEGIN SELECT RAISE(ABORT, 'guard: a closed span can not be deleted'); END;
CREATE TRIGGER closed_span_not_replaced BEFORE INSERT ON closed_span
WHEN EXISTS (SELECT 1 FROM closed_span WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'guard: a closed span can not be replaced'); END;

CREATE TRIGGER closed_span_added AFTER INSERT ON closed_span
BEGIN INSERT INTO change_image (kind, what, key)
    VALUES ('closed_span', 'added', json_array(NEW.id)); END;

CREATE TABLE audit_new (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    today TEXT NOT NULL CHECK (today IS date(today, '+0 days')),
    actor TEXT NOT NULL,
    command TEXT NOT NULL,
    object TEXT NOT NULL,
    matter_id INTEGER,
    before TEXT CHECK (before IS NULL OR json_valid(before)),
    after TEXT CHECK (after IS NULL OR json_valid(after)),
    previous TEXT NOT NULL,
    hash TEXT NOT NULL
) STRICT;
INSERT INTO audit_new (id, at, today, actor, command, object, matter_id, before, after, previous,
    hash)
SELECT id, at, today, actor, command, object, matter_id, before, after, previous, hash FROM audit
ORDER BY id;
DROP TABLE audit;
ALTER TABLE audit_new RENAME TO audit;

CREATE TRIGGER audit_unchanged BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'guard: a row of the audit log can not be changed'); END;
CREATE TRIGGER audit_stays BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'guard: a row of the audit log can not be deleted'); END;
CREATE TRIGGER audit_not_replaced BEFORE INSERT ON audit
WHEN EXISTS (SELECT 1 FROM audit WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'guard: a row of the audit log can not be replaced'); END;

CREATE TRIGGER matter_stays BEFORE DELETE ON matter
WHEN NOT EXISTS (
    SELECT 1 FROM undone AS u JOIN change_set AS s ON s.unit = u.unit
    JOIN change_image AS i ON i.id BETWEEN s.first_image AND s.last_image
    WHERE i.kind = 'matter' AND i.what = 'added' AND i.key = json_array(OLD.id))
BEGIN SELECT RAISE(ABORT, 'guard: a matter can not be deleted'); END;
CREATE TRIGGER matter_not_again AFTER INSERT ON matter
WHEN EXISTS (
    SELECT 1 FROM undone AS u JOIN change_set AS s ON s.unit = u.unit
    JOIN change_image AS i ON i.id BETWEEN s.first_image AND s.last_image
    WHERE i.kind = 'matter' AND i.what = 'added' AND i.key = json_array(NEW.id))
BEGIN SELECT RAISE(ABORT, 'guard: the log knows another matter by that id'); END;

PRAGMA user_version = 12;
COMMIT;
