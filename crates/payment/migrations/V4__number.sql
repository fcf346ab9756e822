-- A bill is found at the counter by the number of the case it is for, which stands on the payer's receipt.
CREATE INDEX payment_bill_number ON payment_bill (number);
