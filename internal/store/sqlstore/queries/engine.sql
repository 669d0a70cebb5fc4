-- name: Engine :one
SELECT profile, previous, changed_at FROM engine WHERE id = 1;

-- name: SetEngine :exec
UPDATE engine SET profile = $1, previous = $2, changed_at = $3 WHERE id = 1;

-- name: QueueAll :execrows
INSERT INTO unclustered (killmail_id, occurred_at)
SELECT k.killmail_id, k.occurred_at FROM killmails k WHERE k.occurred_at >= $1 ON CONFLICT DO NOTHING;

-- name: CountBattlesNotOf :one
SELECT COUNT(*) FROM battles WHERE (profile <> $1 OR params_version <> $2) AND pruned_at = 0;
