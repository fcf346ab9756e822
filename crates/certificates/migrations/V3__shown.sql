CREATE TABLE certificates_presentation (
    id TEXT PRIMARY KEY,
    certificate TEXT NOT NULL REFERENCES certificates_certificate (id),
    token TEXT NOT NULL,
    code TEXT NOT NULL,
    body BYTEA NOT NULL,
    made_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    seen_at BIGINT
);
CREATE UNIQUE INDEX certificates_presentation_token ON certificates_presentation (token);
CREATE UNIQUE INDEX certificates_presentation_code ON certificates_presentation (code);
CREATE INDEX certificates_presentation_certificate ON certificates_presentation (certificate, made_at, id);
CREATE TABLE certificates_guess (
    place TEXT NOT NULL,
    minute BIGINT NOT NULL,
    tries BIGINT NOT NULL,
    PRIMARY KEY (place, minute)
);
CREATE INDEX certificates_guess_minute ON certificates_guess (minute);
CREATE TABLE certificates_copy (
    id TEXT PRIMARY KEY,
    certificate TEXT NOT NULL REFERENCES certificates_certificate (id),
    token TEXT NOT NULL,
    body BYTEA NOT NULL,
    last_day TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    withdrawn_at BIGINT,
    file TEXT NOT NULL
);
CREATE UNIQUE INDEX certificates_copy_token ON certificates_copy (token);
CREATE INDEX certificates_copy_certificate ON certificates_copy (certificate, made_at, id);
