-- Consent to electronic service, by party and subject; where it is served is sealed.
CREATE TABLE procedure_consent (
    id TEXT PRIMARY KEY,
    subject TEXT NOT NULL,
    party TEXT NOT NULL,
    given_at BIGINT NOT NULL,
    withdrawn_at BIGINT,
    recorded_at BIGINT NOT NULL,
    body BYTEA NOT NULL
);
CREATE INDEX procedure_consent_party ON procedure_consent (subject, party, given_at);

-- When a notice was first served on one party.
CREATE INDEX procedure_service_recipient ON procedure_service (notice, recipient, effective_at);

-- Who sought a remedy: their own term runs from their own service.
ALTER TABLE procedure_remedy ADD COLUMN party TEXT;
