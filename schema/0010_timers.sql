-- 0010: timers, and when the time that they recorded was worked.
--
-- A timer is a row of the ledger, so it survives a closed terminal and a new start of the machine.
-- It keeps the moment it began in UTC, and the day that moment was where the firm is: that day is
-- the day of the entry, whatever happens to the clock, the time zone or the night meanwhile.
--
-- What a timer recorded keeps its span, so that time booked twice can be seen. The index finds
-- what a timekeeper logged on a day among a million entries.

BEGIN IMMEDIATE;

CREATE TABLE timer (
    timekeeper_id TEXT PRIMARY KEY NOT NULL REFERENCES timekeeper,
    matter_id INTEGER NOT NULL REFERENCES matter,
    started_at TEXT NOT NULL CHECK (started_at GLOB '[0-9]*T*+00:00'),
    day TEXT NOT NULL CHECK (day IS date(day, '+0 days')),
    description TEXT,
    task_code TEXT,
    activity_code TEXT
) STRICT;

CREATE TABLE time_span (
    entry_id INTEGER PRIMARY KEY
        REFERENCES time_entry ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    started_at TEXT NOT NULL CHECK (started_at GLOB '[0-9]*T*+00:00'),
    stopped_at TEXT NOT NULL CHECK (stopped_at GLOB '[0-9]*T*+00:00'),
    CHECK (started_at <= stopped_at)
) STRICT;
CREATE INDEX time_span_by_start ON time_span (started_at);

CREATE INDEX time_entry_of_timekeeper ON time_entry (timekeeper_id, day, logged_e4);

CREATE TRIGGER timer_added AFTER INSERT ON timer
BEGIN INSERT INTO change_image (kind, what, key)
    VALUES ('timer', 'added', json_array(NEW.timekeeper_id)); END;
CREATE TRIGGER timer_changed AFTER UPDATE ON timer
BEGIN INSERT INTO change_image (kind, what, key, row)
    VALUES ('timer', 'changed', json_array(NEW.timekeeper_id), json_object(
    'timekeeper_id', OLD.timekeeper_id, 'matter_id', OLD.matter_id, 'started_at', OLD.started_at,
    'day', OLD.day, 'description', OLD.description, 'task_code', OLD.task_code,
    'activity_code', OLD.activity_code)); END;
CREATE TRIGGER timer_removed AFTER DELETE ON timer
BEGIN INSERT INTO change_image (kind, what, key, row)
    VALUES ('timer', 'removed', json_array(OLD.timekeeper_id), json_object(
    'timekeeper_id', OLD.timekeeper_id, 'matter_id', OLD.matter_id, 'started_at', OLD.started_at,
    'day', OLD.day, 'description', OLD.description, 'task_code', OLD.task_code,
    'activity_code', OLD.activity_code)); END;

CREATE TRIGGER time_span_added AFTER INSERT ON time_span
BEGIN INSERT INTO change_image (kind, what, key)
    VALUES ('time_span', 'added', json_array(NEW.entry_id)); END;
CREATE TRIGGER time_span_changed AFTER UPDATE ON time_span
BEGIN INSERT INTO change_image (kind, what, key, row)
    VALUES ('time_span', 'changed', json_array(NEW.entry_id), json_object(
    'entry_id', OLD.entry_id, 'started_at', OLD.started_at, 'stopped_at', OLD.stopped_at)); END;
CREATE TRIGGER time_span_removed AFTER DELETE ON time_span
BEGIN INSERT INTO change_image (kind, what, key, row)
    VALUES ('time_span', 'removed', json_array(OLD.entry_id), json_object(
    'entry_id', OLD.entry_id, 'started_at', OLD.started_at, 'stopped_at', OLD.stopped_at)); END;

PRAGMA user_version = 10;
COMMIT;
