-- Halls of four levels. `cell` is the place on a curve that keeps near places near (see rules/cells.rs).
CREATE TABLE hall_hall (
    code TEXT PRIMARY KEY,
    level TEXT NOT NULL,
    division TEXT NOT NULL,
    agency TEXT NOT NULL,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    address_zh TEXT NOT NULL,
    address_en TEXT NOT NULL,
    phone TEXT NOT NULL,
    lon BIGINT NOT NULL,
    lat BIGINT NOT NULL,
    cell BIGINT NOT NULL,
    hours TEXT NOT NULL,
    offers TEXT NOT NULL
);
CREATE INDEX hall_hall_division ON hall_hall (division, code);
CREATE INDEX hall_hall_level ON hall_hall (level, division, code);
CREATE INDEX hall_hall_agency ON hall_hall (agency, code);
-- What a hall can do: an item, or `*` for everything of a comprehensive window.
CREATE TABLE hall_offer (
    item TEXT NOT NULL,
    cell BIGINT NOT NULL,
    hall TEXT NOT NULL REFERENCES hall_hall (code),
    PRIMARY KEY (item, cell, hall)
);
CREATE INDEX hall_offer_hall ON hall_offer (hall);
-- The letters before the numbers of a hall.
CREATE TABLE hall_business (
    hall TEXT NOT NULL REFERENCES hall_hall (code),
    letter TEXT NOT NULL,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    items TEXT NOT NULL,
    PRIMARY KEY (hall, letter)
);
-- Windows, what they take, and who is on duty there: a clerk at one window only.
CREATE TABLE hall_window (
    hall TEXT NOT NULL REFERENCES hall_hall (code),
    number TEXT NOT NULL,
    kind TEXT NOT NULL,
    letters TEXT NOT NULL,
    is_open BIGINT NOT NULL,
    clerk TEXT,
    since BIGINT,
    PRIMARY KEY (hall, number)
);
CREATE UNIQUE INDEX hall_window_clerk ON hall_window (clerk) WHERE clerk IS NOT NULL;
CREATE INDEX hall_window_since ON hall_window (since) WHERE clerk IS NOT NULL;
-- The queue of a hall on a day: every command on it raises `rev`, so that two of them at once conflict.
CREATE TABLE hall_day (
    hall TEXT NOT NULL REFERENCES hall_hall (code),
    day TEXT NOT NULL,
    rev BIGINT NOT NULL,
    PRIMARY KEY (hall, day)
);
-- `service` is the serving time in seconds of a ticket that one clerk served in one go on one day: what estimates are made from.
-- Tickets. `token` and `who` are blind indexes: whose the ticket is stands nowhere.
CREATE TABLE hall_ticket (
    id TEXT PRIMARY KEY,
    token TEXT NOT NULL,
    hall TEXT NOT NULL REFERENCES hall_hall (code),
    day TEXT NOT NULL,
    letter TEXT NOT NULL,
    serial BIGINT NOT NULL,
    place BIGINT NOT NULL,
    state TEXT NOT NULL,
    priority TEXT NOT NULL,
    sure BIGINT NOT NULL,
    overtaken BIGINT NOT NULL,
    returned BIGINT NOT NULL,
    who TEXT,
    reserved TEXT,
    at_window TEXT,
    clerk TEXT,
    calls BIGINT NOT NULL,
    taken_at BIGINT NOT NULL,
    called_at BIGINT,
    started_at BIGINT,
    ended_at BIGINT,
    service BIGINT,
    outcome TEXT,
    reference TEXT
);
CREATE UNIQUE INDEX hall_ticket_token ON hall_ticket (token);
CREATE UNIQUE INDEX hall_ticket_number ON hall_ticket (hall, day, letter, serial);
CREATE UNIQUE INDEX hall_ticket_who ON hall_ticket (hall, day, letter, who) WHERE who IS NOT NULL AND (state = 'waiting' OR state = 'called' OR state = 'serving');
CREATE UNIQUE INDEX hall_ticket_clerk ON hall_ticket (clerk) WHERE clerk IS NOT NULL AND (state = 'called' OR state = 'serving');
CREATE INDEX hall_ticket_queue ON hall_ticket (hall, day, state, place);
CREATE INDEX hall_ticket_called ON hall_ticket (hall, day, called_at);
CREATE INDEX hall_ticket_served ON hall_ticket (hall, letter, ended_at) WHERE service IS NOT NULL;
CREATE INDEX hall_ticket_open ON hall_ticket (day, id) WHERE started_at IS NULL AND (state = 'waiting' OR state = 'called' OR state = 'passed');
-- Serving began and no clerk has them: they stay until they have an outcome.
CREATE INDEX hall_ticket_begun ON hall_ticket (hall, day) WHERE started_at IS NOT NULL AND (state = 'waiting' OR state = 'passed');
-- Notices of what is missing, one complete list each, and what was asked for all the same afterwards.
CREATE TABLE hall_notice (
    number TEXT PRIMARY KEY,
    hall TEXT NOT NULL REFERENCES hall_hall (code),
    ticket TEXT NOT NULL REFERENCES hall_ticket (id),
    who TEXT,
    matter TEXT NOT NULL,
    after TEXT,
    at BIGINT NOT NULL,
    reported_at BIGINT
);
CREATE UNIQUE INDEX hall_notice_ticket ON hall_notice (ticket);
CREATE INDEX hall_notice_who ON hall_notice (who, hall, matter, at) WHERE who IS NOT NULL;
CREATE INDEX hall_notice_reported ON hall_notice (hall, reported_at) WHERE reported_at IS NOT NULL;
-- Kiosks, known by a blind index of the address they were given; so many tickets in this minute.
CREATE TABLE hall_kiosk (
    token TEXT PRIMARY KEY,
    hall TEXT NOT NULL REFERENCES hall_hall (code),
    name TEXT NOT NULL,
    minute BIGINT NOT NULL,
    taken BIGINT NOT NULL
);
CREATE INDEX hall_kiosk_hall ON hall_kiosk (hall, name);
