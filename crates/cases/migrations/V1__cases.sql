-- Matters, their drafts and cases; rows of cases are projections of their events in the trace.

CREATE TABLE cases_matter (
    id TEXT PRIMARY KEY,
    about TEXT NOT NULL,
    subject TEXT NOT NULL,
    person TEXT NOT NULL,
    account TEXT NOT NULL,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    state TEXT NOT NULL,
    rev BIGINT NOT NULL,
    draft BYTEA,
    created_at BIGINT NOT NULL,
    saved_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX cases_matter_draft ON cases_matter (person, subject, about) WHERE state = 'draft';
CREATE INDEX cases_matter_mine ON cases_matter (subject, state, saved_at);

CREATE TABLE cases_matter_item (
    matter_id TEXT NOT NULL REFERENCES cases_matter (id),
    position BIGINT NOT NULL,
    item_key TEXT NOT NULL,
    item_version TEXT NOT NULL,
    PRIMARY KEY (matter_id, position)
);

CREATE TABLE cases_case (
    id TEXT PRIMARY KEY,
    number TEXT NOT NULL,
    matter_id TEXT NOT NULL REFERENCES cases_matter (id),
    item_key TEXT NOT NULL,
    item_version TEXT NOT NULL,
    item_zh TEXT NOT NULL,
    item_en TEXT NOT NULL,
    agency TEXT NOT NULL,
    division TEXT NOT NULL,
    subject_name TEXT NOT NULL,
    state TEXT NOT NULL,
    running BIGINT NOT NULL,
    outcome TEXT,
    holder TEXT,
    absent BIGINT NOT NULL,
    filed_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    closed_at BIGINT,
    rev BIGINT NOT NULL
);
CREATE UNIQUE INDEX cases_case_number ON cases_case (number);
CREATE INDEX cases_case_matter ON cases_case (matter_id);
CREATE INDEX cases_case_due ON cases_case (running, due_at, id);

CREATE TABLE cases_party (
    case_id TEXT NOT NULL REFERENCES cases_case (id),
    position BIGINT NOT NULL,
    subject TEXT NOT NULL,
    role TEXT NOT NULL,
    filed_at BIGINT NOT NULL,
    PRIMARY KEY (case_id, position)
);
CREATE INDEX cases_party_mine ON cases_party (subject, filed_at, case_id);

CREATE TABLE cases_task (
    id TEXT PRIMARY KEY,
    case_id TEXT NOT NULL REFERENCES cases_case (id),
    step TEXT NOT NULL,
    title_zh TEXT NOT NULL,
    title_en TEXT NOT NULL,
    agency TEXT NOT NULL,
    state TEXT NOT NULL,
    opened_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    done_at BIGINT
);
CREATE INDEX cases_task_inbox ON cases_task (agency, state, due_at, id);
CREATE INDEX cases_task_item ON cases_task (case_id, agency);

-- One row per filing command of an account: the same key is the same filing.
CREATE TABLE cases_key (
    account TEXT NOT NULL,
    key TEXT NOT NULL,
    digest TEXT NOT NULL,
    case_id TEXT NOT NULL,
    number TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (account, key)
);
