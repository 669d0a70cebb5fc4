-- +goose Up

-- What people decided about battles. Nothing is deleted: what is taken back stays.
CREATE TABLE corrections (
    id            BIGINT NOT NULL PRIMARY KEY,
    battle_id     BIGINT NOT NULL, -- as it was then
    merged_id     BIGINT NOT NULL, -- the battle it was merged with, 0: none
    note          TEXT NOT NULL,
    author        TEXT NOT NULL,
    created_at    BIGINT NOT NULL,
    taken_back_at BIGINT NOT NULL, -- 0: in force
    taken_back_by TEXT NOT NULL
);
CREATE INDEX corrections_battle ON corrections (battle_id, id);

-- What was said, and the rules that follow from it for the engine. A rule about entities
-- holds on to a killmail, which says in which battle it is in force.
CREATE TABLE correction_entries (
    correction_id BIGINT NOT NULL,
    rule          BOOLEAN NOT NULL,
    position      BIGINT NOT NULL,
    verb          TEXT NOT NULL,
    killmail_id   BIGINT NOT NULL, -- 0: said of an entity
    entity_type   TEXT NOT NULL,   -- empty: of a killmail
    entity_id     BIGINT NOT NULL,
    with_type     TEXT NOT NULL,
    with_id       BIGINT NOT NULL, -- killmail or entity, 0: none
    PRIMARY KEY (correction_id, rule, position)
) /*without rowid*/;

-- The killmails in the rules, and the battle in which each was then (0: none).
CREATE TABLE correction_killmails (
    correction_id BIGINT NOT NULL,
    killmail_id   BIGINT NOT NULL,
    occurred_at   BIGINT NOT NULL,
    battle_id     BIGINT NOT NULL,
    PRIMARY KEY (correction_id, killmail_id)
) /*without rowid*/;
CREATE INDEX correction_killmails_killmail ON correction_killmails (killmail_id, correction_id);

-- The work that a correction made, so that the battles can say why they changed.
ALTER TABLE unclustered ADD COLUMN corrected BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX unclustered_corrected ON unclustered (killmail_id) WHERE corrected;

-- Which battles went into one.
CREATE INDEX battle_redirects_to ON battle_redirects (to_id);

INSERT INTO counters (name, value) VALUES ('correction', 0), ('correction_layer', 0);
