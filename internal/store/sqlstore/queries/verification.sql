-- name: StepKillmailTimes :one
SELECT occurred_at FROM killmails WHERE occurred_at >= sqlc.arg(low) AND occurred_at < sqlc.arg(high)
ORDER BY occurred_at LIMIT 1 OFFSET sqlc.arg(further);

-- name: StepBattleStarts :one
SELECT started_at FROM battles WHERE started_at >= sqlc.arg(low) AND started_at < sqlc.arg(high)
ORDER BY started_at LIMIT 1 OFFSET sqlc.arg(further);

-- name: StepParticipants :one
SELECT killmail_id FROM participants WHERE killmail_id >= sqlc.arg(low) AND killmail_id < sqlc.arg(high)
ORDER BY killmail_id LIMIT 1 OFFSET sqlc.arg(further);

-- name: KillmailIDRange :one
SELECT CAST(COALESCE(MIN(killmail_id), 0) AS BIGINT) AS low, CAST(COALESCE(MAX(killmail_id), 0) AS BIGINT) AS high
FROM killmails WHERE occurred_at >= sqlc.arg(since) AND occurred_at < sqlc.arg(until);

-- name: BattleIDRange :one
SELECT CAST(COALESCE(MIN(id), 0) AS BIGINT) AS low, CAST(COALESCE(MAX(id), 0) AS BIGINT) AS high
FROM battles WHERE started_at >= sqlc.arg(since) AND started_at < sqlc.arg(until);

-- name: BattleRowRange :one
SELECT CAST(COALESCE(MIN(low), 0) AS BIGINT) AS low, CAST(COALESCE(MAX(high), 0) AS BIGINT) AS high FROM (
    SELECT MIN(battle_id) AS low, MAX(battle_id) AS high FROM battle_systems
    UNION ALL SELECT MIN(battle_id), MAX(battle_id) FROM battle_killmails
    UNION ALL SELECT MIN(battle_id), MAX(battle_id) FROM battle_sides
    UNION ALL SELECT MIN(battle_id), MAX(battle_id) FROM battle_members
    UNION ALL SELECT MIN(battle_id), MAX(battle_id) FROM battle_participants
    UNION ALL SELECT MIN(battle_id), MAX(battle_id) FROM battle_participant_hulls
    UNION ALL SELECT MIN(battle_id), MAX(battle_id) FROM battle_hulls
    UNION ALL SELECT MIN(battle_id), MAX(battle_id) FROM battle_revisions
) AS ranges;


-- name: ExamineKillmailTimes :many
SELECT k.killmail_id FROM killmails k WHERE k.occurred_at < sqlc.arg(launch)
UNION ALL SELECT l.killmail_id FROM killmails l WHERE l.occurred_at > sqlc.arg(future);

-- name: ExamineKillmailTwice :many
SELECT k.killmail_id FROM killmails k
WHERE k.killmail_id >= sqlc.arg(low) AND k.killmail_id < sqlc.arg(high)
GROUP BY k.killmail_id HAVING COUNT(*) > 1;

-- name: ExamineParticipantCount :many
SELECT k.killmail_id FROM killmails k
LEFT JOIN participants p ON p.killmail_id = k.killmail_id AND p.occurred_at = k.occurred_at
WHERE k.occurred_at >= sqlc.arg(low) AND k.occurred_at < sqlc.arg(high)
GROUP BY k.killmail_id, k.occurred_at, k.attacker_count
HAVING COUNT(p.position) <> k.attacker_count + 1;

-- name: ExamineParticipantPositions :many
SELECT k.killmail_id FROM killmails k
JOIN participants p ON p.killmail_id = k.killmail_id AND p.occurred_at = k.occurred_at
WHERE k.occurred_at >= sqlc.arg(low) AND k.occurred_at < sqlc.arg(high)
GROUP BY k.killmail_id, k.occurred_at, k.attacker_count
HAVING COUNT(*) = k.attacker_count + 1
    AND (MIN(p.position) <> 0 OR MAX(p.position) <> k.attacker_count OR COUNT(DISTINCT p.position) <> COUNT(*));

-- name: ExamineParticipantOrphans :many
SELECT DISTINCT p.killmail_id FROM participants p
WHERE p.killmail_id >= sqlc.arg(low) AND p.killmail_id < sqlc.arg(high)
    AND NOT EXISTS (SELECT 1 FROM killmails k WHERE k.killmail_id = p.killmail_id AND k.occurred_at = p.occurred_at);

-- name: ExamineWorkOrphans :many
SELECT u.killmail_id FROM unclustered u
WHERE NOT EXISTS (SELECT 1 FROM killmails k WHERE k.killmail_id = u.killmail_id AND k.occurred_at = u.occurred_at);

-- name: MissingEntities :many
SELECT p.character_id AS id, CAST('character' AS TEXT) AS type FROM participants p
WHERE p.killmail_id >= sqlc.arg(low) AND p.killmail_id < sqlc.arg(high) AND p.character_id >= 4000000
    AND NOT EXISTS (SELECT 1 FROM entities e WHERE e.id = p.character_id)
UNION
SELECT p.corporation_id, CAST('corporation' AS TEXT) FROM participants p
WHERE p.killmail_id >= sqlc.arg(low) AND p.killmail_id < sqlc.arg(high) AND p.corporation_id >= 2000000
    AND NOT EXISTS (SELECT 1 FROM entities e WHERE e.id = p.corporation_id)
UNION
SELECT p.alliance_id, CAST('alliance' AS TEXT) FROM participants p
WHERE p.killmail_id >= sqlc.arg(low) AND p.killmail_id < sqlc.arg(high) AND p.alliance_id > 0
    AND NOT EXISTS (SELECT 1 FROM entities e WHERE e.id = p.alliance_id);

-- name: ExamineEntityUnresolved :many
SELECT e.id FROM entities e WHERE e.state = 'unnamed' AND e.seen_at < sqlc.arg(seen_before)
UNION ALL SELECT f.id FROM entities f WHERE f.state = 'named' AND f.seen_at < sqlc.arg(seen_before);


-- name: ExamineBattleEmpty :many
SELECT b.id FROM battles b
WHERE b.started_at >= sqlc.arg(low) AND b.started_at < sqlc.arg(high)
    AND NOT EXISTS (SELECT 1 FROM battle_killmails bk WHERE bk.battle_id = b.id);

-- name: ExamineBattleSides :many
SELECT b.id FROM battles b
WHERE b.started_at >= sqlc.arg(low) AND b.started_at < sqlc.arg(high)
    AND EXISTS (SELECT 1 FROM battle_killmails bk WHERE bk.battle_id = b.id)
    AND (NOT EXISTS (SELECT 1 FROM battle_sides s WHERE s.battle_id = b.id)
        OR NOT EXISTS (SELECT 1 FROM battle_systems y WHERE y.battle_id = b.id));

-- name: ExamineBattlePilots :many
SELECT b.id FROM battles b
WHERE b.started_at >= sqlc.arg(low) AND b.started_at < sqlc.arg(high) AND b.pilots > 0 AND b.pilots_pruned_at = 0
    AND EXISTS (SELECT 1 FROM battle_killmails bk WHERE bk.battle_id = b.id)
    AND NOT EXISTS (SELECT 1 FROM battle_participants p WHERE p.battle_id = b.id);

-- name: ExamineBattleGone :many
SELECT DISTINCT b.id FROM battles b
JOIN battle_killmails bk ON bk.battle_id = b.id
WHERE b.started_at >= sqlc.arg(low) AND b.started_at < sqlc.arg(high) AND b.pruned_at = 0
    AND NOT EXISTS (SELECT 1 FROM killmails k WHERE k.killmail_id = bk.killmail_id AND k.occurred_at = bk.occurred_at)
    AND NOT EXISTS (SELECT 1 FROM killmails k WHERE k.killmail_id = bk.killmail_id);

-- name: ExamineBattleTimes :many
SELECT b.id FROM battles b
JOIN battle_killmails bk ON bk.battle_id = b.id
WHERE b.started_at >= sqlc.arg(low) AND b.started_at < sqlc.arg(high)
GROUP BY b.id, b.started_at, b.ended_at, b.duration
HAVING MIN(bk.occurred_at) <> b.started_at OR MAX(bk.occurred_at) <> b.ended_at OR b.duration <> b.ended_at - b.started_at
UNION
SELECT b.id FROM battles b
JOIN battle_killmails bk ON bk.battle_id = b.id
WHERE b.started_at >= sqlc.arg(low) AND b.started_at < sqlc.arg(high) AND b.pruned_at = 0
    AND NOT EXISTS (SELECT 1 FROM killmails k WHERE k.killmail_id = bk.killmail_id AND k.occurred_at = bk.occurred_at)
    AND EXISTS (SELECT 1 FROM killmails k WHERE k.killmail_id = bk.killmail_id);

-- What the killmails are worth is compared only where all of them are there.
-- name: ExamineBattleTotals :many
SELECT b.id FROM battles b
JOIN battle_killmails bk ON bk.battle_id = b.id
LEFT JOIN killmails k ON k.killmail_id = bk.killmail_id AND k.occurred_at = bk.occurred_at
WHERE b.started_at >= sqlc.arg(low) AND b.started_at < sqlc.arg(high)
GROUP BY b.id, b.kills, b.isk_destroyed, b.isk_estimated, b.unknown_values
HAVING COUNT(*) <> b.kills
    OR COUNT(*) = COUNT(k.killmail_id) AND (
        COALESCE(SUM(k.isk), 0) <> b.isk_destroyed
        OR COALESCE(SUM(CASE WHEN k.isk_source IN ('market', 'base') THEN k.isk ELSE 0 END), 0) <> b.isk_estimated
        OR COUNT(*) - COUNT(k.isk) <> b.unknown_values)
UNION
SELECT b.id FROM battles b
JOIN battle_participants p ON p.battle_id = b.id
WHERE b.started_at >= sqlc.arg(low) AND b.started_at < sqlc.arg(high) AND b.pilots_pruned_at = 0
GROUP BY b.id, b.pilots
HAVING COUNT(*) <> b.pilots
UNION
SELECT b.id FROM battles b
JOIN battle_sides s ON s.battle_id = b.id
WHERE b.started_at >= sqlc.arg(low) AND b.started_at < sqlc.arg(high)
GROUP BY b.id, b.ships_lost, b.capsules_lost, b.structures_lost
HAVING SUM(s.ships_lost) <> b.ships_lost OR SUM(s.capsules_lost) <> b.capsules_lost OR SUM(s.structures_lost) <> b.structures_lost;

-- name: ExamineBattleReferences :many
SELECT b.id FROM battles b
JOIN battle_killmails t ON t.battle_id = b.id
WHERE b.started_at >= sqlc.arg(low) AND b.started_at < sqlc.arg(high)
    AND EXISTS (SELECT 1 FROM battle_sides s WHERE s.battle_id = b.id)
    AND NOT EXISTS (SELECT 1 FROM battle_sides s WHERE s.battle_id = b.id AND s.side = t.side)
UNION
SELECT b.id FROM battles b
JOIN battle_members t ON t.battle_id = b.id
WHERE b.started_at >= sqlc.arg(low) AND b.started_at < sqlc.arg(high)
    AND EXISTS (SELECT 1 FROM battle_sides s WHERE s.battle_id = b.id)
    AND NOT EXISTS (SELECT 1 FROM battle_sides s WHERE s.battle_id = b.id AND s.side = t.side)
UNION
SELECT b.id FROM battles b
JOIN battle_participants t ON t.battle_id = b.id
WHERE b.started_at >= sqlc.arg(low) AND b.started_at < sqlc.arg(high)
    AND EXISTS (SELECT 1 FROM battle_sides s WHERE s.battle_id = b.id)
    AND NOT EXISTS (SELECT 1 FROM battle_sides s WHERE s.battle_id = b.id AND s.side = t.side)
UNION
SELECT b.id FROM battles b
JOIN battle_hulls t ON t.battle_id = b.id
WHERE b.started_at >= sqlc.arg(low) AND b.started_at < sqlc.arg(high)
    AND EXISTS (SELECT 1 FROM battle_sides s WHERE s.battle_id = b.id)
    AND NOT EXISTS (SELECT 1 FROM battle_sides s WHERE s.battle_id = b.id AND s.side = t.side)
UNION
SELECT b.id FROM battles b
JOIN battle_participant_hulls t ON t.battle_id = b.id
WHERE b.started_at >= sqlc.arg(low) AND b.started_at < sqlc.arg(high)
    AND EXISTS (SELECT 1 FROM battle_participants p WHERE p.battle_id = b.id)
    AND NOT EXISTS (SELECT 1 FROM battle_participants p WHERE p.battle_id = b.id AND p.character_id = t.character_id);

-- name: ExamineBattleRevision :many
SELECT b.id FROM battles b
WHERE b.started_at >= sqlc.arg(low) AND b.started_at < sqlc.arg(high)
    AND NOT EXISTS (SELECT 1 FROM battle_revisions r WHERE r.battle_id = b.id AND r.revision = b.revision);

-- name: ExamineTwoBattles :many
SELECT DISTINCT t.killmail_id FROM battles b
JOIN battle_killmails t ON t.battle_id = b.id
JOIN battle_killmails o ON o.killmail_id = t.killmail_id AND o.battle_id <> t.battle_id
WHERE b.started_at >= sqlc.arg(low) AND b.started_at < sqlc.arg(high);

-- Revisions of a battle that was merged or dissolved stay; a redirect stands for it.
-- name: ExamineBattleOrphans :many
SELECT t.battle_id FROM battle_systems t WHERE t.battle_id >= sqlc.arg(low) AND t.battle_id < sqlc.arg(high)
    AND NOT EXISTS (SELECT 1 FROM battles b WHERE b.id = t.battle_id)
UNION
SELECT t.battle_id FROM battle_killmails t WHERE t.battle_id >= sqlc.arg(low) AND t.battle_id < sqlc.arg(high)
    AND NOT EXISTS (SELECT 1 FROM battles b WHERE b.id = t.battle_id)
UNION
SELECT t.battle_id FROM battle_sides t WHERE t.battle_id >= sqlc.arg(low) AND t.battle_id < sqlc.arg(high)
    AND NOT EXISTS (SELECT 1 FROM battles b WHERE b.id = t.battle_id)
UNION
SELECT t.battle_id FROM battle_members t WHERE t.battle_id >= sqlc.arg(low) AND t.battle_id < sqlc.arg(high)
    AND NOT EXISTS (SELECT 1 FROM battles b WHERE b.id = t.battle_id)
UNION
SELECT t.battle_id FROM battle_participants t WHERE t.battle_id >= sqlc.arg(low) AND t.battle_id < sqlc.arg(high)
    AND NOT EXISTS (SELECT 1 FROM battles b WHERE b.id = t.battle_id)
UNION
SELECT t.battle_id FROM battle_participant_hulls t WHERE t.battle_id >= sqlc.arg(low) AND t.battle_id < sqlc.arg(high)
    AND NOT EXISTS (SELECT 1 FROM battles b WHERE b.id = t.battle_id)
UNION
SELECT t.battle_id FROM battle_hulls t WHERE t.battle_id >= sqlc.arg(low) AND t.battle_id < sqlc.arg(high)
    AND NOT EXISTS (SELECT 1 FROM battles b WHERE b.id = t.battle_id)
UNION
SELECT t.battle_id FROM battle_revisions t WHERE t.battle_id >= sqlc.arg(low) AND t.battle_id < sqlc.arg(high)
    AND NOT EXISTS (SELECT 1 FROM battles b WHERE b.id = t.battle_id)
    AND NOT EXISTS (SELECT 1 FROM battle_redirects r WHERE r.from_id = t.battle_id);

-- name: ExamineRedirects :many
SELECT r.from_id FROM battle_redirects r
WHERE r.to_id <> 0 AND NOT EXISTS (SELECT 1 FROM battles b WHERE b.id = r.to_id);


-- name: ExamineHours :many
SELECT sums.hour FROM (
    SELECT h.hour AS hour, h.killmails AS killmails, h.isk AS isk FROM killmail_hours h
    WHERE h.hour >= sqlc.arg(low) AND h.hour < sqlc.arg(high)
    UNION ALL
    SELECT k.occurred_at / 3600000 * 3600000, -COUNT(*), -CAST(COALESCE(SUM(k.isk), 0) AS BIGINT) FROM killmails k
    WHERE k.occurred_at >= sqlc.arg(low) AND k.occurred_at < sqlc.arg(high) GROUP BY 1
) AS sums GROUP BY sums.hour HAVING SUM(sums.killmails) <> 0 OR SUM(sums.isk) <> 0;

-- name: ExamineKinds :one
SELECT COUNT(*) FROM (
    SELECT sums.kind FROM (
        SELECT t.kind AS kind, t.battles AS battles FROM battle_kinds t
        UNION ALL SELECT b.kind, -COUNT(*) FROM battles b GROUP BY b.kind
    ) AS sums GROUP BY sums.kind HAVING SUM(sums.battles) <> 0
) AS wrong;

-- A battle without digest is written anew whatever the engine says of it.
-- name: ForgetDigest :exec
UPDATE battles SET digest = '' WHERE id = $1 AND pruned_at = 0;

-- name: QueueBattle :execrows
INSERT INTO unclustered (killmail_id, occurred_at)
SELECT k.killmail_id, k.occurred_at FROM battle_killmails bk JOIN killmails k ON k.killmail_id = bk.killmail_id
WHERE bk.battle_id = $1
ON CONFLICT (occurred_at, killmail_id) DO UPDATE SET killmail_id = excluded.killmail_id; -- counted, too

-- name: QueueKillmail :execrows
INSERT INTO unclustered (killmail_id, occurred_at)
SELECT k.killmail_id, k.occurred_at FROM killmails k WHERE k.killmail_id = $1
ON CONFLICT (occurred_at, killmail_id) DO UPDATE SET killmail_id = excluded.killmail_id;

-- name: SystemsOfBattle :many
SELECT system_id FROM battle_systems WHERE battle_id = $1;

-- name: QueuePlace :execrows
INSERT INTO unclustered (killmail_id, occurred_at)
SELECT k.killmail_id, k.occurred_at FROM killmails k
WHERE k.system_id = $1 AND k.occurred_at >= sqlc.arg(since) AND k.occurred_at <= sqlc.arg(until) ON CONFLICT DO NOTHING;

-- name: BattlesHolding :many
SELECT DISTINCT battle_id FROM battle_killmails WHERE killmail_id = $1;

-- name: LeaveBattles :execrows
DELETE FROM battle_killmails WHERE killmail_id = $1;

-- name: CountBattleKillmails :one
SELECT COUNT(*) FROM battle_killmails WHERE battle_id = $1;

-- name: DropParticipantOrphans :execrows
DELETE FROM participants WHERE participants.killmail_id = $1
    AND NOT EXISTS (SELECT 1 FROM killmails k WHERE k.killmail_id = participants.killmail_id AND k.occurred_at = participants.occurred_at);

-- name: DropWorkOrphans :execrows
DELETE FROM unclustered WHERE unclustered.killmail_id = $1
    AND NOT EXISTS (SELECT 1 FROM killmails k WHERE k.killmail_id = unclustered.killmail_id AND k.occurred_at = unclustered.occurred_at);

-- name: BattleExists :one
SELECT COUNT(*) FROM battles WHERE id = $1;

-- name: DropRevisionOrphans :exec
DELETE FROM battle_revisions WHERE battle_id = $1
    AND NOT EXISTS (SELECT 1 FROM battle_redirects r WHERE r.from_id = battle_revisions.battle_id);

-- name: EndRedirect :execrows
UPDATE battle_redirects SET to_id = 0 WHERE from_id = $1
    AND NOT EXISTS (SELECT 1 FROM battles b WHERE b.id = battle_redirects.to_id);

-- name: AskEntityNow :execrows
UPDATE entities SET due_at = sqlc.arg(now), attempts = 0, updated_at = sqlc.arg(now)
WHERE id = $1 AND state IN ('unnamed', 'named');


-- name: CountKillmailsBetween :one
SELECT COUNT(*) AS n, CAST(COALESCE(MIN(occurred_at), 0) AS BIGINT) AS first FROM killmails
WHERE occurred_at >= sqlc.arg(since) AND occurred_at < sqlc.arg(until);

-- name: CountBattlesBetween :one
SELECT COUNT(*) FROM battles WHERE started_at >= sqlc.arg(since) AND started_at < sqlc.arg(until);

-- name: FirstStored :one
SELECT CAST(COALESCE(MIN(stored_at), 0) AS BIGINT) FROM killmails;

-- name: HoursBetween :many
SELECT hour, killmails FROM killmail_hours WHERE hour >= sqlc.arg(since) AND hour < sqlc.arg(until) AND killmails > 0 ORDER BY hour;

-- name: KillmailAt :one
SELECT killmail_id FROM killmails WHERE occurred_at >= sqlc.arg(since) AND occurred_at < sqlc.arg(until)
ORDER BY occurred_at, killmail_id LIMIT 1 OFFSET sqlc.arg(further);

-- name: CountRejectedBetween :one
SELECT COUNT(*) FROM rejected_killmails WHERE occurred_at >= sqlc.arg(since) AND occurred_at < sqlc.arg(until);

-- name: GoneKillmails :many
SELECT bk.occurred_at FROM battle_killmails bk
WHERE bk.battle_id = $1 AND NOT EXISTS (SELECT 1 FROM killmails k WHERE k.killmail_id = bk.killmail_id);


-- name: VerifiedDay :one
SELECT * FROM verify_days WHERE day = $1;

-- name: PutVerifiedDay :exec
INSERT INTO verify_days (day, total, stored, rejected, scheduled, checked_at) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (day) DO UPDATE SET total = excluded.total, stored = excluded.stored, rejected = excluded.rejected,
    scheduled = excluded.scheduled, checked_at = excluded.checked_at;

-- name: PutVerifyRun :exec
INSERT INTO verify_runs (id, started_at, finished_at, since, until, repair, killmails, battles, neighbourhoods, days, not_checked, found, still_open)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13);

-- name: PutFinding :exec
INSERT INTO verify_findings (run_id, position, name, severity, state, subject, n, n_left, samples, detail, repair)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11);

-- name: DropVerifyRuns :exec
DELETE FROM verify_runs WHERE id <= $1;

-- name: DropFindings :exec
DELETE FROM verify_findings WHERE run_id <= $1;

-- name: VerifyRuns :many
SELECT * FROM verify_runs ORDER BY id DESC LIMIT $1;

-- name: Findings :many
SELECT * FROM verify_findings WHERE run_id = $1 ORDER BY position;
