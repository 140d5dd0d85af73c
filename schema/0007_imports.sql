-- 0007: what was imported comes in once.
--
-- Each row of another program's file is known by the key that the source gives it, or by the hash
-- of what it says. The note of it outlives the entry: what was imported and then removed by hand
-- doesn't come back with the next file.

BEGIN IMMEDIATE;

CREATE TABLE import_row (
    kind TEXT NOT NULL CHECK (kind IN ('time', 'expense', 'payment')),
    source TEXT NOT NULL,
    key TEXT NOT NULL,
    entry_id INTEGER NOT NULL,
    PRIMARY KEY (kind, source, key)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER import_row_unchanged BEFORE UPDATE ON import_row
BEGIN SELECT RAISE(ABORT, 'guard: what was imported can not be changed'); END;
CREATE TRIGGER import_row_stays BEFORE DELETE ON import_row
BEGIN SELECT RAISE(ABORT, 'guard: the note of an import can not be deleted'); END;
CREATE TRIGGER import_row_not_replaced BEFORE INSERT ON import_row
WHEN EXISTS (SELECT 1 FROM import_row
             WHERE kind = NEW.kind AND source = NEW.source AND key = NEW.key)
BEGIN SELECT RAISE(ABORT, 'guard: the note of an import can not be replaced'); END;

PRAGMA user_version = 7;
COMMIT;
