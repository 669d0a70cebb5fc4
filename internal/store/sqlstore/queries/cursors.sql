-- name: Cursors :many
SELECT feed, sequence, updated_at FROM feed_cursors WHERE feed LIKE $1 ORDER BY feed;

-- name: DropCursor :exec
DELETE FROM feed_cursors WHERE feed = $1;
