-- Letters: notices to somebody who is not reached on line, sent while the matter still runs.
ALTER TABLE delivery_parcel ADD COLUMN letter BIGINT NOT NULL DEFAULT 0;
