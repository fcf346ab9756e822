-- What a hall is equipped with: one bit each, in the order of `Equipment` (model/equipment.rs).
ALTER TABLE hall_hall ADD COLUMN equipment BIGINT NOT NULL DEFAULT 0;
-- The same beside each offer, with the hall's hours: the nearest that is open, or that has a ramp, is found in the index alone.
ALTER TABLE hall_offer ADD COLUMN equipment BIGINT NOT NULL DEFAULT 0;
ALTER TABLE hall_offer ADD COLUMN hours TEXT NOT NULL DEFAULT '';
UPDATE hall_offer SET hours = (SELECT h.hours FROM hall_hall h WHERE h.code = hall_offer.hall);
CREATE INDEX hall_offer_near ON hall_offer (item, cell, equipment, hours, hall);
-- The different hours that halls have: a few, of which it is worked out whether they are open at a moment.
CREATE TABLE hall_hours (
    hours TEXT PRIMARY KEY
);
INSERT INTO hall_hours (hours) SELECT DISTINCT hours FROM hall_hall;
