-- The items offered now, one row each; what they say is in the version.
CREATE TABLE catalog_item (
    item_key TEXT PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    agency TEXT NOT NULL,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    what_zh TEXT NOT NULL,
    what_en TEXT NOT NULL,
    current_version TEXT NOT NULL,
    version BIGINT NOT NULL
);

-- Every version ever published; never changed, never deleted.
CREATE TABLE catalog_version (
    id TEXT PRIMARY KEY,
    item_key TEXT NOT NULL,
    version BIGINT NOT NULL,
    hash TEXT NOT NULL,
    body TEXT NOT NULL,
    published_at BIGINT NOT NULL,
    UNIQUE (item_key, version)
);

-- Words under which the current version is found. Rows go with the version, so that none is written twice.
CREATE TABLE catalog_word (
    word TEXT NOT NULL,
    version_id TEXT NOT NULL,
    weight BIGINT NOT NULL,
    PRIMARY KEY (word, version_id)
);
CREATE INDEX catalog_word_version ON catalog_word (version_id);

-- What the current version is listed under: audience:person, theme:housing, agency:nanjing.housing.
CREATE TABLE catalog_tag (
    tag TEXT NOT NULL,
    version_id TEXT NOT NULL,
    PRIMARY KEY (tag, version_id)
);
CREATE INDEX catalog_tag_version ON catalog_tag (version_id);
