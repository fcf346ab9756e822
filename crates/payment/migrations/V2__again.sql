-- A bill that was called off may be followed by another one for the same matter and payer; two open ones never stand side by side.
DROP INDEX payment_bill_about;
CREATE UNIQUE INDEX payment_bill_open ON payment_bill (about, payer) WHERE state = 'open';
CREATE INDEX payment_bill_matter ON payment_bill (about, payer, at, id);
-- Reductions that wait for a second person.
CREATE TABLE payment_asked (
    bill TEXT NOT NULL REFERENCES payment_bill (id),
    line TEXT NOT NULL,
    reduction TEXT NOT NULL,
    agency TEXT NOT NULL,
    division TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (bill, line, reduction)
);
CREATE INDEX payment_asked_at ON payment_asked (at, bill);
