-- name: Killmail :one
SELECT * FROM killmails WHERE killmail_id = $1;

-- name: Participants :many
SELECT * FROM participants WHERE killmail_id = $1 ORDER BY position;

-- name: KillmailsInSystem :many
SELECT killmail_id FROM killmails
WHERE system_id = $1 AND occurred_at >= $2 AND occurred_at <= $3;

-- name: KillmailsBetween :many
SELECT killmail_id FROM killmails WHERE occurred_at >= $1 AND occurred_at <= $2;

-- name: KillmailsOfCharacter :many
SELECT DISTINCT killmail_id FROM participants
WHERE character_id = $1 AND character_id > 0 AND occurred_at >= $2 AND occurred_at <= $3;

-- name: CountKillmailsSince :one
SELECT COUNT(*) AS killmails, CAST(COALESCE(SUM(isk), 0) AS BIGINT) AS isk FROM killmails WHERE occurred_at >= $1;

-- name: CountKillmails :one
SELECT COUNT(*) FROM killmails;

-- name: LatestKillmail :one
SELECT occurred_at FROM killmails ORDER BY occurred_at DESC, killmail_id DESC LIMIT 1;

-- name: UpdateZkb :execrows
UPDATE killmails SET isk = $3, isk_source = $4, isk_priced_at = $5, has_zkb = TRUE, location_id = $6, points = $7,
    npc = $8, solo = $9, awox = $10, labels = $11, sequence = $12
WHERE killmail_id = $1 AND occurred_at = $2 AND sequence <= $12;

-- name: MarkUnclustered :exec
INSERT INTO unclustered (killmail_id, occurred_at) VALUES ($1, $2) ON CONFLICT DO NOTHING;

-- name: Unclustered :many
SELECT killmail_id, occurred_at FROM unclustered ORDER BY occurred_at, killmail_id LIMIT $1;

-- name: CountUnclustered :one
SELECT COUNT(*) FROM unclustered;

-- name: Clustered :execrows
DELETE FROM unclustered WHERE occurred_at = $1 AND killmail_id = $2;

-- name: FillHash :exec
UPDATE killmails SET hash = $3 WHERE killmail_id = $1 AND occurred_at = $2 AND hash = '';
