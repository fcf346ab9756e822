//! Everything that must differ between SQLite and PostgreSQL, by name; nothing differs anywhere else.
