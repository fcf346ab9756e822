CREATE TABLE certificates_template (
    digest TEXT PRIMARY KEY,
    source TEXT NOT NULL
);
CREATE TABLE certificates_certificate (
    id TEXT PRIMARY KEY,
    identifier TEXT NOT NULL,
    token TEXT NOT NULL,
    kind TEXT NOT NULL,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    holder TEXT NOT NULL,
    holder_masked TEXT NOT NULL,
    issuer TEXT NOT NULL,
    issuer_zh TEXT NOT NULL,
    issuer_en TEXT NOT NULL,
    issuer_code TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    valid_until TEXT,
    state TEXT NOT NULL,
    detail BYTEA NOT NULL,
    body BYTEA NOT NULL,
    template TEXT NOT NULL REFERENCES certificates_template (digest),
    case_number TEXT NOT NULL,
    issued_at BIGINT NOT NULL,
    file TEXT,
    rev BIGINT NOT NULL
);
CREATE UNIQUE INDEX certificates_certificate_identifier ON certificates_certificate (identifier);
CREATE UNIQUE INDEX certificates_certificate_token ON certificates_certificate (token);
CREATE INDEX certificates_certificate_holder ON certificates_certificate (holder, issued_at, id);
CREATE INDEX certificates_certificate_case ON certificates_certificate (case_number, id);
