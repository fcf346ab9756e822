-- What a holder has that ends next: one look-up, however much is held.
CREATE INDEX certificates_certificate_ends ON certificates_certificate (holder, valid_until, id);
