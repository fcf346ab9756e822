-- A day that is over is counted once.
ALTER TABLE hall_day ADD COLUMN reported BIGINT NOT NULL DEFAULT 0;
CREATE INDEX hall_day_unreported ON hall_day (day, hall) WHERE reported = 0;
-- What was counted, as it was on that day (JSON).
CREATE TABLE hall_report (
    hall TEXT NOT NULL REFERENCES hall_hall (code),
    day TEXT NOT NULL,
    figures TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    PRIMARY KEY (hall, day)
);
-- When somebody was on duty at a window; who it was stands in the hall's events.
CREATE TABLE hall_duty (
    hall TEXT NOT NULL REFERENCES hall_hall (code),
    number TEXT NOT NULL,
    day TEXT NOT NULL,
    began BIGINT NOT NULL,
    ended BIGINT,
    PRIMARY KEY (hall, day, number, began)
);
CREATE UNIQUE INDEX hall_duty_open ON hall_duty (hall, number) WHERE ended IS NULL;
-- Two more ways to a ticket's page, both worked out of its id by a key that is not in the database and kept as blind indexes only: a short
-- code for its day, for paper; and the address to which the code and the tablet at the window lead.
ALTER TABLE hall_ticket ADD COLUMN code TEXT;
ALTER TABLE hall_ticket ADD COLUMN address TEXT;
CREATE UNIQUE INDEX hall_ticket_code ON hall_ticket (day, code) WHERE code IS NOT NULL;
CREATE UNIQUE INDEX hall_ticket_address ON hall_ticket (address) WHERE address IS NOT NULL;
-- The tablet at a window, known by a blind index of its address, and the code by which a clerk pairs one.
CREATE TABLE hall_tablet (
    token TEXT PRIMARY KEY,
    hall TEXT NOT NULL REFERENCES hall_hall (code),
    number TEXT NOT NULL
);
CREATE UNIQUE INDEX hall_tablet_window ON hall_tablet (hall, number);
CREATE TABLE hall_pairing (
    code TEXT PRIMARY KEY,
    hall TEXT NOT NULL REFERENCES hall_hall (code),
    number TEXT NOT NULL,
    ends_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX hall_pairing_window ON hall_pairing (hall, number);
-- Codes that were tried in a minute, from a place and from everywhere.
CREATE TABLE hall_try (
    place TEXT NOT NULL,
    minute BIGINT NOT NULL,
    tries BIGINT NOT NULL,
    PRIMARY KEY (place, minute)
);
CREATE INDEX hall_try_minute ON hall_try (minute);
