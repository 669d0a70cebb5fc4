-- name: KillmailsInSystem :many
SELECT killmail_id FROM killmails
WHERE system_id = $1 AND occurred_at >= $2 AND occurred_at <= $3;

-- name: KillmailsBetween :many
SELECT killmail_id FROM killmails WHERE occurred_at >= $1 AND occurred_at <= $2;

-- name: KillmailsOfCharacter :many
SELECT DISTINCT killmail_id FROM participants
WHERE character_id = $1 AND character_id > 0 AND occurred_at >= $2 AND occurred_at <= $3;

-- name: TallyKillmails :one
SELECT COUNT(*) AS killmails, CAST(COALESCE(SUM(isk), 0) AS BIGINT) AS isk FROM killmails WHERE occurred_at >= $1 AND occurred_at < $2;

-- name: LatestKillmail :one
SELECT CAST(COALESCE(MAX(occurred_at), 0) AS BIGINT) FROM killmails WHERE occurred_at >= $1 AND occurred_at < $2;

-- name: CountHours :one
SELECT CAST(COALESCE(SUM(killmails), 0) AS BIGINT) AS killmails, CAST(COALESCE(SUM(isk), 0) AS BIGINT) AS isk
FROM killmail_hours WHERE hour >= $1;

-- name: LatestHour :one
SELECT CAST(COALESCE(MAX(hour), -1) AS BIGINT) FROM killmail_hours WHERE killmails > 0;

-- name: DropHours :exec
DELETE FROM killmail_hours;

-- name: CountIntoHours :exec
INSERT INTO killmail_hours (hour, killmails, isk)
SELECT k.occurred_at / 3600000 * 3600000, COUNT(*), CAST(COALESCE(SUM(k.isk), 0) AS BIGINT) FROM killmails k GROUP BY 1;

-- name: UpdateZkb :execrows
UPDATE killmails SET isk = $3, isk_source = $4, isk_priced_at = $5, has_zkb = TRUE, location_id = $6, points = $7,
    npc = $8, solo = $9, awox = $10, labels = $11, sequence = $12
WHERE killmail_id = $1 AND occurred_at = $2 AND sequence <= $12;

-- The update changes nothing but holds the row: whoever is about to take it off the
-- list waits, and then sees the killmail as it is now.
-- name: MarkUnclustered :exec
INSERT INTO unclustered (killmail_id, occurred_at) VALUES ($1, $2)
ON CONFLICT (occurred_at, killmail_id) DO UPDATE SET killmail_id = excluded.killmail_id;

-- name: Unclustered :many
SELECT killmail_id, occurred_at FROM unclustered ORDER BY occurred_at, killmail_id LIMIT $1;

-- name: CountUnclustered :one
SELECT COUNT(*) FROM unclustered;

-- name: FillHash :exec
UPDATE killmails SET hash = $3 WHERE killmail_id = $1 AND occurred_at = $2 AND hash = '';
