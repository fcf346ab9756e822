-- Every joint matter as it was ever offered: what a matter was filed under stays readable when the theme changes.
CREATE TABLE catalog_theme_version (
    id TEXT NOT NULL,
    hash TEXT NOT NULL,
    body TEXT NOT NULL,
    published_at BIGINT NOT NULL,
    PRIMARY KEY (id, hash)
);
INSERT INTO catalog_theme_version (id, hash, body, published_at) SELECT id, hash, body, published_at FROM catalog_theme;

-- The same of registers, data elements and the dictionary of papers.
CREATE TABLE catalog_knowledge_version (
    hash TEXT PRIMARY KEY,
    body TEXT NOT NULL,
    published_at BIGINT NOT NULL
);
INSERT INTO catalog_knowledge_version (hash, body, published_at) SELECT hash, body, published_at FROM catalog_knowledge;
