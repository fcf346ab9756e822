-- A hall's plan. Whoever books relies on `rev`: what the head of the hall changes meanwhile is a conflict. NULL is the setting.
CREATE TABLE appointments_hall (
    hall TEXT PRIMARY KEY,
    rev BIGINT NOT NULL,
    walk_in BIGINT
);
-- What the head of the hall has set for a business; NULL is the setting, and the windows that the hall has.
CREATE TABLE appointments_business (
    hall TEXT NOT NULL,
    letter TEXT NOT NULL,
    offered BIGINT NOT NULL,
    persons BIGINT,
    windows BIGINT,
    PRIMARY KEY (hall, letter)
);
-- Days and slots that the head of the hall has closed: `letter` '' is every business, `starts_at` 0 the whole day.
CREATE TABLE appointments_closure (
    hall TEXT NOT NULL,
    day TEXT NOT NULL,
    letter TEXT NOT NULL,
    starts_at BIGINT NOT NULL,
    why TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (hall, day, letter, starts_at)
);
-- How many places of a slot are taken: never more than its capacity, by the condition of the very statement that takes one.
CREATE TABLE appointments_slot (
    hall TEXT NOT NULL,
    letter TEXT NOT NULL,
    starts_at BIGINT NOT NULL,
    taken BIGINT NOT NULL,
    PRIMARY KEY (hall, letter, starts_at)
);
-- Whoever books: two bookings of the same person at the same moment conflict, and the later is decided again.
CREATE TABLE appointments_who (
    who TEXT PRIMARY KEY,
    rev BIGINT NOT NULL
);
-- Appointments. `visitor` is who comes: `person:<id>`, or a blind index of the telephone or identity number. `party` is in whose name. `called`
-- is the index of the telephone number that a clerk was told: whoever comes may say it.
CREATE TABLE appointments_appointment (
    id TEXT PRIMARY KEY,
    code TEXT NOT NULL,
    hall TEXT NOT NULL,
    letter TEXT NOT NULL,
    item_key TEXT NOT NULL,
    item_zh TEXT NOT NULL,
    item_en TEXT NOT NULL,
    day TEXT NOT NULL,
    starts_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    state TEXT NOT NULL,
    visitor TEXT NOT NULL,
    party TEXT NOT NULL,
    name TEXT NOT NULL,
    for_name TEXT NOT NULL,
    phone BYTEA,
    called TEXT,
    phone_masked TEXT NOT NULL,
    channel TEXT NOT NULL,
    booked_at BIGINT NOT NULL,
    closed TEXT,
    remind_at BIGINT,
    ticket TEXT
);
CREATE UNIQUE INDEX appointments_appointment_code ON appointments_appointment (hall, day, code);
CREATE UNIQUE INDEX appointments_appointment_once ON appointments_appointment (party, hall, letter, day) WHERE state = 'booked';
CREATE INDEX appointments_appointment_day ON appointments_appointment (hall, day, starts_at, id);
CREATE INDEX appointments_appointment_party ON appointments_appointment (party, starts_at, id);
CREATE INDEX appointments_appointment_visitor ON appointments_appointment (visitor, starts_at, id);
CREATE INDEX appointments_appointment_called ON appointments_appointment (hall, day, called) WHERE called IS NOT NULL;
CREATE INDEX appointments_appointment_remind ON appointments_appointment (remind_at, id) WHERE remind_at IS NOT NULL;
CREATE INDEX appointments_appointment_open ON appointments_appointment (day, id) WHERE state = 'booked';
