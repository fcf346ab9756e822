ALTER TABLE certificates_certificate ADD COLUMN grade TEXT NOT NULL DEFAULT 'issued';
