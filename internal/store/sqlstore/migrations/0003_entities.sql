-- +goose Up

-- Players and their organisations, as killmails name them. What has no name yet is
-- the enrich service's list of work.
CREATE TABLE entities (
    id         BIGINT NOT NULL PRIMARY KEY,
    type       TEXT NOT NULL,   -- character, corporation or alliance
    name       TEXT NOT NULL,   -- empty until resolved
    ticker     TEXT NOT NULL,   -- empty until resolved; characters have none
    state      TEXT NOT NULL,   -- unnamed, named (ticker still missing), resolved, or unknown to EVE
    attempts   BIGINT NOT NULL,
    due_at     BIGINT NOT NULL, -- when it may be asked for (again)
    seen_at    BIGINT NOT NULL, -- when it was first met
    updated_at BIGINT NOT NULL
);
CREATE INDEX entities_unnamed ON entities (due_at, id) WHERE state = 'unnamed';
CREATE INDEX entities_named ON entities (due_at, id) WHERE state = 'named';
