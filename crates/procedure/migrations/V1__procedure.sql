CREATE TABLE procedure_seal (
    id TEXT PRIMARY KEY,
    agency TEXT NOT NULL,
    agency_zh TEXT NOT NULL,
    agency_en TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    state TEXT NOT NULL,
    automatic BIGINT NOT NULL,
    rev BIGINT NOT NULL
);
CREATE UNIQUE INDEX procedure_seal_agency ON procedure_seal (agency, kind, id);
CREATE TABLE procedure_seal_right (
    seal TEXT NOT NULL REFERENCES procedure_seal (id),
    account TEXT NOT NULL,
    state TEXT NOT NULL,
    since BIGINT NOT NULL,
    PRIMARY KEY (seal, account)
);
CREATE TABLE procedure_seal_use (
    id TEXT PRIMARY KEY,
    seal TEXT NOT NULL REFERENCES procedure_seal (id),
    account TEXT,
    instead_of TEXT,
    document TEXT NOT NULL,
    number TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX procedure_seal_use_seal ON procedure_seal_use (seal, at, id);
CREATE TABLE procedure_notice (
    id TEXT PRIMARY KEY,
    subject TEXT NOT NULL,
    reference TEXT NOT NULL,
    kind TEXT NOT NULL,
    frame TEXT NOT NULL,
    number TEXT NOT NULL,
    agency TEXT NOT NULL,
    agency_zh TEXT NOT NULL,
    agency_en TEXT NOT NULL,
    at BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    seal_name TEXT,
    auto BIGINT NOT NULL,
    body BYTEA NOT NULL,
    file TEXT,
    file_en TEXT
);
CREATE INDEX procedure_notice_subject ON procedure_notice (subject, id);
CREATE INDEX procedure_notice_number ON procedure_notice (number);
CREATE TABLE procedure_service (
    id TEXT PRIMARY KEY,
    subject TEXT NOT NULL,
    notice TEXT NOT NULL REFERENCES procedure_notice (id),
    recipient TEXT NOT NULL,
    way TEXT NOT NULL,
    at BIGINT NOT NULL,
    effective_at BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    evidence TEXT,
    proof TEXT NOT NULL,
    body BYTEA NOT NULL
);
CREATE INDEX procedure_service_subject ON procedure_service (subject, id);
CREATE INDEX procedure_service_notice ON procedure_service (notice, effective_at);
CREATE TABLE procedure_remedy (
    id TEXT PRIMARY KEY,
    subject TEXT NOT NULL,
    kind TEXT NOT NULL,
    filed_at BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    against TEXT,
    state TEXT NOT NULL,
    ended_at BIGINT,
    body BYTEA NOT NULL
);
CREATE INDEX procedure_remedy_subject ON procedure_remedy (subject, id);
CREATE TABLE procedure_package (
    id TEXT PRIMARY KEY,
    subject TEXT NOT NULL,
    reference TEXT NOT NULL,
    agency TEXT NOT NULL,
    year BIGINT NOT NULL,
    closed_at BIGINT NOT NULL,
    packed_at BIGINT NOT NULL,
    years BIGINT,
    until TEXT,
    attribute TEXT NOT NULL,
    entries BIGINT NOT NULL,
    size BIGINT NOT NULL,
    digest TEXT NOT NULL,
    body BYTEA NOT NULL
);
CREATE INDEX procedure_package_subject ON procedure_package (subject, packed_at);
CREATE INDEX procedure_package_agency ON procedure_package (agency, year, id);
CREATE TABLE procedure_package_part (
    package TEXT NOT NULL REFERENCES procedure_package (id),
    part BIGINT NOT NULL,
    bytes BYTEA NOT NULL,
    PRIMARY KEY (package, part)
);
