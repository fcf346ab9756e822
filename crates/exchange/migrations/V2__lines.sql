CREATE TABLE exchange_dispatch (
    id TEXT PRIMARY KEY,
    system TEXT NOT NULL,
    task TEXT NOT NULL,
    subject TEXT NOT NULL,
    number TEXT NOT NULL,
    body BYTEA,
    state TEXT NOT NULL,
    round BIGINT NOT NULL,
    tries BIGINT NOT NULL,
    error TEXT,
    created_at BIGINT NOT NULL,
    sent_at BIGINT,
    answered_at BIGINT,
    answer BYTEA
);
CREATE UNIQUE INDEX exchange_dispatch_task ON exchange_dispatch (system, task);
CREATE INDEX exchange_dispatch_state ON exchange_dispatch (state, id);
CREATE INDEX exchange_dispatch_subject ON exchange_dispatch (subject, id);
CREATE TABLE exchange_nonce (
    system TEXT NOT NULL,
    nonce TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (system, nonce)
);
CREATE INDEX exchange_nonce_age ON exchange_nonce (at);
