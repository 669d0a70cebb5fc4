-- +goose Up

-- When retention removed the killmails of a battle, and its list of pilots; 0: never.
ALTER TABLE battles ADD COLUMN pruned_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE battles ADD COLUMN pilots_pruned_at BIGINT NOT NULL DEFAULT 0;
CREATE INDEX battles_unpruned ON battles (ended_at, id) WHERE pruned_at = 0;
CREATE INDEX battles_pilots_unpruned ON battles (id) WHERE pruned_at > 0 AND pilots_pruned_at = 0;

-- What every run of retention removed. The figures grow in the transactions that remove.
CREATE TABLE retention_runs (
    id           BIGINT NOT NULL PRIMARY KEY,
    horizon      BIGINT NOT NULL,
    keep_pilots  BOOLEAN NOT NULL,
    started_at   BIGINT NOT NULL,
    finished_at  BIGINT NOT NULL, -- 0: it runs, or was killed
    battles      BIGINT NOT NULL,
    killmails    BIGINT NOT NULL,
    participants BIGINT NOT NULL,
    pilot_lists  BIGINT NOT NULL,
    pilot_rows   BIGINT NOT NULL,
    problem      TEXT NOT NULL
);

-- What verification looked at and found.
CREATE TABLE verify_runs (
    id             BIGINT NOT NULL PRIMARY KEY,
    started_at     BIGINT NOT NULL,
    finished_at    BIGINT NOT NULL,
    since          BIGINT NOT NULL, -- 0: from the beginning
    until          BIGINT NOT NULL, -- 0: to the end
    repair         BOOLEAN NOT NULL,
    killmails      BIGINT NOT NULL,
    battles        BIGINT NOT NULL,
    neighbourhoods BIGINT NOT NULL,
    days           BIGINT NOT NULL,
    not_checked    TEXT NOT NULL,   -- one reason a line
    found          BIGINT NOT NULL,
    still_open     BIGINT NOT NULL
);

CREATE TABLE verify_findings (
    run_id   BIGINT NOT NULL,
    position BIGINT NOT NULL,
    name     TEXT NOT NULL,
    severity TEXT NOT NULL,
    state    TEXT NOT NULL,
    subject  TEXT NOT NULL,
    n        BIGINT NOT NULL,
    n_left   BIGINT NOT NULL,
    samples  TEXT NOT NULL, -- ids, separated by spaces
    detail   TEXT NOT NULL,
    repair   TEXT NOT NULL,
    PRIMARY KEY (run_id, position)
) /*without rowid*/;

-- What was last found out about the days of the history.
CREATE TABLE verify_days (
    day        TEXT NOT NULL PRIMARY KEY, -- YYYYMMDD
    total      BIGINT NOT NULL,
    stored     BIGINT NOT NULL,
    rejected   BIGINT NOT NULL,
    scheduled  BIGINT NOT NULL,
    checked_at BIGINT NOT NULL
);

INSERT INTO counters (name, value) VALUES ('verify_run', 0), ('retention_run', 0);
