-- One text for SQLite and PostgreSQL. What must differ stands in a comment of
-- the form /*token*/, which the adapter replaces (see migrate.go). What stands between
-- /*postgres and postgres*/ is for PostgreSQL alone.
-- Times are UTC milliseconds, ISK hundredths of an ISK, id 0 means "none".

-- +goose Up
CREATE TABLE killmails (
    killmail_id            BIGINT NOT NULL,
    occurred_at            BIGINT NOT NULL,
    system_id              BIGINT NOT NULL,
    space                  TEXT NOT NULL,
    hash                   TEXT NOT NULL,
    moon_id                BIGINT NOT NULL,
    war_id                 BIGINT NOT NULL,
    victim_character_id    BIGINT NOT NULL,
    victim_corporation_id  BIGINT NOT NULL,
    victim_alliance_id     BIGINT NOT NULL,
    victim_faction_id      BIGINT NOT NULL,
    victim_ship_type_id    BIGINT NOT NULL,
    damage_taken           BIGINT NOT NULL,
    attacker_count         BIGINT NOT NULL,
    final_position         BIGINT NOT NULL, -- of the final blow among the participants, 0: the document names none
    isk                    BIGINT,          -- null: value unknown
    isk_source             TEXT NOT NULL,   -- zkb, market, base or empty
    isk_priced_at          BIGINT NOT NULL, -- day of the price list, 0 for zkb
    has_zkb                BOOLEAN NOT NULL,
    location_id            BIGINT NOT NULL,
    points                 BIGINT NOT NULL,
    npc                    BOOLEAN NOT NULL,
    solo                   BOOLEAN NOT NULL,
    awox                   BOOLEAN NOT NULL,
    labels                 TEXT NOT NULL,   -- separated by spaces, in zKillboard's order
    sequence               BIGINT NOT NULL, -- R2Z2 sequence of the newest zkb block, 0 from archives
    stored_at              BIGINT NOT NULL,
    PRIMARY KEY (killmail_id, occurred_at)
) /*by month*/ /*without rowid*/;
CREATE INDEX killmails_occurred ON killmails (occurred_at, killmail_id);
CREATE INDEX killmails_system ON killmails (system_id, occurred_at);

/*postgres
-- Tables in parts have no key across their parts. This one holds the promise that a
-- killmail is stored once, and says in which part it is.
CREATE TABLE killmail_keys (
    killmail_id BIGINT NOT NULL PRIMARY KEY,
    occurred_at BIGINT NOT NULL
);

-- Whoever deletes killmails need not know of their keys.
-- +goose StatementBegin
CREATE FUNCTION drop_killmail_keys() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM killmail_keys k USING gone WHERE k.killmail_id = gone.killmail_id;
    RETURN NULL;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER killmails_deleted AFTER DELETE ON killmails
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION drop_killmail_keys();
postgres*/
-- Position 0 is the victim, 1 and up the attackers in the order of the document.
CREATE TABLE participants (
    killmail_id     BIGINT NOT NULL,
    occurred_at     BIGINT NOT NULL,
    position        BIGINT NOT NULL,
    character_id    BIGINT NOT NULL,
    corporation_id  BIGINT NOT NULL,
    alliance_id     BIGINT NOT NULL,
    faction_id      BIGINT NOT NULL,
    ship_type_id    BIGINT NOT NULL,
    weapon_type_id  BIGINT NOT NULL,
    damage          BIGINT NOT NULL, -- done by attackers, taken by the victim
    final_blow      BOOLEAN NOT NULL,
    security_status DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (killmail_id, occurred_at, position)
) /*by month*/ /*without rowid*/;
CREATE INDEX participants_character ON participants (character_id, occurred_at) WHERE character_id > 0;

-- Work for the cluster service, queued in the transaction that stores the killmail.
CREATE TABLE unclustered (
    killmail_id BIGINT NOT NULL,
    occurred_at BIGINT NOT NULL,
    PRIMARY KEY (occurred_at, killmail_id)
) /*without rowid*/;

CREATE TABLE battles (
    id               BIGINT NOT NULL PRIMARY KEY,
    kind             TEXT NOT NULL,
    kind_rule        TEXT NOT NULL,
    profile          TEXT NOT NULL,
    params_version   BIGINT NOT NULL,
    system_id        BIGINT NOT NULL, -- where most of the kills are
    constellation_id BIGINT NOT NULL,
    region_id        BIGINT NOT NULL,
    space            TEXT NOT NULL,
    started_at       BIGINT NOT NULL,
    ended_at         BIGINT NOT NULL,
    duration         BIGINT NOT NULL,
    kills            BIGINT NOT NULL,
    ships_lost       BIGINT NOT NULL,
    capsules_lost    BIGINT NOT NULL,
    structures_lost  BIGINT NOT NULL,
    pilots           BIGINT NOT NULL,
    isk_destroyed    BIGINT NOT NULL,
    isk_estimated    BIGINT NOT NULL,
    unknown_values   BIGINT NOT NULL,
    digest           TEXT NOT NULL,   -- of everything computed: equal means nothing to write
    revision         BIGINT NOT NULL,
    created_at       BIGINT NOT NULL,
    updated_at       BIGINT NOT NULL
);
CREATE INDEX battles_started ON battles (started_at, id);
CREATE INDEX battles_isk ON battles (isk_destroyed, id);
CREATE INDEX battles_kills ON battles (kills, id);
CREATE INDEX battles_pilots ON battles (pilots, id);
CREATE INDEX battles_duration ON battles (duration, id);
CREATE INDEX battles_ended ON battles (ended_at);

CREATE TABLE battle_systems (
    battle_id BIGINT NOT NULL,
    system_id BIGINT NOT NULL,
    position  BIGINT NOT NULL,
    PRIMARY KEY (battle_id, system_id)
) /*without rowid*/;
CREATE INDEX battle_systems_system ON battle_systems (system_id, battle_id);

-- The primary key is the promise that a killmail is in at most one battle.
CREATE TABLE battle_killmails (
    killmail_id   BIGINT NOT NULL PRIMARY KEY,
    battle_id     BIGINT NOT NULL,
    occurred_at   BIGINT NOT NULL,
    side          TEXT NOT NULL,
    link_rule     TEXT NOT NULL,
    link_with     BIGINT NOT NULL,
    link_pilots   BIGINT NOT NULL,
    link_together BIGINT NOT NULL,
    link_against  BIGINT NOT NULL
) /*without rowid*/;
CREATE INDEX battle_killmails_battle ON battle_killmails (battle_id, occurred_at, killmail_id);

CREATE TABLE battle_sides (
    battle_id       BIGINT NOT NULL,
    side            TEXT NOT NULL,
    position        BIGINT NOT NULL,
    pilots          BIGINT NOT NULL,
    kills           BIGINT NOT NULL,
    final_blows     BIGINT NOT NULL,
    ships_lost      BIGINT NOT NULL,
    capsules_lost   BIGINT NOT NULL,
    structures_lost BIGINT NOT NULL,
    isk_lost        BIGINT NOT NULL,
    isk_destroyed   BIGINT NOT NULL,
    damage_done     BIGINT NOT NULL, -- to ships; structures apart, whose hit points dwarf them
    structure_damage BIGINT NOT NULL,
    damage_taken    BIGINT NOT NULL,
    confidence      DOUBLE PRECISION NOT NULL,
    third_party     BOOLEAN NOT NULL,
    PRIMARY KEY (battle_id, side)
) /*without rowid*/;

CREATE TABLE battle_members (
    battle_id        BIGINT NOT NULL,
    entity_type      TEXT NOT NULL,
    entity_id        BIGINT NOT NULL,
    side             TEXT NOT NULL,
    position         BIGINT NOT NULL,
    pilots           BIGINT NOT NULL,
    ships_lost       BIGINT NOT NULL,
    isk_lost         BIGINT NOT NULL,
    kills            BIGINT NOT NULL,
    damage_done      BIGINT NOT NULL,
    confidence       DOUBLE PRECISION NOT NULL,
    together_with    BIGINT NOT NULL,
    together_kills   BIGINT NOT NULL,
    against_whom     BIGINT NOT NULL,
    against_kills    BIGINT NOT NULL,
    friendly_fire    BIGINT NOT NULL,
    PRIMARY KEY (battle_id, entity_type, entity_id)
) /*without rowid*/;

CREATE TABLE battle_participants (
    battle_id      BIGINT NOT NULL,
    character_id   BIGINT NOT NULL,
    corporation_id BIGINT NOT NULL,
    alliance_id    BIGINT NOT NULL,
    faction_id     BIGINT NOT NULL,
    side           TEXT NOT NULL,
    position       BIGINT NOT NULL,
    kills          BIGINT NOT NULL,
    final_blows    BIGINT NOT NULL,
    losses         BIGINT NOT NULL,
    podded         BOOLEAN NOT NULL,
    damage_done    BIGINT NOT NULL,
    structure_damage BIGINT NOT NULL,
    damage_taken   BIGINT NOT NULL,
    isk_lost       BIGINT NOT NULL,
    first_seen     BIGINT NOT NULL,
    last_seen      BIGINT NOT NULL,
    PRIMARY KEY (battle_id, character_id)
) /*without rowid*/;
CREATE INDEX battle_participants_character ON battle_participants (character_id, battle_id);
CREATE INDEX battle_participants_corporation ON battle_participants (corporation_id, battle_id);
CREATE INDEX battle_participants_alliance ON battle_participants (alliance_id, battle_id) WHERE alliance_id > 0;

CREATE TABLE battle_participant_hulls (
    battle_id    BIGINT NOT NULL,
    character_id BIGINT NOT NULL,
    position     BIGINT NOT NULL,
    ship_type_id BIGINT NOT NULL,
    lost         BIGINT NOT NULL,
    isk_lost     BIGINT NOT NULL,
    PRIMARY KEY (battle_id, character_id, position)
) /*without rowid*/;

CREATE TABLE battle_hulls (
    battle_id    BIGINT NOT NULL,
    side         TEXT NOT NULL,
    ship_type_id BIGINT NOT NULL,
    position     BIGINT NOT NULL,
    fielded      BIGINT NOT NULL,
    lost         BIGINT NOT NULL,
    isk_lost     BIGINT NOT NULL,
    PRIMARY KEY (battle_id, side, ship_type_id)
) /*without rowid*/;
CREATE INDEX battle_hulls_type ON battle_hulls (ship_type_id, battle_id);

CREATE TABLE battle_revisions (
    battle_id BIGINT NOT NULL,
    revision  BIGINT NOT NULL,
    at        BIGINT NOT NULL,
    reason    TEXT NOT NULL,
    added     BIGINT NOT NULL,
    removed   BIGINT NOT NULL,
    kills     BIGINT NOT NULL,
    PRIMARY KEY (battle_id, revision)
) /*without rowid*/;

CREATE TABLE battle_redirects (
    from_id BIGINT NOT NULL PRIMARY KEY,
    to_id   BIGINT NOT NULL, -- 0: dissolved, nothing took its place
    at      BIGINT NOT NULL
);

CREATE TABLE feed_cursors (
    feed       TEXT NOT NULL PRIMARY KEY,
    sequence   BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

-- What the ingest service last said of a feed, for every process that shows it.
CREATE TABLE feed_status (
    feed             TEXT NOT NULL PRIMARY KEY,
    state            TEXT NOT NULL,   -- live, catching_up, offline
    since            BIGINT NOT NULL,
    error            TEXT NOT NULL,
    hint             TEXT NOT NULL,
    last_document_at BIGINT NOT NULL, -- when zKillboard published the newest document seen, 0: none yet
    updated_at       BIGINT NOT NULL
);

CREATE TABLE dead_letters (
    id         BIGINT NOT NULL PRIMARY KEY,
    source     TEXT NOT NULL,
    reference  TEXT NOT NULL, -- file and member, or sequence number
    reason     TEXT NOT NULL,
    body       /*blob*/BYTEA/*end*/ NOT NULL,
    seen       BIGINT NOT NULL, -- how often it was met
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (source, reference)
);

-- What browsers and other readers are told, in commit order.
CREATE TABLE outbox (
    seq         BIGINT NOT NULL PRIMARY KEY,
    created_at  BIGINT NOT NULL,
    topic       TEXT NOT NULL,
    subject_id  BIGINT NOT NULL, -- killmail or battle
    revision    BIGINT NOT NULL  -- of the battle, 0 for a killmail
);
CREATE INDEX outbox_created ON outbox (created_at);

-- Taking numbers locks the row until commit, so numbers come in commit order.
CREATE TABLE counters (
    name  TEXT NOT NULL PRIMARY KEY,
    value BIGINT NOT NULL
);
INSERT INTO counters (name, value) VALUES ('outbox', 0), ('battle', 0), ('dead_letter', 0);
