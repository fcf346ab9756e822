-- A second factor, the codes with which an account is found again, sign-ins that wait for their code, recoveries at a window.
CREATE TABLE identity_factor (
    account TEXT PRIMARY KEY REFERENCES identity_account (id),
    secret BYTEA NOT NULL,
    state TEXT NOT NULL,
    since BIGINT NOT NULL,
    last_step BIGINT NOT NULL
);
CREATE TABLE identity_recovery_code (
    account TEXT NOT NULL REFERENCES identity_account (id),
    code_blind TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    used_at BIGINT,
    PRIMARY KEY (account, code_blind)
);
CREATE TABLE identity_half (
    token_hash BYTEA PRIMARY KEY,
    account TEXT NOT NULL REFERENCES identity_account (id),
    expires_at BIGINT NOT NULL
);
CREATE INDEX identity_half_expiry ON identity_half (expires_at);
CREATE TABLE identity_renewal (
    id TEXT PRIMARY KEY,
    account TEXT NOT NULL REFERENCES identity_account (id),
    agency TEXT NOT NULL,
    first TEXT NOT NULL REFERENCES identity_account (id),
    second TEXT REFERENCES identity_account (id),
    state TEXT NOT NULL,
    code_blind TEXT,
    made_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX identity_renewal_waiting ON identity_renewal (agency, state, id);
CREATE INDEX identity_renewal_of_account ON identity_renewal (account, state, id);
ALTER TABLE identity_account ADD COLUMN password_at BIGINT;
ALTER TABLE identity_account ADD COLUMN recovered_at BIGINT;
ALTER TABLE identity_account ADD COLUMN recovered_by TEXT;
