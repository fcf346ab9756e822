-- How far the holders were told that their certificates end: for each number of days before, the last one that was told.
CREATE TABLE certificates_reminded (
    days BIGINT PRIMARY KEY,
    until TEXT NOT NULL,
    certificate TEXT NOT NULL
);
-- Who ends next, of all that stand.
CREATE INDEX certificates_certificate_next ON certificates_certificate (valid_until, id) WHERE state = 'valid' AND valid_until IS NOT NULL;
