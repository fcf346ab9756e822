-- What persons ask about their own data: objections to looks, corrections, deletions, copies. The texts stand sealed in the trace.
CREATE TABLE supervision_request (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    person TEXT NOT NULL,
    name_masked TEXT NOT NULL,
    look BIGINT,
    agency TEXT,
    division TEXT NOT NULL,
    state TEXT NOT NULL,
    at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    late BIGINT NOT NULL,
    ground_given BIGINT NOT NULL,
    next_at BIGINT,
    closed_at BIGINT
);
CREATE UNIQUE INDEX supervision_request_look ON supervision_request (person, look) WHERE look IS NOT NULL;
CREATE INDEX supervision_request_person ON supervision_request (person, at, id);
CREATE INDEX supervision_request_open ON supervision_request (due_at, id) WHERE state = 'open';
CREATE INDEX supervision_request_all ON supervision_request (at, id);
CREATE INDEX supervision_request_next ON supervision_request (next_at, id) WHERE next_at IS NOT NULL;
-- Orders by which looks are kept from the person for a time.
CREATE TABLE supervision_seal (
    id TEXT PRIMARY KEY,
    person TEXT NOT NULL,
    number_masked TEXT NOT NULL,
    account TEXT NOT NULL,
    agency TEXT NOT NULL,
    division TEXT NOT NULL,
    ground TEXT NOT NULL,
    state TEXT NOT NULL,
    asked_at BIGINT NOT NULL,
    until BIGINT NOT NULL,
    approved_at BIGINT,
    looks BIGINT NOT NULL
);
CREATE INDEX supervision_seal_asked ON supervision_seal (asked_at, id);
CREATE INDEX supervision_seal_pair ON supervision_seal (person, account, until);
CREATE INDEX supervision_seal_approved ON supervision_seal (approved_at) WHERE approved_at IS NOT NULL;
CREATE INDEX supervision_seal_end ON supervision_seal (until, id) WHERE state = 'approved';
