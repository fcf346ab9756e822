-- Pages that somebody is taking with a camera, until they are bound: whose hands, for which matter (place) and which of its fields.
-- The pages are loose files; which they are, in which order and how turned, is sealed. Forgotten after a day.
CREATE TABLE proofs_tray (
    account TEXT NOT NULL,
    place TEXT NOT NULL,
    field TEXT NOT NULL,
    rev BIGINT NOT NULL,
    since BIGINT NOT NULL,
    body BYTEA NOT NULL,
    PRIMARY KEY (account, place, field)
);
CREATE INDEX proofs_tray_since ON proofs_tray (since);
