-- An account's e-mail address: asked for, then confirmed by a code that was sent to it. A confirmed one stands until another is.
CREATE TABLE identity_mail (
    account TEXT NOT NULL REFERENCES identity_account (id),
    state TEXT NOT NULL,
    address BYTEA NOT NULL,
    mask TEXT NOT NULL,
    code BYTEA,
    tries BIGINT NOT NULL,
    until_at BIGINT,
    since BIGINT NOT NULL,
    PRIMARY KEY (account, state)
);
