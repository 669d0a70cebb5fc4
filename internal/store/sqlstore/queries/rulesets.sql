-- name: ActiveRuleset :one
SELECT * FROM rulesets ORDER BY activation DESC LIMIT 1;

-- name: Ruleset :one
SELECT * FROM rulesets WHERE version = $1;

-- name: Rulesets :many
SELECT * FROM rulesets ORDER BY version DESC LIMIT $1;

-- name: PutRuleset :exec
INSERT INTO rulesets (version, body, note, created_by, created_at, activation) VALUES ($1, $2, $3, $4, $5, $6);

-- name: ActivateRuleset :execrows
UPDATE rulesets SET activation = $2 WHERE version = $1;

-- name: RejectedSince :many
SELECT * FROM rejected_killmails WHERE rejected_at >= $1 ORDER BY rejected_at, killmail_id;

-- name: PruneRejected :execrows
DELETE FROM rejected_killmails WHERE rejected_at < $1;

-- name: KillmailsStoredSince :many
SELECT killmail_id FROM killmails WHERE stored_at >= $1 ORDER BY stored_at, killmail_id;

-- name: CountIntake :exec
INSERT INTO intake_counts (hour, source, outcome, n) VALUES ($1, $2, $3, $4)
ON CONFLICT (hour, source, outcome) DO UPDATE SET n = intake_counts.n + excluded.n;

-- name: IntakeSince :many
SELECT source, outcome, CAST(SUM(n) AS BIGINT) AS n FROM intake_counts WHERE hour >= $1 GROUP BY source, outcome ORDER BY source, outcome;

-- name: PruneIntake :exec
DELETE FROM intake_counts WHERE hour < $1;

-- name: PutSession :exec
INSERT INTO login_sessions (token_hash, subject, created_at, expires_at) VALUES ($1, $2, $3, $4);

-- name: Session :one
SELECT subject, created_at, expires_at FROM login_sessions WHERE token_hash = $1;

-- name: DeleteSession :exec
DELETE FROM login_sessions WHERE token_hash = $1;

-- name: PruneSessions :exec
DELETE FROM login_sessions WHERE expires_at < $1;

-- name: DeadLetters :many
SELECT id, source, reference, reason, LENGTH(body) AS size, seen, created_at, updated_at FROM dead_letters
WHERE id > $1 ORDER BY id LIMIT $2;

-- name: DeadLetter :one
SELECT * FROM dead_letters WHERE id = $1;

-- name: DropDeadLetter :execrows
DELETE FROM dead_letters WHERE id = $1;
