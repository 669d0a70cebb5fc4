-- name: PutEnrichment :exec
INSERT INTO enrichments (killmail_id, hash, state, source, live, body, has_zkb, reason, attempts, revision, due_at, created_at, updated_at)
VALUES (sqlc.arg(killmail_id), sqlc.arg(hash), 'pending', sqlc.arg(source), sqlc.arg(live), sqlc.arg(body), sqlc.arg(has_zkb), sqlc.arg(reason), 0, 1,
    sqlc.arg(due_at), sqlc.arg(now), sqlc.arg(now))
ON CONFLICT (killmail_id) DO UPDATE SET hash = excluded.hash, state = 'pending', source = excluded.source, live = excluded.live,
    body = excluded.body, has_zkb = excluded.has_zkb, reason = excluded.reason, attempts = 0, revision = enrichments.revision + 1,
    due_at = excluded.due_at, updated_at = excluded.updated_at
WHERE (excluded.has_zkb OR NOT enrichments.has_zkb)
    AND (enrichments.state = 'failed' OR enrichments.hash <> excluded.hash OR enrichments.body <> excluded.body);

-- name: Enrichment :one
SELECT * FROM enrichments WHERE killmail_id = $1;

-- name: BeginEnrichment :one
UPDATE enrichments SET state = 'processing', due_at = sqlc.arg(until), updated_at = sqlc.arg(now)
WHERE killmail_id = sqlc.arg(killmail_id) AND state <> 'succeeded'
RETURNING *;

-- name: EnrichmentsDue :one
SELECT COUNT(*) FROM (
    SELECT killmail_id FROM enrichments WHERE state IN ('pending', 'processing') AND due_at <= $1 LIMIT 1
) AS due;

-- name: ClaimEnrichments :many
UPDATE enrichments SET state = 'processing', due_at = sqlc.arg(until), updated_at = sqlc.arg(now)
WHERE killmail_id IN (
    SELECT e.killmail_id FROM enrichments e
    WHERE e.state IN ('pending', 'processing') AND e.due_at <= sqlc.arg(now) ORDER BY e.due_at, e.killmail_id LIMIT sqlc.arg(most)
) AND state IN ('pending', 'processing') AND due_at <= sqlc.arg(now)
RETURNING *;

-- name: EndEnrichment :exec
UPDATE enrichments SET state = sqlc.arg(state), reason = sqlc.arg(reason), attempts = sqlc.arg(attempts), due_at = sqlc.arg(due_at), updated_at = sqlc.arg(now)
WHERE killmail_id = sqlc.arg(killmail_id) AND revision = sqlc.arg(revision) AND state <> 'succeeded';

-- name: CountEnrichments :many
SELECT state, COUNT(*) AS n, CAST(MIN(updated_at) AS BIGINT) AS oldest FROM enrichments GROUP BY state;

-- name: PruneEnrichments :execrows
DELETE FROM enrichments WHERE state = 'succeeded' AND updated_at < $1;
