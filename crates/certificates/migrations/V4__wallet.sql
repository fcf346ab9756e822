CREATE TABLE certificates_offer (
    id TEXT PRIMARY KEY,
    certificate TEXT NOT NULL REFERENCES certificates_certificate (id),
    code TEXT NOT NULL,
    body BYTEA NOT NULL,
    tries BIGINT NOT NULL,
    made_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    access TEXT,
    access_ends_at BIGINT,
    taken_at BIGINT
);
CREATE UNIQUE INDEX certificates_offer_code ON certificates_offer (code);
CREATE UNIQUE INDEX certificates_offer_access ON certificates_offer (access);
CREATE INDEX certificates_offer_certificate ON certificates_offer (certificate, made_at, id);
