-- name: Cursor :one
SELECT sequence, updated_at FROM feed_cursors WHERE feed = $1;

-- name: SetCursor :exec
INSERT INTO feed_cursors (feed, sequence, updated_at) VALUES ($1, $2, $3)
ON CONFLICT (feed) DO UPDATE SET sequence = excluded.sequence, updated_at = excluded.updated_at;

-- name: PutDeadLetter :exec
INSERT INTO dead_letters (id, source, reference, reason, body, seen, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, 1, $6, $6)
ON CONFLICT (source, reference) DO UPDATE
SET reason = excluded.reason, body = excluded.body, seen = dead_letters.seen + 1, updated_at = excluded.updated_at;

-- name: CountDeadLetters :one
SELECT COUNT(*) FROM dead_letters;

-- name: TakeNumbers :one
UPDATE counters SET value = value + $2 WHERE name = $1 RETURNING value;

-- name: EventsAfter :many
SELECT seq, created_at, topic, subject_id, revision FROM outbox WHERE seq > $1 ORDER BY seq LIMIT $2;

-- name: LastEvent :one
SELECT value FROM counters WHERE name = 'outbox';

-- name: FirstEvent :one
SELECT CAST(COALESCE(MIN(seq), 0) AS BIGINT) FROM outbox;

-- name: PruneEvents :execrows
DELETE FROM outbox WHERE created_at < $1;

-- name: SetFeedStatus :exec
INSERT INTO feed_status (feed, state, since, error, hint, last_document_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (feed) DO UPDATE SET state = excluded.state, since = excluded.since, error = excluded.error,
    hint = excluded.hint, last_document_at = excluded.last_document_at, updated_at = excluded.updated_at;

-- name: FeedStatuses :many
SELECT * FROM feed_status ORDER BY feed;
