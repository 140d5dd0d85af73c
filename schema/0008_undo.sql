-- 0008: what a change did to the rows, so that it can be taken back before a bill stands on it.
--
-- Triggers keep an image of each row that is not frozen anyway: which row was added, and how a
-- changed or a removed one was before. A change set says which images and which rows of the audit
-- log one transaction wrote. `undo` puts the images back, last first, and that is a change of its
-- own with its own row in the log; `undone` names what was taken back.
--
-- Five tables refused DELETE whatever the row. They still refuse every UPDATE, and a row goes
-- only with the undo of the change that brought it, and never when a bill was made under it.

BEGIN IMMEDIATE;

CREATE TABLE change_image (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    what TEXT NOT NULL CHECK (what IN ('added', 'changed', 'removed')),
    key TEXT NOT NULL,
    row TEXT,
    CHECK ((what = 'added') = (row IS NULL))
) STRICT;

-- The sets of one run of a command that commits more than once share a unit: its first set.
CREATE TABLE change_set (
    id INTEGER PRIMARY KEY,
    unit INTEGER NOT NULL,
    first_audit INTEGER NOT NULL,
    last_audit INTEGER NOT NULL,
    first_image INTEGER NOT NULL,
    last_image INTEGER NOT NULL
) STRICT;

CREATE TABLE undone (
    unit INTEGER PRIMARY KEY REFERENCES change_set,
    audit_id INTEGER NOT NULL REFERENCES audit,
    audit_hash TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TRIGGER change_image_unchanged BEFORE UPDATE ON change_image
BEGIN SELECT RAISE(ABORT, 'guard: the image of a row can not be changed'); END;
CREATE TRIGGER change_image_stays BEFORE DELETE ON change_image
BEGIN SELECT RAISE(ABORT, 'guard: the image of a row can not be deleted'); END;
CREATE TRIGGER change_image_not_replaced BEFORE INSERT ON change_image
WHEN EXISTS (SELECT 1 FROM change_image WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'guard: the image of a row can not be replaced'); END;
CREATE TRIGGER change_set_unchanged BEFORE UPDATE ON change_set
BEGIN SELECT RAISE(ABORT, 'guard: a change set can not be changed'); END;
CREATE TRIGGER change_set_stays BEFORE DELETE ON change_set
BEGIN SELECT RAISE(ABORT, 'guard: a change set can not be deleted'); END;
CREATE TRIGGER change_set_not_replaced BEFORE INSERT ON change_set
WHEN EXISTS (SELECT 1 FROM change_set WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'guard: a change set can not be replaced'); END;
CREATE TRIGGER undone_unchanged BEFORE UPDATE ON undone
BEGIN SELECT RAISE(ABORT, 'guard: what was undone can not be changed'); END;
CREATE TRIGGER undone_stays BEFORE DELETE ON undone
BEGIN SELECT RAISE(ABORT, 'guard: what was undone can not be deleted'); END;
CREATE TRIGGER undone_not_replaced BEFORE INSERT ON undone
WHEN EXISTS (SELECT 1 FROM undone WHERE unit = NEW.unit)
BEGIN SELECT RAISE(ABORT, 'guard: what was undone can not be replaced'); END;

-- A row that was brought by a change that is undone, found by the image that it left.
DROP TRIGGER arrangement_stays;
CREATE TRIGGER arrangement_stays BEFORE DELETE ON arrangement
WHEN NOT EXISTS (
    SELECT 1 FROM undone AS u JOIN change_set AS s ON s.unit = u.unit
    JOIN change_image AS i ON i.id BETWEEN s.first_image AND s.last_image
    WHERE i.kind = 'arrangement' AND i.what = 'added' AND i.key = json_array(OLD.id))
    OR EXISTS (SELECT 1 FROM bill_part WHERE arrangement_id = OLD.id)
BEGIN SELECT RAISE(ABORT, 'guard: a version of an arrangement can not be deleted'); END;
DROP TRIGGER change_order_stays;
CREATE TRIGGER change_order_stays BEFORE DELETE ON change_order
WHEN NOT EXISTS (
    SELECT 1 FROM undone AS u JOIN change_set AS s ON s.unit = u.unit
    JOIN change_image AS i ON i.id BETWEEN s.first_image AND s.last_image
    WHERE i.kind = 'change_order' AND i.what = 'added' AND i.key = json_array(OLD.id))
BEGIN SELECT RAISE(ABORT, 'guard: a change order can not be deleted'); END;
DROP TRIGGER task_document_stays;
CREATE TRIGGER task_document_stays BEFORE DELETE ON task_document
WHEN NOT EXISTS (
    SELECT 1 FROM undone AS u JOIN change_set AS s ON s.unit = u.unit
    JOIN change_image AS i ON i.id BETWEEN s.first_image AND s.last_image
    WHERE i.kind = 'task_document' AND i.what = 'added' AND i.key = json_array(OLD.id))
BEGIN SELECT RAISE(ABORT, 'guard: a document of a task can not be deleted'); END;
DROP TRIGGER task_split_stays;
CREATE TRIGGER task_split_stays BEFORE DELETE ON task_split
WHEN NOT EXISTS (
    SELECT 1 FROM undone AS u JOIN change_set AS s ON s.unit = u.unit
    JOIN change_image AS i ON i.id BETWEEN s.first_image AND s.last_image
    WHERE i.kind = 'task_split' AND i.what = 'added'
        AND i.key = json_array(OLD.task_id, OLD.rest_id))
BEGIN SELECT RAISE(ABORT, 'guard: a split of a task can not be deleted'); END;
DROP TRIGGER import_row_stays;
CREATE TRIGGER import_row_stays BEFORE DELETE ON import_row
WHEN NOT EXISTS (
    SELECT 1 FROM undone AS u JOIN change_set AS s ON s.unit = u.unit
    JOIN change_image AS i ON i.id BETWEEN s.first_image AND s.last_image
    WHERE i.kind = 'import_row' AND i.what = 'added'
        AND i.key = json_array(OLD.kind, OLD.source, OLD.key))
BEGIN SELECT RAISE(ABORT, 'guard: the note of an import can not be deleted'); END;

-- The images.

CREATE TRIGGER setting_added AFTER INSERT ON setting
BEGIN INSERT INTO change_image (kind, what, key)
    VALUES ('setting', 'added', json_array(NEW.key)); END;
CREATE TRIGGER setting_changed AFTER UPDATE ON setting
BEGIN INSERT INTO change_image (kind, what, key, row)
    VALUES ('setting', 'changed', json_array(NEW.key), json_object(
    'key', OLD.key, 'value', OLD.value)); END;
CREATE TRIGGER setting_removed AFTER DELETE ON setting
BEGIN INSERT INTO change_image (kind, what, key, row)
    VALUES ('setting', 'removed', json_array(OLD.key), json_object(
    'key', OLD.key, 'value', OLD.value)); END;
CREATE TRIGGER tax_code_added AFTER INSERT ON tax_code
BEGIN INSERT INTO change_image (kind, what, key)
    VALUES ('tax_code', 'added', json_array(NEW.code)); END;
CREATE TRIGGER tax_code_changed AFTER UPDATE ON tax_code
BEGIN INSERT INTO change_image (kind, what, key, row)
    VALUES ('tax_code', 'changed', json_array(NEW.code), json_object(
    'code', OLD.code, 'label', OLD.label, 'applies_to', OLD.applies_to)); END;
CREATE TRIGGER tax_code_removed AFTER DELETE ON tax_code
BEGIN INSERT INTO change_image (kind, what, key, row)
    VALUES ('tax_code', 'removed', json_array(OLD.code), json_object(
    'code', OLD.code, 'label', OLD.label, 'applies_to', OLD.applies_to)); END;
CREATE TRIGGER tax_rate_added AFTER INSERT ON tax_rate
BEGIN INSERT INTO change_image (kind, what, key)
    VALUES ('tax_rate', 'added', json_array(NEW.code, NEW.valid_from)); END;
CREATE TRIGGER tax_rate_changed AFTER UPDATE ON tax_rate
BEGIN INSERT INTO change_image (kind, what, key, row)
    VALUES ('tax_rate', 'changed', json_array(NEW.code, NEW.valid_from), json_object(
    'code', OLD.code, 'valid_from', OLD.valid_from, 'percent_e4', OLD.percent_e4)); END;
CREATE TRIGGER tax_rate_removed AFTER DELETE ON tax_rate
BEGIN INSERT INTO change_image (kind, what, key, row)
    VALUES ('tax_rate', 'removed', json_array(OLD.code, OLD.valid_from), json_object(
    'code', OLD.code, 'valid_from', OLD.valid_from, 'percent_e4', OLD.percent_e4)); END;
CREATE TRIGGER expense_category_added AFTER INSERT ON expense_category
BEGIN INSERT INTO change_image (kind, what, key)
    VALUES ('expense_category', 'added', json_array(NEW.name)); END;
CREATE TRIGGER expense_category_changed AFTER UPDATE ON expense_category
BEGIN INSERT INTO change_image (kind, what, key, row)
    VALUES ('expense_category', 'changed', json_array(NEW.name), json_object(
    'name', OLD.name, 'kind', OLD.kind, 'code', OLD.code)); END;
CREATE TRIGGER expense_category_removed AFTER DELETE ON expense_category
BEGIN INSERT INTO change_image (kind, what, key, row)
    VALUES ('expense_category', 'removed', json_array(OLD.name), json_object(
    'name', OLD.name, 'kind', OLD.kind, 'code', OLD.code)); END;
CREATE TRIGGER timekeeper_added AFTER INSERT ON timekeeper
BEGIN INSERT INTO change_image (kind, what, key)
    VALUES ('timekeeper', 'added', json_array(NEW.id)); END;
CREATE TRIGGER timekeeper_changed AFTER UPDATE ON timekeeper
BEGIN INSERT INTO change_image (kind, what, key, row)
    VALUES ('timekeeper', 'changed', json_array(NEW.id), json_object(
    'id', OLD.id, 'name', OLD.name, 'surname', OLD.surname, 'first_name', OLD.first_name,
    'email', OLD.email, 'classification', OLD.classification, 'archived_on', OLD.archived_on)); END;
CREATE TRIGGER timekeeper_removed AFTER DELETE ON timekeeper
BEGIN INSERT INTO change_image (kind, what, key, row)
    VALUES ('timekeeper', 'removed', json_array(OLD.id), json_object(
    'id', OLD.id, 'name', OLD.name, 'surname', OLD.surname, 'first_name', OLD.first_name,
    'email', OLD.email, 'classification', OLD.classification, 'archived_on', OLD.archived_on)); END;
CREATE TRIGGER client_added AFTER INSERT ON client
BEGIN INSERT INTO change_image (kind, what, key)
    VALUES ('client', 'added', json_array(NEW.id)); END;
CREATE TRIGGER client_changed AFTER UPDATE ON client
BEGIN INSERT INTO change_image (kind, what, key, row)
    VALUES ('client', 'changed', json_array(NEW.id), json_object(
    'id', OLD.id, 'name', OLD.name, 'email', OLD.email, 'address', OLD.address,
    'terms_days', OLD.terms_days, 'tax_exempt', OLD.tax_exempt, 'details', OLD.details,
    'archived_on', OLD.archived_on)); END;
CREATE TRIGGER client_removed AFTER DELETE ON client
BEGIN INSERT INTO change_image (kind, what, key, row)
    VALUES ('client', 'removed', json_array(OLD.id), json_object(
    'id', OLD.id, 'name', OLD.name, 'email', OLD.email, 'address', OLD.address,
    'terms_days', OLD.terms_days, 'tax_exempt', OLD.tax_exempt, 'details', OLD.details,
    'archived_on', OLD.archived_on)); END;
CREATE TRIGGER matter_added AFTER INSERT ON matter
BEGIN INSERT INTO change_image (kind, what, key)
    VALUES ('matter', 'added', json_array(NEW.id)); END;
CREATE TRIGGER matter_changed AFTER UPDATE ON matter
BEGIN INSERT INTO change_image (kind, what, key, row)
    VALUES ('matter', 'changed', json_array(NEW.id), json_object(
    'id', OLD.id, 'number', OLD.number, 'title', OLD.title, 'client_id', OLD.client_id,
    'client_matter_id', OLD.client_matter_id, 'case_type', OLD.case_type,
    'practice_area', OLD.practice_area, 'step', OLD.step, 'responsible_id', OLD.responsible_id,
    'opened_on', OLD.opened_on, 'closed_on', OLD.closed_on, 'held_on', OLD.held_on)); END;
CREATE TRIGGER matter_removed AFTER DELETE ON matter
BEGIN INSERT INTO change_image (kind, what, key, row)
    VALUES ('matter', 'removed', json_array(OLD.id), json_object(
    'id', OLD.id, 'number', OLD.number, 'title', OLD.title, 'client_id', OLD.client_id,
    'client_matter_id', OLD.client_matter_id, 'case_type', OLD.case_type,
    'practice_area', OLD.practice_area, 'step', OLD.step, 'responsible_id', OLD.responsible_id,
    'opened_on', OLD.opened_on, 'closed_on', OLD.closed_on, 'held_on', OLD.held_on)); END;
CREATE TRIGGER matter_option_added AFTER INSERT ON matter_option
BEGIN INSERT INTO change_image (kind, what, key)
    VALUES ('matter_option', 'added', json_array(NEW.matter_id, NEW.name)); END;
CREATE TRIGGER matter_option_changed AFTER UPDATE ON matter_option
BEGIN INSERT INTO change_image (kind, what, key, row)
    VALUES ('matter_option', 'changed', json_array(NEW.matter_id, NEW.name), json_object(
    'matter_id', OLD.matter_id, 'name', OLD.name, 'value', OLD.value)); END;
CREATE TRIGGER matter_option_removed AFTER DELETE ON matter_option
BEGIN INSERT INTO change_image (kind, what, key, row)
    VALUES ('matter_option', 'removed', json_array(OLD.matter_id, OLD.name), json_object(
    'matter_id', OLD.matter_id, 'name', OLD.name, 'value', OLD.value)); END;
CREATE TRIGGER rate_added AFTER INSERT ON rate
BEGIN INSERT INTO change_image (kind, what, key)
    VALUES ('rate', 'added', json_array(NEW.id)); END;
CREATE TRIGGER rate_changed AFTER UPDATE ON rate
BEGIN INSERT INTO change_image (kind, what, key, row)
    VALUES ('rate', 'changed', json_array(NEW.id), json_object(
    'id', OLD.id, 'timekeeper_id', OLD.timekeeper_id, 'client_id', OLD.client_id,
    'matter_id', OLD.matter_id, 'activity_code', OLD.activity_code, 'valid_from', OLD.valid_from,
    'rate_e4', OLD.rate_e4)); END;
CREATE TRIGGER rate_removed AFTER DELETE ON rate
BEGIN INSERT INTO change_image (kind, what, key, row)
    VALUES ('rate', 'removed', json_array(OLD.id), json_object(
    'id', OLD.id, 'timekeeper_id', OLD.timekeeper_id, 'client_id', OLD.client_id,
    'matter_id', OLD.matter_id, 'activity_code', OLD.activity_code, 'valid_from', OLD.valid_from,
    'rate_e4', OLD.rate_e4)); END;
CREATE TRIGGER workflow_added AFTER INSERT ON workflow
BEGIN INSERT INTO change_image (kind, what, key)
    VALUES ('workflow', 'added', json_array(NEW.name)); END;
CREATE TRIGGER workflow_changed AFTER UPDATE ON workflow
BEGIN INSERT INTO change_image (kind, what, key, row)
    VALUES ('workflow', 'changed', json_array(NEW.name), json_object(
    'name', OLD.name, 'case_type', OLD.case_type)); END;
CREATE TRIGGER workflow_removed AFTER DELETE ON workflow
BEGIN INSERT INTO change_image (kind, what, key, row)
    VALUES ('workflow', 'removed', json_array(OLD.name), json_object(
    'name', OLD.name, 'case_type', OLD.case_type)); END;
CREATE TRIGGER workflow_task_added AFTER INSERT ON workflow_task
BEGIN INSERT INTO change_image (kind, what, key)
    VALUES ('workflow_task', 'added', json_array(NEW.workflow, NEW.position)); END;
CREATE TRIGGER workflow_task_changed AFTER UPDATE ON workflow_task
BEGIN INSERT INTO change_image (kind, what, key, row)
    VALUES ('workflow_task', 'changed', json_array(NEW.workflow, NEW.position), json_object(
    'workflow', OLD.workflow, 'position', OLD.position, 'name', OLD.name, 'step', OLD.step,
    'due_days', OLD.due_days, 'deliverable', OLD.deliverable, 'acceptance', OLD.acceptance,
    'terms_days', OLD.terms_days, 'needs_acceptance', OLD.needs_acceptance,
    'accept_within', OLD.accept_within, 'trigger_kind', OLD.trigger_kind,
    'trigger_cents', OLD.trigger_cents, 'trigger_percent_e4', OLD.trigger_percent_e4,
    'trigger_description', OLD.trigger_description)); END;
CREATE TRIGGER workflow_task_removed AFTER DELETE ON workflow_task
BEGIN INSERT INTO change_image (kind, what, key, row)
    VALUES ('workflow_task', 'removed', json_array(OLD.workflow, OLD.position), json_object(
    'workflow', OLD.workflow, 'position', OLD.position, 'name', OLD.name, 'step', OLD.step,
    'due_days', OLD.due_days, 'deliverable', OLD.deliverable, 'acceptance', OLD.acceptance,
    'terms_days', OLD.terms_days, 'needs_acceptance', OLD.needs_acceptance,
    'accept_within', OLD.accept_within, 'trigger_kind', OLD.trigger_kind,
    'trigger_cents', OLD.trigger_cents, 'trigger_percent_e4', OLD.trigger_percent_e4,
    'trigger_description', OLD.trigger_description)); END;
CREATE TRIGGER task_added AFTER INSERT ON task
BEGIN INSERT INTO change_image (kind, what, key)
    VALUES ('task', 'added', json_array(NEW.id)); END;
CREATE TRIGGER task_changed AFTER UPDATE ON task
BEGIN INSERT INTO change_image (kind, what, key, row)
    VALUES ('task', 'changed', json_array(NEW.id), json_object(
    'id', OLD.id, 'matter_id', OLD.matter_id, 'number', OLD.number, 'name', OLD.name,
    'step', OLD.step, 'due_on', OLD.due_on, 'done_on', OLD.done_on,
    'deliverable', OLD.deliverable, 'acceptance', OLD.acceptance, 'terms_days', OLD.terms_days,
    'needs_acceptance', OLD.needs_acceptance, 'accept_within', OLD.accept_within,
    'trigger_kind', OLD.trigger_kind, 'trigger_cents', OLD.trigger_cents,
    'trigger_percent_e4', OLD.trigger_percent_e4, 'trigger_description', OLD.trigger_description,
    'decision', OLD.decision, 'decision_reason', OLD.decision_reason,
    'archived_on', OLD.archived_on, 'accepted_on', OLD.accepted_on,
    'accepted_by', OLD.accepted_by, 'acceptance_note', OLD.acceptance_note)); END;
CREATE TRIGGER task_removed AFTER DELETE ON task
BEGIN INSERT INTO change_image (kind, what, key, row)
    VALUES ('task', 'removed', json_array(OLD.id), json_object(
    'id', OLD.id, 'matter_id', OLD.matter_id, 'number', OLD.number, 'name', OLD.name,
    'step', OLD.step, 'due_on', OLD.due_on, 'done_on', OLD.done_on,
    'deliverable', OLD.deliverable, 'acceptance', OLD.acceptance, 'terms_days', OLD.terms_days,
    'needs_acceptance', OLD.needs_acceptance, 'accept_within', OLD.accept_within,
    'trigger_kind', OLD.trigger_kind, 'trigger_cents', OLD.trigger_cents,
    'trigger_percent_e4', OLD.trigger_percent_e4, 'trigger_description', OLD.trigger_description,
    'decision', OLD.decision, 'decision_reason', OLD.decision_reason,
    'archived_on', OLD.archived_on, 'accepted_on', OLD.accepted_on,
    'accepted_by', OLD.accepted_by, 'acceptance_note', OLD.acceptance_note)); END;
CREATE TRIGGER schedule_row_added AFTER INSERT ON schedule_row
BEGIN INSERT INTO change_image (kind, what, key)
    VALUES ('schedule_row', 'added', json_array(NEW.id)); END;
CREATE TRIGGER schedule_row_changed AFTER UPDATE ON schedule_row
BEGIN INSERT INTO change_image (kind, what, key, row)
    VALUES ('schedule_row', 'changed', json_array(NEW.id), json_object(
    'id', OLD.id, 'matter_id', OLD.matter_id, 'number', OLD.number,
    'amount_cents', OLD.amount_cents, 'description', OLD.description, 'due_on', OLD.due_on,
    'bill_on_step', OLD.bill_on_step, 'pay_on_step', OLD.pay_on_step)); END;
CREATE TRIGGER schedule_row_removed AFTER DELETE ON schedule_row
BEGIN INSERT INTO change_image (kind, what, key, row)
    VALUES ('schedule_row', 'removed', json_array(OLD.id), json_object(
    'id', OLD.id, 'matter_id', OLD.matter_id, 'number', OLD.number,
    'amount_cents', OLD.amount_cents, 'description', OLD.description, 'due_on', OLD.due_on,
    'bill_on_step', OLD.bill_on_step, 'pay_on_step', OLD.pay_on_step)); END;
CREATE TRIGGER progress_mark_added AFTER INSERT ON progress_mark
BEGIN INSERT INTO change_image (kind, what, key)
    VALUES ('progress_mark', 'added', json_array(NEW.id)); END;
CREATE TRIGGER progress_mark_changed AFTER UPDATE ON progress_mark
BEGIN INSERT INTO change_image (kind, what, key, row)
    VALUES ('progress_mark', 'changed', json_array(NEW.id), json_object(
    'id', OLD.id, 'matter_id', OLD.matter_id, 'day', OLD.day, 'percent_e4', OLD.percent_e4)); END;
CREATE TRIGGER progress_mark_removed AFTER DELETE ON progress_mark
BEGIN INSERT INTO change_image (kind, what, key, row)
    VALUES ('progress_mark', 'removed', json_array(OLD.id), json_object(
    'id', OLD.id, 'matter_id', OLD.matter_id, 'day', OLD.day, 'percent_e4', OLD.percent_e4)); END;
CREATE TRIGGER time_entry_added AFTER INSERT ON time_entry
BEGIN INSERT INTO change_image (kind, what, key)
    VALUES ('time_entry', 'added', json_array(NEW.id)); END;
CREATE TRIGGER time_entry_changed AFTER UPDATE ON time_entry
BEGIN INSERT INTO change_image (kind, what, key, row)
    VALUES ('time_entry', 'changed', json_array(NEW.id), json_object(
    'id', OLD.id, 'matter_id', OLD.matter_id, 'timekeeper_id', OLD.timekeeper_id, 'day', OLD.day,
    'logged_e4', OLD.logged_e4, 'hours_e4', OLD.hours_e4,
    'increment_minutes', OLD.increment_minutes, 'rounding', OLD.rounding, 'rate_e4', OLD.rate_e4,
    'standard_rate_e4', OLD.standard_rate_e4, 'rate_typed', OLD.rate_typed,
    'standard_cents', OLD.standard_cents, 'behavior', OLD.behavior,
    'description', OLD.description, 'task_code', OLD.task_code,
    'activity_code', OLD.activity_code, 'held_on', OLD.held_on)); END;
CREATE TRIGGER time_entry_removed AFTER DELETE ON time_entry
BEGIN INSERT INTO change_image (kind, what, key, row)
    VALUES ('time_entry', 'removed', json_array(OLD.id), json_object(
    'id', OLD.id, 'matter_id', OLD.matter_id, 'timekeeper_id', OLD.timekeeper_id, 'day', OLD.day,
    'logged_e4', OLD.logged_e4, 'hours_e4', OLD.hours_e4,
    'increment_minutes', OLD.increment_minutes, 'rounding', OLD.rounding, 'rate_e4', OLD.rate_e4,
    'standard_rate_e4', OLD.standard_rate_e4, 'rate_typed', OLD.rate_typed,
    'standard_cents', OLD.standard_cents, 'behavior', OLD.behavior,
    'description', OLD.description, 'task_code', OLD.task_code,
    'activity_code', OLD.activity_code, 'held_on', OLD.held_on)); END;
CREATE TRIGGER expense_added AFTER INSERT ON expense
BEGIN INSERT INTO change_image (kind, what, key)
    VALUES ('expense', 'added', json_array(NEW.id)); END;
CREATE TRIGGER expense_changed AFTER UPDATE ON expense
BEGIN INSERT INTO change_image (kind, what, key, row)
    VALUES ('expense', 'changed', json_array(NEW.id), json_object(
    'id', OLD.id, 'matter_id', OLD.matter_id, 'timekeeper_id', OLD.timekeeper_id, 'day', OLD.day,
    'amount_cents', OLD.amount_cents, 'behavior', OLD.behavior, 'description', OLD.description,
    'category', OLD.category, 'expense_code', OLD.expense_code, 'taxable', OLD.taxable,
    'held_on', OLD.held_on)); END;
CREATE TRIGGER expense_removed AFTER DELETE ON expense
BEGIN INSERT INTO change_image (kind, what, key, row)
    VALUES ('expense', 'removed', json_array(OLD.id), json_object(
    'id', OLD.id, 'matter_id', OLD.matter_id, 'timekeeper_id', OLD.timekeeper_id, 'day', OLD.day,
    'amount_cents', OLD.amount_cents, 'behavior', OLD.behavior, 'description', OLD.description,
    'category', OLD.category, 'expense_code', OLD.expense_code, 'taxable', OLD.taxable,
    'held_on', OLD.held_on)); END;
CREATE TRIGGER charge_added AFTER INSERT ON charge
BEGIN INSERT INTO change_image (kind, what, key)
    VALUES ('charge', 'added', json_array(NEW.id)); END;
CREATE TRIGGER charge_changed AFTER UPDATE ON charge
BEGIN INSERT INTO change_image (kind, what, key, row)
    VALUES ('charge', 'changed', json_array(NEW.id), json_object(
    'id', OLD.id, 'matter_id', OLD.matter_id, 'task_id', OLD.task_id,
    'timekeeper_id', OLD.timekeeper_id, 'day', OLD.day, 'amount_cents', OLD.amount_cents,
    'description', OLD.description, 'held_on', OLD.held_on, 'withdrawn_on', OLD.withdrawn_on)); END;
CREATE TRIGGER charge_removed AFTER DELETE ON charge
BEGIN INSERT INTO change_image (kind, what, key, row)
    VALUES ('charge', 'removed', json_array(OLD.id), json_object(
    'id', OLD.id, 'matter_id', OLD.matter_id, 'task_id', OLD.task_id,
    'timekeeper_id', OLD.timekeeper_id, 'day', OLD.day, 'amount_cents', OLD.amount_cents,
    'description', OLD.description, 'held_on', OLD.held_on, 'withdrawn_on', OLD.withdrawn_on)); END;
CREATE TRIGGER draft_added AFTER INSERT ON draft
BEGIN INSERT INTO change_image (kind, what, key)
    VALUES ('draft', 'added', json_array(NEW.id)); END;
CREATE TRIGGER draft_changed AFTER UPDATE ON draft
BEGIN INSERT INTO change_image (kind, what, key, row)
    VALUES ('draft', 'changed', json_array(NEW.id), json_object(
    'id', OLD.id, 'matter_id', OLD.matter_id, 'day', OLD.day, 'edits', OLD.edits,
    'request', OLD.request, 'computed', OLD.computed)); END;
CREATE TRIGGER draft_removed AFTER DELETE ON draft
WHEN NOT EXISTS (SELECT 1 FROM bill WHERE id = OLD.id)
BEGIN INSERT INTO change_image (kind, what, key, row)
    VALUES ('draft', 'removed', json_array(OLD.id), json_object(
    'id', OLD.id, 'matter_id', OLD.matter_id, 'day', OLD.day, 'edits', OLD.edits,
    'request', OLD.request, 'computed', OLD.computed)); END;
CREATE TRIGGER utbms_code_added AFTER INSERT ON utbms_code
BEGIN INSERT INTO change_image (kind, what, key)
    VALUES ('utbms_code', 'added', json_array(NEW.set_name, NEW.code)); END;
CREATE TRIGGER utbms_code_changed AFTER UPDATE ON utbms_code
BEGIN INSERT INTO change_image (kind, what, key, row)
    VALUES ('utbms_code', 'changed', json_array(NEW.set_name, NEW.code), json_object(
    'set_name', OLD.set_name, 'code', OLD.code, 'title', OLD.title, 'phase', OLD.phase,
    'confirmed', OLD.confirmed)); END;
CREATE TRIGGER utbms_code_removed AFTER DELETE ON utbms_code
BEGIN INSERT INTO change_image (kind, what, key, row)
    VALUES ('utbms_code', 'removed', json_array(OLD.set_name, OLD.code), json_object(
    'set_name', OLD.set_name, 'code', OLD.code, 'title', OLD.title, 'phase', OLD.phase,
    'confirmed', OLD.confirmed)); END;
CREATE TRIGGER draft_source_added AFTER INSERT ON draft_source
BEGIN INSERT INTO change_image (kind, what, key)
    VALUES ('draft_source', 'added', json_array(NEW.kind, NEW.entry_id)); END;
CREATE TRIGGER draft_source_removed AFTER DELETE ON draft_source
WHEN NOT EXISTS (SELECT 1 FROM bill WHERE id = OLD.draft_id)
BEGIN INSERT INTO change_image (kind, what, key, row)
    VALUES ('draft_source', 'removed', json_array(OLD.kind, OLD.entry_id), json_object(
    'kind', OLD.kind, 'entry_id', OLD.entry_id, 'draft_id', OLD.draft_id)); END;
CREATE TRIGGER run_bill_removed AFTER DELETE ON run_bill
BEGIN INSERT INTO change_image (kind, what, key, row)
    VALUES ('run_bill', 'removed', json_array(OLD.bill_id), json_object(
    'bill_id', OLD.bill_id, 'run_id', OLD.run_id, 'key', OLD.key, 'matter_id', OLD.matter_id)); END;
CREATE TRIGGER arrangement_added AFTER INSERT ON arrangement
BEGIN INSERT INTO change_image (kind, what, key)
    VALUES ('arrangement', 'added', json_array(NEW.id)); END;
CREATE TRIGGER change_order_added AFTER INSERT ON change_order
BEGIN INSERT INTO change_image (kind, what, key)
    VALUES ('change_order', 'added', json_array(NEW.id)); END;
CREATE TRIGGER task_document_added AFTER INSERT ON task_document
BEGIN INSERT INTO change_image (kind, what, key)
    VALUES ('task_document', 'added', json_array(NEW.id)); END;
CREATE TRIGGER task_split_added AFTER INSERT ON task_split
BEGIN INSERT INTO change_image (kind, what, key)
    VALUES ('task_split', 'added', json_array(NEW.task_id, NEW.rest_id)); END;
CREATE TRIGGER import_row_added AFTER INSERT ON import_row
BEGIN INSERT INTO change_image (kind, what, key)
    VALUES ('import_row', 'added', json_array(NEW.kind, NEW.source, NEW.key)); END;

PRAGMA user_version = 8;
COMMIT;
