-- Numbers issued beforehand for a time without network: a block belongs to one hall and one keeper, for a day or for stock (no day).
CREATE TABLE hall_block (
    id TEXT PRIMARY KEY,
    hall TEXT NOT NULL REFERENCES hall_hall (code),
    day TEXT,
    keeper TEXT NOT NULL,
    issued_at BIGINT NOT NULL,
    hand_out_until BIGINT NOT NULL,
    -- The head of the hall allows late recording up to here.
    extended_until BIGINT,
    printed BIGINT NOT NULL,
    state TEXT NOT NULL,
    -- The day on which the heads were last reminded of what is not recorded.
    reminded TEXT
);
CREATE INDEX hall_block_hall ON hall_block (hall, issued_at, id);
CREATE INDEX hall_block_open ON hall_block (id) WHERE state <> 'returned';
-- Each number of a block, and what became of it. Whose it was stands nowhere.
CREATE TABLE hall_paper (
    hall TEXT NOT NULL REFERENCES hall_hall (code),
    number TEXT NOT NULL,
    block TEXT NOT NULL REFERENCES hall_block (id),
    kind TEXT NOT NULL,
    letter TEXT,
    serial BIGINT NOT NULL,
    state TEXT NOT NULL,
    -- When it happened, as it is written on the paper, and the queue's day of that moment.
    at BIGINT,
    day TEXT,
    at_window TEXT,
    -- Cases, with spaces between, or the form with which a slip ended.
    reference TEXT,
    recorded_at BIGINT,
    PRIMARY KEY (hall, number)
);
CREATE UNIQUE INDEX hall_paper_form ON hall_paper (number) WHERE kind = 'form';
CREATE INDEX hall_paper_block ON hall_paper (block, kind, letter, serial);
CREATE INDEX hall_paper_day ON hall_paper (hall, day) WHERE day IS NOT NULL;
