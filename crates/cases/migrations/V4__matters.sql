-- Matters of several cases: how many a matter has, for inboxes; a party's own cases by case; what supervision reads.

ALTER TABLE cases_matter ADD COLUMN members BIGINT NOT NULL DEFAULT 1;
CREATE INDEX cases_party_of_case ON cases_party (case_id, subject);

-- Deviations from a standard, late recordings, disputed entries of registers: one row for each, written with its event.
CREATE TABLE cases_watch (
    case_id TEXT NOT NULL REFERENCES cases_case (id),
    seq BIGINT NOT NULL,
    kind TEXT NOT NULL,
    at BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    agency TEXT NOT NULL,
    division TEXT NOT NULL,
    item_key TEXT NOT NULL,
    open BIGINT NOT NULL,
    path TEXT NOT NULL,
    body BYTEA NOT NULL,
    PRIMARY KEY (case_id, seq, kind)
);
CREATE INDEX cases_watch_kind ON cases_watch (kind, at, case_id);
CREATE INDEX cases_watch_agency ON cases_watch (kind, agency, at, case_id);
