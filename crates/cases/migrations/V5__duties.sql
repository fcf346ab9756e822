-- What a body owes in a case beside its tasks: a hearing to set, a decision to serve, a declaration to check. One row for each.

CREATE TABLE cases_duty (
    case_id TEXT NOT NULL REFERENCES cases_case (id),
    kind TEXT NOT NULL,
    agency TEXT NOT NULL,
    due_at BIGINT NOT NULL,
    since BIGINT NOT NULL,
    PRIMARY KEY (case_id, kind)
);
CREATE INDEX cases_duty_inbox ON cases_duty (agency, due_at, case_id, kind);

-- What is public now (公示): one row for each step of a case while its time to object runs.
CREATE TABLE cases_public (
    case_id TEXT NOT NULL REFERENCES cases_case (id),
    step TEXT NOT NULL,
    until_at BIGINT NOT NULL,
    since BIGINT NOT NULL,
    PRIMARY KEY (case_id, step)
);
CREATE INDEX cases_public_until ON cases_public (until_at, case_id, step);
