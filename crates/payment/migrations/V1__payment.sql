-- Bills (缴款单): what one payer owes for one matter. What was written stands sealed in the trace; amounts are fen.
CREATE TABLE payment_bill (
    id TEXT PRIMARY KEY,
    code TEXT NOT NULL,
    about TEXT NOT NULL,
    number TEXT NOT NULL,
    title_zh TEXT NOT NULL,
    title_en TEXT NOT NULL,
    payer TEXT NOT NULL,
    payer_name TEXT NOT NULL,
    agency TEXT NOT NULL,
    division TEXT NOT NULL,
    state TEXT NOT NULL,
    total BIGINT NOT NULL,
    owed BIGINT NOT NULL,
    at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    next_at BIGINT,
    overdue BIGINT NOT NULL
);
CREATE UNIQUE INDEX payment_bill_code ON payment_bill (code);
CREATE UNIQUE INDEX payment_bill_about ON payment_bill (about, payer);
CREATE INDEX payment_bill_payer ON payment_bill (payer, at, id);
CREATE INDEX payment_bill_next ON payment_bill (next_at, id) WHERE next_at IS NOT NULL;
-- Payments: one act of the payer. `excess`: what of it is to be given back, in fen. `next_at`: when the gateway is asked again.
CREATE TABLE payment_trade (
    id TEXT PRIMARY KEY,
    bill TEXT NOT NULL REFERENCES payment_bill (id),
    amount BIGINT NOT NULL,
    state TEXT NOT NULL,
    excess BIGINT NOT NULL,
    at BIGINT NOT NULL,
    paid_at BIGINT,
    gateway_no TEXT,
    asked BIGINT NOT NULL,
    next_at BIGINT
);
CREATE INDEX payment_trade_bill ON payment_trade (bill);
CREATE INDEX payment_trade_next ON payment_trade (next_at, id) WHERE next_at IS NOT NULL;
CREATE INDEX payment_trade_unknown ON payment_trade (at, id) WHERE state = 'sent' OR state = 'failed';
-- Payment orders: the part of a payment that goes to one account. `cleared`: the day of the statement it was found in.
CREATE TABLE payment_order (
    trade TEXT NOT NULL REFERENCES payment_trade (id),
    line TEXT NOT NULL,
    account TEXT NOT NULL,
    amount BIGINT NOT NULL,
    paid_at BIGINT,
    cleared TEXT,
    PRIMARY KEY (trade, line)
);
CREATE INDEX payment_order_paid ON payment_order (paid_at, trade) WHERE paid_at IS NOT NULL;
CREATE TABLE payment_receipt (
    number TEXT PRIMARY KEY,
    bill TEXT NOT NULL REFERENCES payment_bill (id),
    kind TEXT NOT NULL,
    account TEXT NOT NULL,
    amount BIGINT NOT NULL,
    means TEXT NOT NULL,
    at BIGINT NOT NULL,
    red_of TEXT
);
CREATE INDEX payment_receipt_bill ON payment_receipt (bill, at, number);
CREATE TABLE payment_refund (
    id TEXT PRIMARY KEY,
    bill TEXT NOT NULL REFERENCES payment_bill (id),
    trade TEXT,
    line TEXT,
    amount BIGINT NOT NULL,
    reason TEXT NOT NULL,
    asked_by TEXT,
    line_zh TEXT NOT NULL,
    line_en TEXT NOT NULL,
    means TEXT NOT NULL,
    state TEXT NOT NULL,
    at BIGINT NOT NULL,
    done_at BIGINT,
    asked BIGINT NOT NULL,
    next_at BIGINT,
    agency TEXT NOT NULL,
    division TEXT NOT NULL,
    cleared TEXT
);
CREATE INDEX payment_refund_bill ON payment_refund (bill, at);
CREATE INDEX payment_refund_waits ON payment_refund (at, id) WHERE state = 'asked' OR state = 'approved' OR state = 'failed';
CREATE INDEX payment_refund_next ON payment_refund (next_at, id) WHERE next_at IS NOT NULL;
CREATE INDEX payment_refund_done ON payment_refund (done_at, id) WHERE done_at IS NOT NULL;
-- The books: debit positive, credit negative; each `tx` adds up to zero.
CREATE TABLE payment_entry (
    tx TEXT NOT NULL,
    nth BIGINT NOT NULL,
    account TEXT NOT NULL,
    amount BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (tx, nth)
);
CREATE INDEX payment_entry_account ON payment_entry (account, at);
-- Statements that were compared, and what differed.
CREATE TABLE payment_statement (
    day TEXT PRIMARY KEY,
    lines BIGINT NOT NULL,
    differences BIGINT NOT NULL,
    at BIGINT NOT NULL
);
CREATE TABLE payment_difference (
    id TEXT PRIMARY KEY,
    day TEXT NOT NULL,
    kind TEXT NOT NULL,
    trade TEXT NOT NULL,
    line TEXT NOT NULL,
    refund TEXT NOT NULL,
    gateway_no TEXT NOT NULL,
    ours BIGINT,
    theirs BIGINT,
    agency TEXT NOT NULL,
    division TEXT NOT NULL,
    state TEXT NOT NULL,
    note TEXT,
    at BIGINT NOT NULL,
    settled_by TEXT
);
CREATE INDEX payment_difference_day ON payment_difference (day, id);
CREATE INDEX payment_difference_open ON payment_difference (id) WHERE state = 'open';
CREATE INDEX payment_difference_trade ON payment_difference (trade, kind);
-- Nonces of signed call-backs, as long as their time would let them in.
CREATE TABLE payment_nonce (
    nonce TEXT PRIMARY KEY,
    at BIGINT NOT NULL
);
CREATE INDEX payment_nonce_at ON payment_nonce (at);
