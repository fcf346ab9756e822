-- Whom a service that has ended waits to be rated by; gone once it was rated or its time is over.
CREATE TABLE ratings_invitation (
    service TEXT NOT NULL,
    party TEXT NOT NULL,
    item_key TEXT NOT NULL,
    item_zh TEXT NOT NULL,
    item_en TEXT NOT NULL,
    agency TEXT NOT NULL,
    ended_at BIGINT NOT NULL,
    until BIGINT NOT NULL,
    PRIMARY KEY (service, party)
);
CREATE INDEX ratings_invitation_party ON ratings_invitation (party, ended_at, service);
CREATE INDEX ratings_invitation_until ON ratings_invitation (until);
-- Each party rates a case once (一事一评), whoever had the ticket a visit (一次一评). What was written stands sealed in the trace.
CREATE TABLE ratings_rating (
    id TEXT PRIMARY KEY,
    service TEXT NOT NULL,
    party TEXT NOT NULL,
    name_masked TEXT NOT NULL,
    item_key TEXT NOT NULL,
    item_zh TEXT NOT NULL,
    item_en TEXT NOT NULL,
    agency TEXT NOT NULL,
    handled TEXT NOT NULL,
    division TEXT NOT NULL,
    level BIGINT NOT NULL,
    channel TEXT NOT NULL,
    at_window TEXT,
    clerk TEXT,
    state TEXT NOT NULL,
    at BIGINT NOT NULL,
    due_at BIGINT,
    answered_at BIGINT
);
CREATE UNIQUE INDEX ratings_rating_once ON ratings_rating (service, party);
CREATE INDEX ratings_rating_party ON ratings_rating (party, at, id);
CREATE INDEX ratings_rating_open ON ratings_rating (due_at, id) WHERE state = 'open';
CREATE INDEX ratings_rating_low ON ratings_rating (at, id) WHERE level >= 4;
-- What is published once its month has ended: how many of each level, by agency, month and item.
CREATE TABLE ratings_count (
    month TEXT NOT NULL,
    agency TEXT NOT NULL,
    item_key TEXT NOT NULL,
    level BIGINT NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (agency, month, item_key, level)
);
CREATE INDEX ratings_count_month ON ratings_count (month);
