-- 0002: the words of a bill's template are frozen when it is approved (billing-rules 4.1).
--
-- Why a table of sets: the bills of a month print with the same few files, and each set of texts
-- is kept once, by its SHA-256.
-- Why the hash is the key: it is part of the bill's row, and so of the seal of what was approved.
-- A bill that was approved under schema 1 has no set; it prints with the file by its name.

BEGIN IMMEDIATE;

CREATE TABLE template_set (
    sha256 TEXT PRIMARY KEY CHECK (length(sha256) = 64),
    texts TEXT NOT NULL CHECK (json_valid(texts))
) STRICT, WITHOUT ROWID;

ALTER TABLE bill ADD COLUMN template_set TEXT REFERENCES template_set;

CREATE TRIGGER template_set_unchanged BEFORE UPDATE ON template_set
BEGIN SELECT RAISE(ABORT, 'guard: the template of a bill can not be changed'); END;
CREATE TRIGGER template_set_stays BEFORE DELETE ON template_set
BEGIN SELECT RAISE(ABORT, 'guard: the template of a bill can not be deleted'); END;
CREATE TRIGGER template_set_not_replaced BEFORE INSERT ON template_set
WHEN EXISTS (SELECT 1 FROM template_set WHERE sha256 = NEW.sha256)
BEGIN SELECT RAISE(ABORT, 'guard: the template of a bill can not be replaced'); END;

PRAGMA user_version = 2;
COMMIT;
