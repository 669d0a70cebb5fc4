-- +goose Up

-- The parameter profile that forms all battles, and the one before it while the
-- change can still be taken back. One row.
CREATE TABLE engine (
    id         BIGINT NOT NULL PRIMARY KEY,
    profile    TEXT NOT NULL,
    previous   TEXT NOT NULL, -- empty: nothing to take back
    changed_at BIGINT NOT NULL
);
INSERT INTO engine (id, profile, previous, changed_at) VALUES (1, 'linked', '', 0);
