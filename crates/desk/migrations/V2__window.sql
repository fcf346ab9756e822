-- Somebody stands at a window: who, what they want, what was typed so far, what became of it. Everything said is sealed; forgotten
-- after a day.
CREATE TABLE desk_visit (
    id TEXT PRIMARY KEY,
    account TEXT NOT NULL,
    person TEXT NOT NULL,
    at BIGINT NOT NULL,
    rev BIGINT NOT NULL,
    body BYTEA NOT NULL
);
CREATE INDEX desk_visit_by_account ON desk_visit (account, at, id);
CREATE INDEX desk_visit_by_time ON desk_visit (at);
