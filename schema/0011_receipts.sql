-- 0011: where the receipt of an expense is, so that a pre-bill can name those without one.
--
-- It is a reference in words: a file, a folder, a number. The images of expenses that `undo` puts
-- back hold it too.

BEGIN IMMEDIATE;

ALTER TABLE expense ADD COLUMN receipt TEXT CHECK (receipt IS NULL OR trim(receipt) <> '');

DROP TRIGGER expense_changed;
CREATE TRIGGER expense_changed AFTER UPDATE ON expense
BEGIN INSERT INTO change_image (kind, what, key, row)
    VALUES ('expense', 'changed', json_array(NEW.id), json_object(
    'id', OLD.id, 'matter_id', OLD.matter_id, 'timekeeper_id', OLD.timekeeper_id, 'day', OLD.day,
    'amount_cents', OLD.amount_cents, 'behavior', OLD.behavior, 'description', OLD.description,
    'category', OLD.category, 'expense_code', OLD.expense_code, 'taxable', OLD.taxable,
    'held_on', OLD.held_on, 'receipt', OLD.receipt)); END;
DROP TRIGGER expense_removed;
CREATE TRIGGER expense_removed AFTER DELETE ON expense
BEGIN INSERT INTO change_image (kind, what, key, row)
    VALUES ('expense', 'removed', json_array(OLD.id), json_object(
    'id', OLD.id, 'matter_id', OLD.matter_id, 'timekeeper_id', OLD.timekeeper_id, 'day', OLD.day,
    'amount_cents', OLD.amount_cents, 'behavior', OLD.behavior, 'description', OLD.description,
    'category', OLD.category, 'expense_code', OLD.expense_code, 'taxable', OLD.taxable,
    'held_on', OLD.held_on, 'receipt', OLD.receipt)); END;

PRAGMA user_version = 11;
COMMIT;
