ALTER TABLE store_file ADD COLUMN loose_until BIGINT;
CREATE INDEX store_file_loose ON store_file (loose_until);
