CREATE TABLE exchange_switch (
    source TEXT PRIMARY KEY,
    down BIGINT NOT NULL,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL
);
CREATE TABLE exchange_circuit (
    source TEXT PRIMARY KEY,
    failures BIGINT NOT NULL,
    since BIGINT NOT NULL,
    retry_at BIGINT NOT NULL,
    why TEXT NOT NULL
);
CREATE TABLE exchange_fetch (
    id TEXT PRIMARY KEY,
    source TEXT NOT NULL,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    person TEXT,
    ground TEXT NOT NULL,
    case_number TEXT,
    keys TEXT NOT NULL
);
CREATE INDEX exchange_fetch_of_source ON exchange_fetch (source, id);
