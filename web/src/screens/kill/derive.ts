/** What the page of a killmail says, from what the API answers. */

import type { Attacker, Entity, KillmailDetail, TypeRef } from "../../api/model";
import { hullOrder } from "../../eve/hulls";
import { eveDate } from "../../eve/time";
import { entityName, typeName } from "../../eve-ui/names";

/** Attackers by damage; equal ones stay in the order of the killmail. */
export function byDamage(attackers: readonly Attacker[]): Attacker[] {
  return [...attackers].sort((a, b) => b.damage_done - a.damage_done);
}

/** Who an attacker or victim is: the pilot, else the organisation; null when only a ship is named. */
export function whoOf(
  party: Pick<Attacker, "character" | "corporation" | "alliance" | "faction">,
): Entity | null {
  return party.character ?? party.corporation ?? party.alliance ?? party.faction;
}

/** The largest organisation: alliance, else corporation, else faction. */
export function orgOf(party: Pick<Attacker, "corporation" | "alliance" | "faction">): Entity | null {
  return party.alliance ?? party.corporation ?? party.faction;
}

/** Corporations below this id are NPCs'. */
const FIRST_PLAYER_CORPORATION = 2_000_000;

/** What somebody without a pilot is: of players, such as a structure that shoots, or an NPC. "" with a pilot. */
export function nobodyWord({ character, corporation, alliance, class: hull }: Attacker): string {
  if (character) return "";
  const players = alliance !== null || (corporation?.id ?? 0) >= FIRST_PLAYER_CORPORATION;
  if (!players) return "NPC";
  return hull === "structure" ? "Structure" : "No pilot";
}

export interface HullSum {
  ship: TypeRef;
  count: number;
}

/** Hulls of the attackers in players' order, most of a kind first. */
export function hullsOf(attackers: readonly Attacker[]): HullSum[] {
  const sums = new Map<number, HullSum & { order: number }>();
  for (const { ship_type: ship, class: hull } of attackers) {
    if (!ship) continue;
    const sum = sums.get(ship.id) ?? { ship, count: 0, order: hullOrder(hull) };
    sum.count += 1;
    sums.set(ship.id, sum);
  }
  return [...sums.values()].sort(
    (a, b) => a.order - b.order || b.count - a.count || typeName(a.ship).localeCompare(typeName(b.ship)),
  );
}

export interface OrgSum {
  org: Entity;
  pilots: number;
  /** What of it shot without a pilot, as nobodyWord says it. */
  nobody: string;
  share: number;
  side: string | undefined;
}

/** Organisations of the attackers by damage. */
export function orgsOf(attackers: readonly Attacker[]): OrgSum[] {
  const sums = new Map<number, OrgSum>();
  for (const attacker of attackers) {
    const org = orgOf(attacker);
    if (!org) continue;
    const sum = sums.get(org.id) ?? { org, pilots: 0, nobody: "", share: 0, side: attacker.side };
    if (attacker.character) sum.pilots += 1;
    else sum.nobody = nobodyWord(attacker);
    sum.share += attacker.damage_share;
    sums.set(org.id, sum);
  }
  return [...sums.values()].sort((a, b) => b.share - a.share || b.pilots - a.pilots);
}

/** "Muninn of Some Pilot", as the server names the page. */
export function killTitle({ victim }: Pick<KillmailDetail, "victim">): string {
  const hull = victim.ship_type ? typeName(victim.ship_type) : "Loss";
  const named = [victim.character, victim.corporation, victim.alliance, victim.faction].find((e) => e?.name);
  return named ? `${hull} of ${entityName(named)}` : hull;
}

/** Where the value comes from, as it stands beside it. */
export function valueWords({
  isk_source,
  isk_priced_at,
}: Pick<KillmailDetail, "isk_source" | "isk_priced_at">): string {
  const day = isk_priced_at ? ` of ${eveDate(new Date(isk_priced_at))}` : "";
  switch (isk_source) {
    case "zkb":
      return "zKillboard's value";
    case "market":
      return `estimate, market prices${day}`;
    case "base":
      return `estimate, base prices${day}`;
    default:
      return "nobody has valued it";
  }
}

/** "12.3%", "0.4%", "<0.1%"; "0%" only for no damage at all. */
export function percent(share: number): string {
  const value = share * 100;
  if (value <= 0) return "0%";
  if (value < 0.1) return "<0.1%";
  return `${value >= 99.95 ? "100" : value.toFixed(1)}%`;
}
