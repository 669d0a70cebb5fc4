-- +goose Up

-- Who does what only one process may do at a time. The clock is the database's.
CREATE TABLE leases (
    name       TEXT NOT NULL PRIMARY KEY,
    holder     TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);

-- How far periodic work has come.
CREATE TABLE marks (
    name       TEXT NOT NULL PRIMARY KEY,
    value      BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
