ALTER TABLE certificates_status ADD COLUMN document BIGINT;
CREATE TABLE certificates_unstamped (
    certificate TEXT PRIMARY KEY REFERENCES certificates_certificate (id),
    since BIGINT NOT NULL
);
CREATE INDEX certificates_unstamped_since ON certificates_unstamped (since, certificate);
