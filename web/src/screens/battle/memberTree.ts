/** Who stands on a side as a tree, and how sure that is in words. */

import type { Entity, Evidence, Member, Pilot, Side } from "../../api/model";
import { count, plural } from "../../eve/count";

/** A corporation of an alliance, as far as it was in the battle. */
export interface CorporationRow {
  entity: Entity;
  pilots: number;
  ships_lost: number;
  isk_lost: number;
}

export interface MemberRow {
  member: Member;
  /** Most pilots first; empty for what has no corporations of its own. */
  corporations: CorporationRow[];
}

/** The members of a side with the corporations of each alliance, out of the pilots. */
export function memberTree(side: Side, pilots: readonly Pilot[]): MemberRow[] {
  const alliances = new Map<number, Map<number, CorporationRow>>();
  for (const pilot of pilots) {
    if (pilot.side !== side.id || !pilot.alliance || !pilot.corporation) continue;
    let corporations = alliances.get(pilot.alliance.id);
    if (!corporations) {
      corporations = new Map();
      alliances.set(pilot.alliance.id, corporations);
    }
    let row = corporations.get(pilot.corporation.id);
    if (!row) {
      row = { entity: pilot.corporation, pilots: 0, ships_lost: 0, isk_lost: 0 };
      corporations.set(pilot.corporation.id, row);
    }
    row.pilots++;
    row.ships_lost += pilot.losses;
    row.isk_lost += pilot.isk_lost;
  }
  return side.members.map((member) => {
    const own = member.entity.type === "alliance" ? alliances.get(member.entity.id)?.values() : undefined;
    const corporations = [...(own ?? [])].sort(
      (a, b) => b.pilots - a.pilots || b.isk_lost - a.isk_lost || a.entity.id - b.entity.id,
    );
    return { member, corporations };
  });
}

export type Certainty = "sure" | "likely" | "unsure" | "a guess";

/** The margin of a side over the next best one, 0 to 1, as a word. */
export function certainty(confidence: number): Certainty {
  if (confidence >= 0.9) return "sure";
  if (confidence >= 0.7) return "likely";
  return confidence >= 0.3 ? "unsure" : "a guess";
}

const kills = (n: number) => plural(n, "kill");

const party = ({ entity_id, name }: Evidence) => name ?? `the party ${entity_id}`;

/** Why a member is counted to its side: what was seen, one sentence each. */
export function evidence(member: Member): string[] {
  const seen: string[] = [];
  if (member.together) seen.push(`Shot beside ${party(member.together)} on ${kills(member.together.kills)}.`);
  if (member.against) seen.push(`Fought ${party(member.against)} on ${kills(member.against.kills)}.`);
  if (member.friendly_fire > 0) {
    const times = member.friendly_fire === 1 ? "once" : `${count.format(member.friendly_fire)} times`;
    seen.push(`Against that: it is on kills of its own side ${times}.`);
  }
  if (!member.together && !member.against) seen.push("No kill shows it beside or against anybody here.");
  return seen;
}

/** What the word means, for a reader who has to judge the guess. */
export function certaintySentence(member: Member, side: string): string {
  const words: Record<Certainty, string> = {
    sure: `Who shot whom leaves no other side than ${side}.`,
    likely: `Most of who shot whom speaks for ${side}.`,
    unsure: `Side ${side} fits best, but another one fits as well in part.`,
    "a guess": `Side ${side} is a guess: another side fits about as well.`,
  };
  return words[certainty(member.confidence)];
}
