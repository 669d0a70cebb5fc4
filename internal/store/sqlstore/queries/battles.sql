-- name: Battle :one
SELECT * FROM battles WHERE id = $1;

-- name: Revisions :many
SELECT * FROM battle_revisions WHERE battle_id = $1 ORDER BY revision;

-- name: PutRedirect :exec
INSERT INTO battle_redirects (from_id, to_id, at) VALUES ($1, $2, $3)
ON CONFLICT (from_id) DO UPDATE SET to_id = excluded.to_id, at = excluded.at;

-- name: FollowRedirects :exec
UPDATE battle_redirects SET to_id = $2 WHERE to_id = $1;

-- name: Redirect :one
SELECT to_id FROM battle_redirects WHERE from_id = $1;

-- name: BattleOfKillmail :one
SELECT battle_id FROM battle_killmails WHERE killmail_id = $1;

-- The bounds are those of the battle: they say which parts of the tables hold its kills.
-- name: BattleKills :many
SELECT bk.killmail_id, bk.occurred_at, bk.side, bk.link_rule, bk.link_with, bk.link_pilots, bk.link_together, bk.link_against,
    k.hash, k.system_id, k.victim_character_id, k.victim_corporation_id, k.victim_alliance_id, k.victim_faction_id,
    k.victim_ship_type_id, k.damage_taken, k.attacker_count, k.isk, k.isk_source, k.isk_priced_at, k.npc, k.stored_at,
    f.character_id AS final_character_id, f.corporation_id AS final_corporation_id, f.alliance_id AS final_alliance_id,
    f.faction_id AS final_faction_id, f.ship_type_id AS final_ship_type_id
FROM battle_killmails bk
JOIN killmails k ON k.killmail_id = bk.killmail_id AND k.occurred_at = bk.occurred_at
    AND k.occurred_at >= sqlc.arg(first) AND k.occurred_at <= sqlc.arg(last)
LEFT JOIN participants f ON f.killmail_id = bk.killmail_id AND f.occurred_at = bk.occurred_at AND f.position = k.final_position AND f.position > 0
    AND f.occurred_at >= sqlc.arg(first) AND f.occurred_at <= sqlc.arg(last)
WHERE bk.battle_id = sqlc.arg(battle_id)
ORDER BY bk.occurred_at, bk.killmail_id;

-- name: BattleParticipants :many
SELECT * FROM battle_participants WHERE battle_id = $1 ORDER BY position;

-- name: BattleParticipantHulls :many
SELECT * FROM battle_participant_hulls WHERE battle_id = $1 ORDER BY character_id, position;

-- name: CountBattles :many
SELECT kind, battles FROM battle_kinds WHERE battles > 0;

-- name: DropKinds :exec
DELETE FROM battle_kinds;

-- name: CountIntoKinds :exec
INSERT INTO battle_kinds (kind, battles) SELECT b.kind, COUNT(*) FROM battles b GROUP BY b.kind;

-- name: CountBattlesSince :one
SELECT COUNT(*) FROM battles WHERE started_at >= $1 AND kind IN ('battle', 'skirmish', 'camp', 'structure');

-- name: CountBattlesLive :one
SELECT COUNT(*) FROM battles WHERE ended_at >= $1 AND kind IN ('battle', 'skirmish', 'camp', 'structure');
