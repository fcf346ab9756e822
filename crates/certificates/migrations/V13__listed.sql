CREATE TABLE certificates_listed (
    kind TEXT NOT NULL,
    reference TEXT NOT NULL,
    certificate TEXT NOT NULL REFERENCES certificates_certificate (id),
    PRIMARY KEY (kind, reference)
);
