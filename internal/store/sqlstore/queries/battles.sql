-- name: Battle :one
SELECT * FROM battles WHERE id = $1;

-- name: PutBattle :exec
INSERT INTO battles (id, kind, kind_rule, profile, params_version, system_id, constellation_id, region_id, space,
    started_at, ended_at, duration, kills, ships_lost, capsules_lost, structures_lost, pilots,
    isk_destroyed, isk_estimated, unknown_values, digest, revision, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $23)
ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, kind_rule = excluded.kind_rule, profile = excluded.profile,
    params_version = excluded.params_version, system_id = excluded.system_id,
    constellation_id = excluded.constellation_id, region_id = excluded.region_id, space = excluded.space,
    started_at = excluded.started_at, ended_at = excluded.ended_at, duration = excluded.duration,
    kills = excluded.kills, ships_lost = excluded.ships_lost, capsules_lost = excluded.capsules_lost,
    structures_lost = excluded.structures_lost, pilots = excluded.pilots, isk_destroyed = excluded.isk_destroyed,
    isk_estimated = excluded.isk_estimated, unknown_values = excluded.unknown_values, digest = excluded.digest,
    revision = excluded.revision, updated_at = excluded.updated_at;

-- name: BattleState :one
SELECT revision, digest, profile, params_version, ended_at FROM battles WHERE id = $1;

-- name: DeleteBattle :exec
DELETE FROM battles WHERE id = $1;

-- name: DeleteBattleSystems :exec
DELETE FROM battle_systems WHERE battle_id = $1;

-- name: DeleteBattleKillmails :exec
DELETE FROM battle_killmails WHERE battle_id = $1;

-- name: DeleteBattleSides :exec
DELETE FROM battle_sides WHERE battle_id = $1;

-- name: DeleteBattleMembers :exec
DELETE FROM battle_members WHERE battle_id = $1;

-- name: DeleteBattleParticipants :exec
DELETE FROM battle_participants WHERE battle_id = $1;

-- name: DeleteBattleParticipantHulls :exec
DELETE FROM battle_participant_hulls WHERE battle_id = $1;

-- name: DeleteBattleHulls :exec
DELETE FROM battle_hulls WHERE battle_id = $1;

-- name: PutRevision :exec
INSERT INTO battle_revisions (battle_id, revision, at, reason, added, removed, kills) VALUES ($1, $2, $3, $4, $5, $6, $7);

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

-- name: KillmailsOfBattle :many
SELECT killmail_id FROM battle_killmails WHERE battle_id = $1 ORDER BY occurred_at, killmail_id;

-- name: BattleKills :many
SELECT bk.killmail_id, bk.occurred_at, bk.side, bk.link_rule, bk.link_with, bk.link_pilots, bk.link_together, bk.link_against,
    k.hash, k.system_id, k.victim_character_id, k.victim_corporation_id, k.victim_alliance_id, k.victim_faction_id,
    k.victim_ship_type_id, k.damage_taken, k.attacker_count, k.isk, k.isk_source, k.isk_priced_at, k.npc, k.stored_at,
    f.character_id AS final_character_id, f.corporation_id AS final_corporation_id, f.alliance_id AS final_alliance_id,
    f.faction_id AS final_faction_id, f.ship_type_id AS final_ship_type_id
FROM battle_killmails bk
JOIN killmails k ON k.killmail_id = bk.killmail_id AND k.occurred_at = bk.occurred_at
LEFT JOIN participants f ON f.killmail_id = bk.killmail_id AND f.occurred_at = bk.occurred_at AND f.position = k.final_position AND f.position > 0
WHERE bk.battle_id = $1
ORDER BY bk.occurred_at, bk.killmail_id;

-- name: BattleSides :many
SELECT * FROM battle_sides WHERE battle_id = $1 ORDER BY position;

-- name: BattleMembers :many
SELECT * FROM battle_members WHERE battle_id = $1 ORDER BY side, position;

-- name: BattleSystems :many
SELECT system_id FROM battle_systems WHERE battle_id = $1 ORDER BY position;

-- name: BattleParticipants :many
SELECT * FROM battle_participants WHERE battle_id = $1 ORDER BY position;

-- name: BattleParticipantHulls :many
SELECT * FROM battle_participant_hulls WHERE battle_id = $1 ORDER BY character_id, position;

-- name: BattleHulls :many
SELECT * FROM battle_hulls WHERE battle_id = $1 ORDER BY position;

-- name: CountBattles :many
SELECT kind, COUNT(*) AS battles FROM battles GROUP BY kind;

-- name: CountBattlesSince :one
SELECT COUNT(*) FROM battles WHERE started_at >= $1 AND kind IN ('battle', 'skirmish', 'camp', 'structure');

-- name: CountBattlesLive :one
SELECT COUNT(*) FROM battles WHERE ended_at >= $1 AND kind IN ('battle', 'skirmish', 'camp', 'structure');
