-- Addresses of persons and firms; `told` holds street, recipient and telephone, sealed. `gone`: taken out of the book.
CREATE TABLE delivery_address (
    id TEXT PRIMARY KEY,
    subject TEXT NOT NULL,
    division TEXT NOT NULL,
    told BYTEA NOT NULL,
    usual BIGINT NOT NULL,
    at BIGINT NOT NULL,
    rev BIGINT NOT NULL,
    gone BIGINT NOT NULL
);
CREATE INDEX delivery_address_subject ON delivery_address (subject, gone, at);
-- Parcels (快件): the results of one matter for one recipient. `next_at`: when it is reminded of or lapses.
CREATE TABLE delivery_parcel (
    id TEXT PRIMARY KEY,
    number TEXT NOT NULL,
    matter TEXT NOT NULL,
    recipient TEXT NOT NULL,
    recipient_name TEXT NOT NULL,
    nth BIGINT NOT NULL,
    title_zh TEXT NOT NULL,
    title_en TEXT NOT NULL,
    case_no TEXT NOT NULL,
    agency TEXT NOT NULL,
    division TEXT NOT NULL,
    state TEXT NOT NULL,
    how TEXT NOT NULL,
    address TEXT,
    since BIGINT NOT NULL,
    at BIGINT NOT NULL,
    next_at BIGINT
);
CREATE UNIQUE INDEX delivery_parcel_number ON delivery_parcel (number);
CREATE UNIQUE INDEX delivery_parcel_matter ON delivery_parcel (matter, recipient, nth);
CREATE INDEX delivery_parcel_recipient ON delivery_parcel (recipient, at, id);
CREATE INDEX delivery_parcel_state ON delivery_parcel (state, since, id);
CREATE INDEX delivery_parcel_next ON delivery_parcel (next_at, id) WHERE next_at IS NOT NULL;
-- Papers that were taken in, each once.
CREATE TABLE delivery_paper (
    number TEXT NOT NULL,
    recipient TEXT NOT NULL,
    parcel TEXT NOT NULL REFERENCES delivery_parcel (id),
    PRIMARY KEY (number, recipient)
);
CREATE INDEX delivery_paper_parcel ON delivery_paper (parcel);
-- Orders at the courier; `told` holds the address as it was when the parcel was packed, sealed. `next_at`: when the courier is spoken to again.
CREATE TABLE delivery_order (
    id TEXT PRIMARY KEY,
    parcel TEXT NOT NULL REFERENCES delivery_parcel (id),
    state TEXT NOT NULL,
    told BYTEA NOT NULL,
    division TEXT NOT NULL,
    tracking TEXT,
    asked BIGINT NOT NULL,
    at BIGINT NOT NULL,
    next_at BIGINT
);
CREATE INDEX delivery_order_parcel ON delivery_order (parcel);
CREATE INDEX delivery_order_next ON delivery_order (next_at, id) WHERE next_at IS NOT NULL;
-- Codes by which one collects: found by a blind index, shown to the recipient from the sealed value.
CREATE TABLE delivery_code (
    parcel TEXT PRIMARY KEY REFERENCES delivery_parcel (id),
    blind TEXT NOT NULL,
    code BYTEA NOT NULL
);
CREATE UNIQUE INDEX delivery_code_blind ON delivery_code (blind);
-- Hand-over lists (交寄清单), numbered densely.
CREATE TABLE delivery_list (
    id TEXT PRIMARY KEY,
    number TEXT NOT NULL,
    agency TEXT NOT NULL,
    division TEXT NOT NULL,
    state TEXT NOT NULL,
    courier TEXT,
    at BIGINT NOT NULL,
    closed_at BIGINT,
    rev BIGINT NOT NULL
);
CREATE UNIQUE INDEX delivery_list_number ON delivery_list (number);
CREATE INDEX delivery_list_agency ON delivery_list (agency, at, id);
-- What stands on them; a parcel that came back and is sent again stands on a second.
CREATE TABLE delivery_entry (
    list TEXT NOT NULL REFERENCES delivery_list (id),
    parcel TEXT NOT NULL REFERENCES delivery_parcel (id),
    PRIMARY KEY (list, parcel)
);
-- Bags of papers between halls (封袋清单).
CREATE TABLE delivery_bag (
    id TEXT PRIMARY KEY,
    seal TEXT NOT NULL,
    sender TEXT NOT NULL,
    receiver TEXT NOT NULL,
    state TEXT NOT NULL,
    papers BIGINT NOT NULL,
    at BIGINT NOT NULL
);
CREATE UNIQUE INDEX delivery_bag_seal ON delivery_bag (seal);
CREATE INDEX delivery_bag_sender ON delivery_bag (sender, at, id);
CREATE INDEX delivery_bag_receiver ON delivery_bag (receiver, at, id);
-- Nonces of signed call-backs, as long as their time would let them in.
CREATE TABLE delivery_nonce (
    nonce TEXT PRIMARY KEY,
    at BIGINT NOT NULL
);
CREATE INDEX delivery_nonce_at ON delivery_nonce (at);
