-- 0005: what an issued bill shares out, releases and charges is whole, and a billed outcome stands.
--
-- Lines, taxes and parts of an issued bill were guarded against rows added later; its shares, its
-- release of the reserve and the periods that it charges were not. An outcome that a bill holds
-- is as read-only as a billed entry is.

BEGIN IMMEDIATE;

CREATE TRIGGER bill_allocation_not_added BEFORE INSERT ON bill_allocation
WHEN EXISTS (SELECT 1 FROM bill_event WHERE bill_id = NEW.bill_id)
BEGIN SELECT RAISE(ABORT, 'guard: a share can not be added to an issued bill'); END;
CREATE TRIGGER bill_reserve_not_added BEFORE INSERT ON bill_reserve
WHEN EXISTS (SELECT 1 FROM bill_event WHERE bill_id = NEW.bill_id)
BEGIN SELECT RAISE(ABORT, 'guard: a release can not be added to an issued bill'); END;
CREATE TRIGGER period_claim_not_added BEFORE INSERT ON period_claim
WHEN EXISTS (SELECT 1 FROM bill_event WHERE bill_id = NEW.bill_id)
BEGIN SELECT RAISE(ABORT, 'guard: a period can not be added to an issued bill'); END;

CREATE TRIGGER billed_outcome_not_changed BEFORE UPDATE ON outcome
WHEN EXISTS (SELECT 1 FROM claim
             WHERE kind = 'outcome' AND released_on IS NULL AND entry_id IN (
                 SELECT OLD.id UNION ALL SELECT NEW.id UNION ALL
                 SELECT id FROM outcome WHERE matter_id = NEW.matter_id AND reversed_on IS NULL
                     AND NEW.reversed_on IS NULL))
BEGIN SELECT RAISE(ABORT, 'guard: a billed outcome can not be changed'); END;
CREATE TRIGGER billed_outcome_not_deleted BEFORE DELETE ON outcome
WHEN EXISTS (SELECT 1 FROM claim
             WHERE kind = 'outcome' AND entry_id = OLD.id AND released_on IS NULL)
BEGIN SELECT RAISE(ABORT, 'guard: a billed outcome can not be deleted'); END;
CREATE TRIGGER billed_outcome_not_replaced BEFORE INSERT ON outcome
WHEN EXISTS (SELECT 1 FROM claim
             WHERE kind = 'outcome' AND released_on IS NULL AND entry_id IN (
                 SELECT NEW.id UNION ALL
                 SELECT id FROM outcome WHERE matter_id = NEW.matter_id AND reversed_on IS NULL
                     AND NEW.reversed_on IS NULL))
BEGIN SELECT RAISE(ABORT, 'guard: a billed outcome can not be replaced'); END;

PRAGMA user_version = 5;
COMMIT;
