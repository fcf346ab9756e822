-- The reader of identity cards at a window, known by a blind index of the secret it was given when it was paired.
CREATE TABLE hall_reader (
    token TEXT PRIMARY KEY,
    hall TEXT NOT NULL REFERENCES hall_hall (code),
    number TEXT NOT NULL
);
CREATE UNIQUE INDEX hall_reader_window ON hall_reader (hall, number);
-- The card that lies on it, or lay there a moment ago; sealed, gone when it was used or after some minutes.
CREATE TABLE hall_card (
    hall TEXT NOT NULL REFERENCES hall_hall (code),
    number TEXT NOT NULL,
    id TEXT NOT NULL,
    at BIGINT NOT NULL,
    card BYTEA NOT NULL,
    PRIMARY KEY (hall, number)
);
CREATE INDEX hall_card_at ON hall_card (at);
