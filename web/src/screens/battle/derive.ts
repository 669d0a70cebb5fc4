/** What the battle page computes from the report: groupings and sentences, no figures of its own. */

import type { BattleDetail, BattleKill, Bucket, HullCount, Pilot, Side } from "../../api/model";
import { plural } from "../../eve/count";
import { hullLabel, hullOrder } from "../../eve/hulls";
import { formatIsk } from "../../eve/isk";
import { duration, eveHour } from "../../eve/time";
import { entityName, typeName } from "../../eve-ui/names";
import { sideWord, UNASSIGNED } from "../../eve-ui/sides";

/** What a side is called: after its largest member, or by its letter while it has none. */
export function sideTitle(side: Side): string {
  const lead = side.members[0]?.entity;
  return lead && side.id !== UNASSIGNED ? entityName(lead) : sideWord(side.id);
}

/** Beside the first two, a side this small against the largest gets no column of its own. */
const MINOR_SHARE = 0.05;

/** The sides that carry the battle, and those that were merely there, the unassigned last. */
export function splitSides(sides: readonly Side[]): { major: Side[]; minor: Side[] } {
  const real = sides.filter((side) => side.id !== UNASSIGNED);
  const largest = Math.max(0, ...real.map((side) => side.pilots));
  const major = real.filter((side, i) => i < 2 || side.pilots >= largest * MINOR_SHARE);
  if (major.length === 0) return { major: [...sides], minor: [] };
  return { major, minor: sides.filter((side) => !major.includes(side)) };
}

/** Fielded and lost of one class on one side. */
export interface Tally {
  fielded: number;
  lost: number;
}

export interface ClassRow {
  key: string;
  label: string;
  sides: Map<string, Tally>;
}

/** Classes in players' order, with what each side fielded and lost of them. */
export function compareHulls(composition: readonly HullCount[]): ClassRow[] {
  const rows = new Map<string, ClassRow>();
  for (const hull of composition) {
    let row = rows.get(hull.class);
    if (!row) {
      row = { key: hull.class, label: hull.class_label || hullLabel(hull.class), sides: new Map() };
      rows.set(hull.class, row);
    }
    const tally = row.sides.get(hull.side) ?? { fielded: 0, lost: 0 };
    tally.fielded += hull.fielded;
    tally.lost += hull.lost;
    row.sides.set(hull.side, tally);
  }
  return [...rows.values()].sort((a, b) => hullOrder(a.key) - hullOrder(b.key));
}

/** The rows of all with what some of them have, for a replay: who comes later has a place already. */
export function held<Row extends { key: string; sides: Map<string, Tally> }>(
  rows: readonly Row[],
  all: readonly Row[],
): Row[] {
  const now = new Map(rows.map((row) => [row.key, row]));
  return all.map((row) => now.get(row.key) ?? { ...row, sides: new Map() });
}

/** The class a pilot is listed under: the first in players' order of those flown, the capsule last. */
export function pilotClass(pilot: Pilot): string {
  let best = "";
  for (const hull of pilot.hulls) {
    if (best === "" || hullOrder(hull.class) < hullOrder(best)) best = hull.class;
  }
  return best;
}

/** The hull shown for a pilot, the one that gave the class, and how many others there were. */
export function pilotHull(pilot: Pilot): { hull: Pilot["hulls"][number] | undefined; more: number } {
  const key = pilotClass(pilot);
  const of = pilot.hulls.filter((hull) => hull.class === key);
  const others = pilot.hulls.filter((hull) => hull.class !== "capsule").length;
  return { hull: of.find((hull) => hull.lost > 0) ?? of[0], more: Math.max(0, others - 1) };
}

export type PilotRow =
  | { type: "class"; key: string; label: string; pilots: number; lost: number }
  | { type: "pilot"; key: string; pilot: Pilot };

/** A pilot with what it is sorted by; looked up at every comparison it would be most of the work. */
interface Placed {
  pilot: Pilot;
  hull: string;
}

/** Pilots of one side under their classes, in players' order; within a class losses first, by value. */
export function pilotRows(pilots: readonly Pilot[]): PilotRow[] {
  const classes = new Map<string, Placed[]>();
  for (const pilot of pilots) {
    const { hull } = pilotHull(pilot);
    const key = hull?.class ?? "";
    const placed = { pilot, hull: typeName(hull?.ship_type) };
    const group = classes.get(key);
    if (group) group.push(placed);
    else classes.set(key, [placed]);
  }
  const rows: PilotRow[] = [];
  for (const [key, group] of [...classes].sort(([a], [b]) => hullOrder(a) - hullOrder(b))) {
    const lost = group.filter(({ pilot }) => pilot.losses > 0).length;
    rows.push({ type: "class", key: `class ${key}`, label: hullLabel(key), pilots: group.length, lost });
    group.sort(byHullThenValue);
    for (const { pilot } of group)
      rows.push({ type: "pilot", key: `pilot ${pilot.character?.id ?? `nobody ${rows.length}`}`, pilot });
  }
  return rows;
}

function byHullThenValue({ pilot: a, hull: left }: Placed, { pilot: b, hull: right }: Placed): number {
  const lost = Number(b.losses > 0) - Number(a.losses > 0);
  if (lost !== 0) return lost;
  if (left !== right) return left < right ? -1 : 1;
  return (b.isk_lost ?? 0) - (a.isk_lost ?? 0) || (b.damage_done ?? 0) - (a.damage_done ?? 0);
}

/** Whether a pilot is meant by what was typed into the search: any name or any hull. */
export function pilotMatches(pilot: Pilot, needle: string): boolean {
  const hay = [pilot.character, pilot.corporation, pilot.alliance].map((e) => (e ? entityName(e) : ""));
  for (const hull of pilot.hulls) hay.push(typeName(hull.ship_type), hullLabel(hull.class));
  return hay.some((text) => text.toLowerCase().includes(needle));
}

interface Minute {
  type: "minute";
  key: string;
  at: Date;
  kills: number;
}

export type KillRow = Minute | { type: "kill"; key: number; kill: BattleKill; index: number };

/** Kills in order, or newest first, with a divider before the first of every minute. */
export function killRows(kills: readonly BattleKill[], newestFirst = false): KillRow[] {
  const rows: KillRow[] = [];
  let minute: Minute | undefined;
  const ordered = [...kills].sort(
    // The API writes all times alike, so that they order as text.
    (a, b) => Number(a.occurred_at > b.occurred_at) - Number(a.occurred_at < b.occurred_at) || a.id - b.id,
  );
  if (newestFirst) ordered.reverse();
  for (const [index, kill] of ordered.entries()) {
    const key = kill.occurred_at.slice(0, 16);
    if (minute?.key !== key) {
      minute = { type: "minute", key, at: new Date(kill.occurred_at), kills: 0 };
      rows.push(minute);
    }
    minute.kills++;
    rows.push({ type: "kill", key: kill.id, kill, index });
  }
  return rows;
}

/** Sides that the sentence tells of one by one; the others go together. */
const TOLD = 3;

/** What the timeline shows, in a sentence for those who do not see it. */
export function timelineSentence(battle: BattleDetail): string {
  const losses = (sides: Bucket["sides"]) =>
    Object.values(sides).reduce((sum, side) => sum + side.ships_lost + side.structures_lost, 0);
  const { buckets, bucket_s } = battle.timeline;
  const peak = buckets.reduce<(typeof buckets)[number] | null>(
    (best, bucket) => (!best || losses(bucket.sides) > losses(best.sides) ? bucket : best),
    null,
  );
  const losing = battle.sides.filter((side) => side.ships_lost > 0);
  const lose = (who: string, of: readonly Side[]) => {
    const ships = of.reduce((sum, side) => sum + side.ships_lost, 0);
    const isk = of.reduce((sum, side) => sum + side.isk_lost, 0);
    return `${who} lost ${plural(ships, "ship")} worth ${formatIsk(isk)} ISK`;
  };
  const told = losing.length > TOLD + 1 ? losing.slice(0, TOLD) : losing;
  const sides = told.map((side) => lose(sideWord(side.id), [side]));
  const others = losing.slice(told.length);
  if (others.length > 0) sides.push(lose(`${others.length} other sides`, others));
  const heaviest = peak
    ? ` The heaviest ${duration(bucket_s)} began at ${eveHour(new Date(peak.at))} EVE with ${plural(losses(peak.sides), "loss", "losses")}.`
    : "";
  const lost = sides.length > 0 ? ` ${sides.join("; ")}.` : "";
  return `${plural(battle.kills, "kill")} in ${duration(battle.duration_s)}.${lost}${heaviest}`;
}
