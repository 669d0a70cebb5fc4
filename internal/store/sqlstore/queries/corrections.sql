-- name: LayerVersion :one
SELECT value FROM counters WHERE name = 'correction_layer';

-- name: LayerRules :many
SELECT e.verb, e.killmail_id, e.entity_type, e.entity_id, e.with_type, e.with_id
FROM corrections c JOIN correction_entries e ON e.correction_id = c.id
WHERE c.taken_back_at = 0 AND e.rule
ORDER BY e.correction_id, e.position;

-- name: PutCorrection :exec
INSERT INTO corrections (id, battle_id, merged_id, note, author, created_at, taken_back_at, taken_back_by)
VALUES ($1, $2, $3, $4, $5, $6, 0, '');

-- name: TakeBackCorrection :execrows
UPDATE corrections SET taken_back_at = $2, taken_back_by = $3 WHERE id = $1 AND taken_back_at = 0;

-- name: Correction :one
SELECT * FROM corrections WHERE id = $1;

-- name: CorrectionEntries :many
SELECT * FROM correction_entries WHERE correction_id = $1 ORDER BY rule, position;

-- What was decided about a battle, about one that went into it, or about a killmail that
-- is in it now.
-- name: CorrectionsOfBattle :many
SELECT c.id, c.taken_back_at FROM corrections c WHERE c.battle_id = $1
UNION
SELECT c.id, c.taken_back_at FROM battle_redirects r JOIN corrections c ON c.battle_id = r.from_id WHERE r.to_id = $1
UNION
SELECT c.id, c.taken_back_at FROM battle_killmails bk
JOIN correction_killmails n ON n.killmail_id = bk.killmail_id
JOIN corrections c ON c.id = n.correction_id
WHERE bk.battle_id = $1
ORDER BY 1 DESC;

-- The killmails of a correction, and all others of the battles they are in and were in.
-- name: QueueCorrection :execrows
INSERT INTO unclustered (killmail_id, occurred_at, corrected)
SELECT k.killmail_id, k.occurred_at, TRUE FROM (
    SELECT n.killmail_id, n.occurred_at FROM correction_killmails n WHERE n.correction_id = $1
    UNION
    SELECT o.killmail_id, o.occurred_at FROM battle_killmails o WHERE o.battle_id IN (
        SELECT n.battle_id FROM correction_killmails n WHERE n.correction_id = $1
        UNION
        SELECT bk.battle_id FROM correction_killmails n JOIN battle_killmails bk ON bk.killmail_id = n.killmail_id
        WHERE n.correction_id = $1)
) AS concerned
JOIN killmails k ON k.killmail_id = concerned.killmail_id AND k.occurred_at = concerned.occurred_at
ORDER BY k.occurred_at, k.killmail_id
ON CONFLICT (occurred_at, killmail_id) DO UPDATE SET corrected = TRUE;

-- name: CorrectedWork :many
SELECT killmail_id FROM unclustered WHERE corrected ORDER BY killmail_id;

-- Battles that are gone, and in which a corrected killmail was when it was corrected.
-- name: FormerBattles :many
SELECT n.killmail_id, n.battle_id FROM unclustered u
JOIN correction_killmails n ON n.killmail_id = u.killmail_id
JOIN battle_redirects r ON r.from_id = n.battle_id
WHERE u.corrected
ORDER BY n.killmail_id, n.correction_id;

-- name: LastRevision :one
SELECT CAST(COALESCE(MAX(revision), 0) AS BIGINT) FROM battle_revisions WHERE battle_id = $1;

-- name: DropRedirect :exec
DELETE FROM battle_redirects WHERE from_id = $1;
