-- name: AcquireLease :execrows
INSERT INTO leases (name, holder, expires_at) VALUES (sqlc.arg(name), sqlc.arg(holder), CAST(sqlc.arg(now) AS BIGINT) + CAST(sqlc.arg(ttl) AS BIGINT))
ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, expires_at = excluded.expires_at
WHERE leases.holder = excluded.holder OR leases.expires_at <= CAST(sqlc.arg(now) AS BIGINT);

-- name: ReleaseLease :exec
DELETE FROM leases WHERE name = $1 AND holder = $2;

-- name: LeaseHolder :one
SELECT holder FROM leases WHERE name = $1 AND expires_at > $2;

-- name: Mark :one
SELECT value, updated_at FROM marks WHERE name = $1;

-- name: SetMark :exec
INSERT INTO marks (name, value, updated_at) VALUES ($1, $2, $3)
ON CONFLICT (name) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at;
