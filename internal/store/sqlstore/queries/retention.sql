-- name: BattlesToPrune :many
SELECT b.id, b.kills FROM battles b
WHERE b.pruned_at = 0 AND b.ended_at < sqlc.arg(horizon)
    AND NOT EXISTS (
        SELECT 1 FROM battle_killmails bk JOIN unclustered u ON u.occurred_at = bk.occurred_at AND u.killmail_id = bk.killmail_id
        WHERE bk.battle_id = b.id)
ORDER BY b.ended_at, b.id LIMIT $1;

-- name: PruneBattle :exec
UPDATE battles SET pruned_at = sqlc.arg(now), revision = revision + 1, updated_at = sqlc.arg(now) WHERE id = $1 AND pruned_at = 0;

-- name: LooseKillmails :many
SELECT k.killmail_id FROM killmails k
WHERE k.occurred_at < sqlc.arg(horizon)
    AND NOT EXISTS (SELECT 1 FROM battle_killmails bk WHERE bk.killmail_id = k.killmail_id)
    AND NOT EXISTS (SELECT 1 FROM unclustered u WHERE u.occurred_at = k.occurred_at AND u.killmail_id = k.killmail_id)
ORDER BY k.occurred_at, k.killmail_id LIMIT $1;

-- name: BattlesWithPilotsToPrune :many
SELECT id FROM battles WHERE pruned_at > 0 AND pilots_pruned_at = 0 ORDER BY id LIMIT $1;

-- name: PrunePilots :exec
UPDATE battles SET pilots_pruned_at = sqlc.arg(now), revision = revision + 1, updated_at = sqlc.arg(now)
WHERE id = $1 AND pruned_at > 0 AND pilots_pruned_at = 0;

-- name: NoteRevision :exec
INSERT INTO battle_revisions (battle_id, revision, at, reason, added, removed, kills)
SELECT id, revision, sqlc.arg(at), sqlc.arg(reason), 0, 0, kills FROM battles WHERE id = $1;

-- name: CountBattlePilots :one
SELECT COUNT(*) FROM battle_participants WHERE battle_id = $1;

-- name: PlanPruneBattles :one
SELECT COUNT(*) AS battles, CAST(COALESCE(SUM(b.kills), 0) AS BIGINT) AS killmails FROM battles b
WHERE b.pruned_at = 0 AND b.ended_at < sqlc.arg(horizon)
    AND NOT EXISTS (
        SELECT 1 FROM battle_killmails bk JOIN unclustered u ON u.occurred_at = bk.occurred_at AND u.killmail_id = bk.killmail_id
        WHERE bk.battle_id = b.id);

-- name: PlanPruneBattleParticipants :one
SELECT CAST(COALESCE(SUM(k.attacker_count + 1), 0) AS BIGINT) FROM battles b
JOIN battle_killmails bk ON bk.battle_id = b.id
JOIN killmails k ON k.killmail_id = bk.killmail_id AND k.occurred_at = bk.occurred_at
WHERE b.pruned_at = 0 AND b.ended_at < sqlc.arg(horizon)
    AND NOT EXISTS (
        SELECT 1 FROM battle_killmails w JOIN unclustered u ON u.occurred_at = w.occurred_at AND u.killmail_id = w.killmail_id
        WHERE w.battle_id = b.id);

-- name: PlanPruneLoose :one
SELECT COUNT(*) AS killmails, CAST(COALESCE(SUM(k.attacker_count + 1), 0) AS BIGINT) AS participants FROM killmails k
WHERE k.occurred_at < sqlc.arg(horizon)
    AND NOT EXISTS (SELECT 1 FROM battle_killmails bk WHERE bk.killmail_id = k.killmail_id)
    AND NOT EXISTS (SELECT 1 FROM unclustered u WHERE u.occurred_at = k.occurred_at AND u.killmail_id = k.killmail_id);

-- name: PlanPrunePilots :one
SELECT COUNT(*) AS battles, CAST(COALESCE(SUM(b.pilots), 0) AS BIGINT) AS pilots FROM battles b
WHERE b.pilots_pruned_at = 0 AND (b.pruned_at > 0 OR b.ended_at < sqlc.arg(horizon)
    AND NOT EXISTS (
        SELECT 1 FROM battle_killmails bk JOIN unclustered u ON u.occurred_at = bk.occurred_at AND u.killmail_id = bk.killmail_id
        WHERE bk.battle_id = b.id));

-- name: InterruptRetention :exec
UPDATE retention_runs SET finished_at = sqlc.arg(now), problem = 'interrupted' WHERE finished_at = 0;

-- name: BeginRetention :exec
INSERT INTO retention_runs (id, horizon, keep_pilots, started_at, finished_at, battles, killmails, participants, pilot_lists, pilot_rows, problem)
VALUES ($1, $2, $3, $4, 0, 0, 0, 0, 0, 0, '');

-- name: AddRetention :execrows
UPDATE retention_runs SET battles = battles + $2, killmails = killmails + $3, participants = participants + $4,
    pilot_lists = pilot_lists + $5, pilot_rows = pilot_rows + $6 WHERE id = $1 AND finished_at = 0;

-- name: EndRetention :exec
UPDATE retention_runs SET finished_at = $2, problem = $3 WHERE id = $1;

-- name: RetentionRuns :many
SELECT * FROM retention_runs ORDER BY id DESC LIMIT $1;
