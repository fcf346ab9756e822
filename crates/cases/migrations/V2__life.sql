-- A case in full: the sweeper's moment, what an inbox filters by, and what is said about a case.

ALTER TABLE cases_case ADD COLUMN next_at BIGINT NOT NULL DEFAULT 9223372036854775807;
ALTER TABLE cases_case ADD COLUMN imported BIGINT NOT NULL DEFAULT 0;
CREATE INDEX cases_case_next ON cases_case (next_at, id);
CREATE INDEX cases_case_item ON cases_case (item_key, running, filed_at, id);
CREATE INDEX cases_case_closed ON cases_case (item_key, running, closed_at, id);
CREATE INDEX cases_case_agency ON cases_case (agency, id);
CREATE INDEX cases_case_version ON cases_case (item_version, running, id);

-- Cases that run were filed before there was a sweeper: it looks at each of them once.
UPDATE cases_case SET next_at = 0 WHERE running = 1;

ALTER TABLE cases_task ADD COLUMN item_key TEXT NOT NULL DEFAULT '';
ALTER TABLE cases_task ADD COLUMN case_state TEXT NOT NULL DEFAULT '';
ALTER TABLE cases_task ADD COLUMN subject_name TEXT NOT NULL DEFAULT '';
ALTER TABLE cases_task ADD COLUMN number TEXT NOT NULL DEFAULT '';
ALTER TABLE cases_task ADD COLUMN holder TEXT NOT NULL DEFAULT '';
ALTER TABLE cases_task ADD COLUMN external TEXT NOT NULL DEFAULT '';
UPDATE cases_task SET
    item_key = (SELECT c.item_key FROM cases_case c WHERE c.id = cases_task.case_id),
    case_state = (SELECT c.state FROM cases_case c WHERE c.id = cases_task.case_id),
    subject_name = (SELECT c.subject_name FROM cases_case c WHERE c.id = cases_task.case_id),
    number = (SELECT c.number FROM cases_case c WHERE c.id = cases_task.case_id);
CREATE INDEX cases_task_by_item ON cases_task (agency, state, item_key, due_at, id);
CREATE INDEX cases_task_by_step ON cases_task (agency, state, item_key, step, due_at, id);
CREATE INDEX cases_task_by_state ON cases_task (agency, state, case_state, due_at, id);
CREATE INDEX cases_task_by_holder ON cases_task (agency, state, holder, due_at, id);
CREATE INDEX cases_task_by_name ON cases_task (agency, state, subject_name, id);
CREATE INDEX cases_task_by_number ON cases_task (agency, state, number, id);

-- Messages between applicant and staff, and the staff's own notes: a subject of its own, so that it never moves the
-- version of a case that somebody is reading.
CREATE TABLE cases_talk (
    case_id TEXT NOT NULL REFERENCES cases_case (id),
    seq BIGINT NOT NULL,
    kind TEXT NOT NULL,
    side TEXT NOT NULL,
    agency TEXT,
    account TEXT,
    at BIGINT NOT NULL,
    body BYTEA NOT NULL,
    PRIMARY KEY (case_id, seq)
);
CREATE TABLE cases_talk_read (
    case_id TEXT NOT NULL REFERENCES cases_case (id),
    reader TEXT NOT NULL,
    seq BIGINT NOT NULL,
    PRIMARY KEY (case_id, reader)
);
