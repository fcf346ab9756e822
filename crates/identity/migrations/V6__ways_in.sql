-- Further ways in: a national identity service, passkeys; what was handed to a browser and came back; letters that leave the house.
CREATE TABLE identity_joined (
    issuer TEXT NOT NULL,
    subject_blind TEXT NOT NULL,
    account TEXT NOT NULL REFERENCES identity_account (id),
    assurance TEXT NOT NULL,
    since BIGINT NOT NULL,
    PRIMARY KEY (issuer, subject_blind)
);
CREATE UNIQUE INDEX identity_joined_account ON identity_joined (account, issuer);
CREATE TABLE identity_spent (
    hash BYTEA PRIMARY KEY,
    expires_at BIGINT NOT NULL
);
CREATE INDEX identity_spent_expiry ON identity_spent (expires_at);
CREATE TABLE identity_passkey (
    id TEXT PRIMARY KEY,
    account TEXT NOT NULL REFERENCES identity_account (id),
    credential BYTEA NOT NULL UNIQUE,
    public_key BYTEA NOT NULL,
    label TEXT NOT NULL,
    counter BIGINT NOT NULL,
    synced BIGINT NOT NULL,
    made_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE INDEX identity_passkey_of_account ON identity_passkey (account, made_at);
