-- +goose Up

-- How many killmails happened in each hour and what they were worth, kept with every
-- change: counting the killmails themselves takes seconds when there are many.
CREATE TABLE killmail_hours (
    hour      BIGINT NOT NULL PRIMARY KEY,
    killmails BIGINT NOT NULL,
    isk       BIGINT NOT NULL -- of those whose value is known
) /*without rowid*/;
INSERT INTO killmail_hours (hour, killmails, isk)
SELECT occurred_at / 3600000 * 3600000, COUNT(*), CAST(COALESCE(SUM(isk), 0) AS BIGINT) FROM killmails GROUP BY 1;

CREATE TABLE battle_kinds (
    kind    TEXT NOT NULL PRIMARY KEY,
    battles BIGINT NOT NULL
) /*without rowid*/;
INSERT INTO battle_kinds (kind, battles) SELECT kind, COUNT(*) FROM battles GROUP BY kind;

CREATE INDEX battles_region ON battles (region_id, started_at, id);
CREATE INDEX battles_constellation ON battles (constellation_id, started_at, id);

-- Newest first in one kind of space, whatever share of the kills that is.
CREATE INDEX killmails_space ON killmails (space, occurred_at, killmail_id);

-- The dearest kills, which are few, newest first: a list of them would read all the
-- others as well. Hundredths of an ISK.
CREATE INDEX killmails_billion ON killmails (occurred_at, killmail_id, isk) WHERE isk >= 100000000000;
CREATE INDEX killmails_ten_billion ON killmails (occurred_at, killmail_id, isk) WHERE isk >= 1000000000000;

-- Taking a number from these holds back others who change the same things.
INSERT INTO counters (name, value) VALUES ('update', 0), ('change', 0);
