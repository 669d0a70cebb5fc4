-- +goose Up

-- Every ruleset that was ever active. The one with the highest activation is active.
CREATE TABLE rulesets (
    version      BIGINT NOT NULL PRIMARY KEY,
    body         TEXT NOT NULL,   -- JSON
    note         TEXT NOT NULL,
    created_by   TEXT NOT NULL,
    created_at   BIGINT NOT NULL,
    activation   BIGINT NOT NULL  -- number of the last activation
);
CREATE INDEX rulesets_activation ON rulesets (activation);

-- What was rejected lately, as far as another ruleset needs it to decide again.
CREATE TABLE rejected_killmails (
    killmail_id     BIGINT NOT NULL PRIMARY KEY,
    occurred_at     BIGINT NOT NULL,
    system_id       BIGINT NOT NULL,
    space           TEXT NOT NULL,
    pilots          BIGINT NOT NULL,
    entities        TEXT NOT NULL, -- ids of all alliances, corporations and characters, separated by spaces
    reason          TEXT NOT NULL,
    ruleset_version BIGINT NOT NULL,
    rejected_at     BIGINT NOT NULL
);
CREATE INDEX rejected_killmails_at ON rejected_killmails (rejected_at);
CREATE INDEX killmails_stored ON killmails (stored_at);

-- What became of documents, by hour, source and outcome.
CREATE TABLE intake_counts (
    hour    BIGINT NOT NULL,
    source  TEXT NOT NULL,
    outcome TEXT NOT NULL, -- new, updated, known, broken, or rejected:reason
    n       BIGINT NOT NULL,
    PRIMARY KEY (hour, source, outcome)
) /*without rowid*/;

-- Only hashes of the tokens are kept.
CREATE TABLE login_sessions (
    token_hash TEXT NOT NULL PRIMARY KEY,
    subject    TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX login_sessions_expiry ON login_sessions (expires_at);

INSERT INTO counters (name, value) VALUES ('ruleset', 0), ('ruleset_activation', 0);
