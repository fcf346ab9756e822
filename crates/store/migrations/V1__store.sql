CREATE TABLE store_command (
    id TEXT PRIMARY KEY NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX store_command_at ON store_command (at);

CREATE TABLE store_setting (
    key TEXT PRIMARY KEY NOT NULL,
    value TEXT NOT NULL
);

CREATE TABLE store_serial (
    series TEXT PRIMARY KEY NOT NULL,
    next BIGINT NOT NULL
);

CREATE TABLE store_message (
    id TEXT PRIMARY KEY NOT NULL,
    topic TEXT NOT NULL,
    subject TEXT NOT NULL,
    place BIGINT NOT NULL,
    later BIGINT NOT NULL,
    body BYTEA NOT NULL,
    state TEXT NOT NULL,
    attempt BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    holder TEXT,
    error TEXT,
    emitted_at BIGINT NOT NULL
);
CREATE INDEX store_message_next ON store_message (state, next_at);
CREATE INDEX store_message_place ON store_message (subject, place, id);
CREATE INDEX store_message_holder ON store_message (holder);

CREATE TABLE store_job (
    name TEXT PRIMARY KEY NOT NULL,
    next_at BIGINT NOT NULL,
    lease_until BIGINT NOT NULL,
    holder TEXT,
    error TEXT
);

CREATE TABLE store_file (
    id TEXT PRIMARY KEY NOT NULL,
    address TEXT NOT NULL,
    name BYTEA NOT NULL,
    kind TEXT NOT NULL,
    size BIGINT NOT NULL,
    digest TEXT NOT NULL,
    owner TEXT,
    kept_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX store_file_address ON store_file (address);
CREATE INDEX store_file_kept ON store_file (kept_at, id);
