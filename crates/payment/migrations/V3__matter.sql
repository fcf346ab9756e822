-- The matter (一件事) a bill belongs to: those of one matter and payer are paid by one act. Bills of older programs stand alone.
ALTER TABLE payment_bill ADD COLUMN matter TEXT NOT NULL DEFAULT '';
UPDATE payment_bill SET matter = about;
CREATE INDEX payment_bill_together ON payment_bill (matter, payer, at, id);
CREATE INDEX payment_bill_waits ON payment_bill (payer, matter) WHERE state = 'open';
-- A payment has orders of several bills; `payment_trade.bill` is the first of them, which stands for the act.
ALTER TABLE payment_order ADD COLUMN bill TEXT NOT NULL DEFAULT '';
UPDATE payment_order SET bill = (SELECT t.bill FROM payment_trade t WHERE t.id = payment_order.trade);
