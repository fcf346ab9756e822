-- What a clerk is trained for in a hall, as its head keeps it: letters, items by their keys with spaces between, and the letters that both
-- together cover. Of whom nothing is kept may do whatever a window of their own hall takes.
CREATE TABLE hall_training (
    hall TEXT NOT NULL REFERENCES hall_hall (code),
    clerk TEXT NOT NULL,
    letters TEXT NOT NULL,
    items TEXT NOT NULL,
    covers TEXT NOT NULL,
    PRIMARY KEY (hall, clerk)
);
-- Clerks of other agencies whom the head of a hall has admitted to its windows.
CREATE TABLE hall_guest (
    hall TEXT NOT NULL REFERENCES hall_hall (code),
    clerk TEXT NOT NULL,
    agency TEXT NOT NULL,
    since BIGINT NOT NULL,
    PRIMARY KEY (hall, clerk)
);
CREATE INDEX hall_guest_clerk ON hall_guest (clerk, hall);
-- What the heads changed of both, for the page; the hall's events say the same.
CREATE TABLE hall_staff_change (
    hall TEXT NOT NULL REFERENCES hall_hall (code),
    nth BIGINT NOT NULL,
    at BIGINT NOT NULL,
    clerk TEXT NOT NULL,
    head TEXT,
    what TEXT NOT NULL,
    letters TEXT NOT NULL,
    items TEXT NOT NULL,
    PRIMARY KEY (hall, nth)
);
