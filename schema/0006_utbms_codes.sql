-- 0006: clients' own lists of codes for tasks, activities and expenses.
--
-- Receivers of electronic bills hold each code against the client's list, not against a standard.
-- The lists that come with the program are a file beside it and have no table.

BEGIN IMMEDIATE;

CREATE TABLE utbms_code (
    set_name TEXT NOT NULL,
    code TEXT NOT NULL,
    title TEXT NOT NULL,
    phase TEXT NOT NULL DEFAULT '',
    confirmed INTEGER NOT NULL DEFAULT 1 CHECK (confirmed IN (0, 1)),
    PRIMARY KEY (set_name, code)
) STRICT, WITHOUT ROWID;

PRAGMA user_version = 6;
COMMIT;
