CREATE TABLE trace_event (
    subject TEXT NOT NULL,
    seq BIGINT NOT NULL,
    v BIGINT NOT NULL,
    kind TEXT NOT NULL,
    occurred_at BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    algorithm TEXT NOT NULL,
    commitment BYTEA NOT NULL,
    body BYTEA,
    prev BYTEA NOT NULL,
    hash BYTEA NOT NULL,
    root BIGINT,
    PRIMARY KEY (subject, seq)
);
CREATE INDEX trace_event_unsigned ON trace_event (subject, seq) WHERE root IS NULL;
CREATE TABLE trace_root (
    number BIGINT PRIMARY KEY,
    at BIGINT NOT NULL,
    algorithm TEXT NOT NULL,
    leaves BIGINT NOT NULL,
    merkle BYTEA NOT NULL,
    prev BYTEA NOT NULL,
    hash BYTEA NOT NULL,
    key_id TEXT NOT NULL,
    public_key TEXT NOT NULL,
    signature BYTEA NOT NULL
);
CREATE TABLE trace_leaf (
    root BIGINT NOT NULL REFERENCES trace_root (number),
    subject TEXT NOT NULL,
    digest BYTEA NOT NULL,
    seq BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    PRIMARY KEY (root, subject)
);
CREATE INDEX trace_leaf_of_subject ON trace_leaf (subject, root);
CREATE TABLE trace_look (
    person TEXT NOT NULL,
    id BIGINT NOT NULL,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    agency TEXT,
    fields TEXT NOT NULL,
    ground TEXT NOT NULL,
    case_number TEXT,
    PRIMARY KEY (person, id)
);
