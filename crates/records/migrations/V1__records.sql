-- What has come in and gone out as files.

-- One row per case that came from elsewhere: the same number from the same source is the same case.
CREATE TABLE records_entry (
    source TEXT NOT NULL,
    external TEXT NOT NULL,
    number TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (source, external)
);

-- One row per file that went out: who took what, when.
CREATE TABLE records_leaving (
    id TEXT PRIMARY KEY,
    account TEXT NOT NULL,
    agency TEXT NOT NULL,
    format TEXT NOT NULL,
    selection TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX records_leaving_mine ON records_leaving (account, at, id);

-- One row per case that has ended: waiting to become an archive package, packed, or stuck with the reason.
CREATE TABLE records_due (
    subject TEXT PRIMARY KEY,
    number TEXT NOT NULL,
    state TEXT NOT NULL,
    since BIGINT NOT NULL,
    package TEXT,
    why TEXT
);
CREATE INDEX records_due_state ON records_due (state, since, subject);
