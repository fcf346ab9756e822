ALTER TABLE certificates_certificate ADD COLUMN replaces TEXT;
CREATE TABLE certificates_status (
    list BIGINT NOT NULL,
    place BIGINT NOT NULL,
    certificate TEXT NOT NULL REFERENCES certificates_certificate (id),
    value BIGINT NOT NULL,
    PRIMARY KEY (list, place)
);
CREATE INDEX certificates_status_certificate ON certificates_status (certificate);
CREATE INDEX certificates_status_told ON certificates_status (list, value, place);
