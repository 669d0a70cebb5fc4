-- name: UnnamedEntities :many
SELECT id, type, attempts FROM entities WHERE state = 'unnamed' AND due_at <= $1 ORDER BY due_at DESC, id LIMIT $2;

-- name: NamedEntities :many
SELECT id, type, attempts FROM entities WHERE state = 'named' AND due_at <= $1 ORDER BY due_at DESC, id LIMIT $2;

-- name: ClaimUnnamed :many
UPDATE entities SET due_at = sqlc.arg(until)
WHERE id IN (SELECT e.id FROM entities e WHERE e.state = 'unnamed' AND e.due_at <= sqlc.arg(now) ORDER BY e.due_at DESC, e.id LIMIT sqlc.arg(most))
    AND state = 'unnamed' AND due_at <= sqlc.arg(now)
RETURNING id, type, attempts;

-- name: ClaimNamed :many
UPDATE entities SET due_at = sqlc.arg(until)
WHERE id IN (SELECT e.id FROM entities e WHERE e.state = 'named' AND e.due_at <= sqlc.arg(now) ORDER BY e.due_at DESC, e.id LIMIT sqlc.arg(most))
    AND state = 'named' AND due_at <= sqlc.arg(now)
RETURNING id, type, attempts;

-- name: GiveUpEntity :exec
UPDATE entities SET due_at = $2 WHERE id = $1 AND state IN ('unnamed', 'named');

-- name: NameEntity :exec
UPDATE entities SET name = $2, ticker = $3, state = $4, attempts = 0, due_at = $5, updated_at = $5 WHERE id = $1;

-- name: PostponeEntity :exec
UPDATE entities SET state = $2, attempts = attempts + 1, due_at = $3, updated_at = $4 WHERE id = $1;

-- name: CountEntities :many
SELECT state, COUNT(*) AS n FROM entities GROUP BY state;
