/**
 * The battle as it stood at a moment of it: what had been lost by then, added up
 * from its killmails. Pure; the clock that moves the moment is in replayer.ts.
 */

import type { BattleDetail, BattleKill, Member, Party, Pilot, PilotHull, Side } from "../../api/model";
import type { ReportQuery, ReportSource } from "../../api/queries/report";
import { toInstant } from "./search";

/** A moment of a replay. Killmails of one second still have an order, so the time alone does not do. */
export interface Moment {
  /** EVE time, milliseconds. */
  at: number;
  /** How many of the killmails, in order, have happened. */
  count: number;
}

/** Killmails in the order of a replay, with their times. */
export interface Course {
  kills: readonly BattleKill[];
  times: readonly number[];
}

/** By time, killmails of one second by id. */
export function courseOf(kills: readonly BattleKill[]): Course {
  const timed = kills.map((kill) => ({ kill, at: Date.parse(kill.occurred_at) }));
  timed.sort((a, b) => a.at - b.at || a.kill.id - b.kill.id);
  return { kills: timed.map(({ kill }) => kill), times: timed.map(({ at }) => at) };
}

/** The moment at a time: everything up to and including it has happened. */
export function momentAt({ times }: Course, at: number): Moment {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  return { at, count: low };
}

/** Just after the killmail number `count` (from 1), kept within the course. Before the first it is its time. */
export function momentOf({ times }: Course, count: number): Moment {
  const kept = Math.max(0, Math.min(times.length, count));
  return { at: times[Math.max(0, kept - 1)] ?? 0, count: kept };
}

/** `by` killmails on or back. Without a replay, forwards begins one at the first killmail. */
export function stepped(course: Course, from: Moment | null, by: number): Moment | null {
  if (course.times.length === 0) return null;
  if (!from) return by > 0 ? momentOf(course, by) : null;
  return momentOf(course, Math.max(1, from.count + by));
}

/** `ms` of EVE time later; stops at the last killmail. */
export function advanced(course: Course, from: Moment, ms: number): Moment {
  const end = course.times.at(-1) ?? from.at;
  const next = momentAt(course, Math.min(end, from.at + ms));
  // Between two killmails of one second the time stands still, and must not take one back.
  return next.count < from.count ? { at: next.at, count: from.count } : next;
}

/** Whether nothing more happens. */
export function atEnd({ times }: Course, moment: Moment): boolean {
  return moment.count >= times.length;
}

/** Reads ?at=: a time, or a killmail just after which to stand; null when it names no moment of the course. */
export function parseMoment(course: Course, text: string | undefined): Moment | null {
  if (!text || course.times.length === 0) return null;
  if (/^\d+$/.test(text)) {
    const index = course.kills.findIndex((kill) => kill.id === Number(text));
    return index < 0 ? null : momentOf(course, index + 1);
  }
  const at = Date.parse(text);
  if (Number.isNaN(at)) return null;
  const [first, last] = [course.times[0] ?? at, course.times.at(-1) ?? at];
  return momentAt(course, Math.max(first, Math.min(last, at)));
}

/** Writes ?at=: the time, or the killmail where more of them share the second. */
export function formatMoment(course: Course, moment: Moment): string {
  const second = Math.floor(moment.at / 1000) * 1000;
  if (momentAt(course, second).count === moment.count) return toInstant(second);
  const kill = course.kills[moment.count - 1];
  return kill ? String(kill.id) : toInstant(second);
}

/** What somebody has lost so far. */
interface Losses {
  kills: number;
  /** Without capsules, shuttles and corvettes, as the engine counts. */
  ships: number;
  capsules: number;
  structures: number;
  deployables: number;
  isk: number;
  /** Killmails without a known value. */
  unknown: number;
}

const none = (): Losses => ({
  kills: 0,
  ships: 0,
  capsules: 0,
  structures: 0,
  deployables: 0,
  isk: 0,
  unknown: 0,
});

function book(losses: Losses, kill: BattleKill): void {
  losses.kills++;
  if (kill.class === "capsule") losses.capsules++;
  else if (kill.class === "structure") losses.structures++;
  else if (kill.class === "deployable") losses.deployables++;
  // A type newer than the static data has no class and is taken for a ship.
  else if (kill.victim.ship_type && kill.class !== "shuttle" && kill.class !== "corvette") losses.ships++;
  if (kill.isk == null) losses.unknown++;
  else losses.isk += kill.isk;
}

/** What one killmail is as a loss. */
export function lossesOf(kill: BattleKill): Losses {
  const losses = none();
  book(losses, kill);
  return losses;
}

/** A map that makes its values as they are asked for. */
class Tally<T> extends Map<string | number, T> {
  #make: () => T;
  constructor(make: () => T) {
    super();
    this.#make = make;
  }
  of(key: string | number): T {
    let value = this.get(key);
    if (value === undefined) {
      value = this.#make();
      this.set(key, value);
    }
    return value;
  }
}

/**
 * The report after the first `moment.count` killmails of `course`. Losses, values
 * and who had been seen are exact. Hulls are those that pilots must have flown by
 * then, which are all but some who changed ships. What only the attackers of each
 * killmail could tell (damage, kills, ISK destroyed, efficiency) is null. Phases and
 * turning points stay those of the whole.
 */
export function battleAt(battle: BattleDetail, course: Course, moment: Moment): BattleDetail {
  const kills = course.kills.slice(0, moment.count);
  const total = none();
  const sides = new Tally(none);
  const members = new Tally(() => ({ ...none(), pilots: 0 }));
  const pilots = new Tally(() => ({ ...none(), hulls: new Tally(none) }));
  const hulls = new Tally(() => ({ ...none(), fielded: 0 }));
  const memberOf = membership(battle.sides);
  let estimated = 0;
  for (const kill of kills) {
    const { victim } = kill;
    const type = victim.ship_type?.id ?? 0;
    book(total, kill);
    if (kill.isk_source !== "zkb") estimated += kill.isk ?? 0;
    book(sides.of(kill.side), kill);
    book(hulls.of(`${kill.side} ${type}`), kill);
    const member = memberOf(kill.side, victim);
    if (member) book(members.of(member), kill);
    if (victim.character) {
      const pilot = pilots.of(victim.character.id);
      book(pilot, kill);
      book(pilot.hulls.of(type), kill);
    }
  }
  const seen = battle.pilots
    .filter((pilot) => Date.parse(pilot.first_seen) <= moment.at)
    .map((pilot) => pilotAt(pilot, pilots, moment.at));
  for (const pilot of seen) {
    const member = memberOf(pilot.side, pilot);
    if (member) members.of(member).pilots++;
    for (const hull of pilot.hulls) hulls.of(`${pilot.side} ${hull.ship_type?.id ?? 0}`).fielded++;
  }
  return {
    ...battle,
    kills: kills.length,
    ships_lost: total.ships,
    capsules_lost: total.capsules,
    structures_lost: total.structures,
    isk_destroyed: total.unknown === kills.length ? null : total.isk,
    isk_estimated_share: total.isk > 0 ? estimated / total.isk : 0,
    unknown_values: total.unknown,
    pilot_count: seen.length,
    killmails: kills,
    pilots: seen,
    sides: battle.sides.map((side) => sideAt(side, sides, members, seen)),
    composition: battle.composition.flatMap((hull) => {
      const so = hulls.get(`${hull.side} ${hull.ship_type?.id ?? 0}`);
      if (!so) return [];
      return { ...hull, fielded: Math.max(so.fielded, so.kills), lost: so.kills, isk_lost: so.isk };
    }),
  };
}

/**
 * How the API is asked for the report as it stood at a moment, and so for what
 * battleAt cannot tell. Killmails of the same second that come after the moment are
 * left out one by one; of a custom report they are not, null is the answer, because
 * other sides might be found without them.
 */
export function momentSource(source: ReportSource, course: Course, moment: Moment): ReportSource | null {
  const second = Math.floor(moment.at / 1000) * 1000;
  const later = course.kills.slice(moment.count, momentAt(course, second).count);
  const query: ReportQuery = { ...source.query, to: toInstant(second) };
  if (later.length > 0) {
    if (source.kind === "report") return null;
    query.exclude = [...(query.exclude ?? []), ...later.map((kill) => String(kill.id))];
  }
  return { ...source, query };
}

/** The report at a moment with what the API told of the same moment. */
export function completed(at: BattleDetail, told: BattleDetail): BattleDetail {
  return {
    ...at,
    pilot_count: told.pilot_count,
    pilots: told.pilots,
    composition: told.composition,
    sides: at.sides.map((side) => {
      const found = told.sides.find(({ id }) => id === side.id);
      return found ? { ...found, members: inOrder(found.members, side.members) } : side;
    }),
  };
}

/** Members in the order in which others stand; those that are not among them come last. */
function inOrder(members: readonly Member[], like: readonly Member[]): Member[] {
  const places = new Map(like.map(({ entity }, i) => [`${entity.type} ${entity.id}`, i]));
  const place = ({ entity }: Member) => places.get(`${entity.type} ${entity.id}`) ?? like.length;
  return [...members].sort((a, b) => place(a) - place(b));
}

/** Finds the member of a side that somebody counts for; the most special one that is named. */
function membership(
  sides: readonly Side[],
): (side: string, party: Omit<Party, "ship_type">) => string | undefined {
  const known = new Set(
    sides.flatMap((side) => side.members.map(({ entity }) => `${side.id} ${entity.type} ${entity.id}`)),
  );
  return (side, { character, corporation, alliance, faction }) =>
    [character, corporation, alliance, faction]
      .map((entity) => entity && `${side} ${entity.type} ${entity.id}`)
      .find((key): key is string => Boolean(key) && known.has(key as string));
}

function sideAt(
  side: Side,
  sides: Tally<Losses>,
  members: Tally<Losses & { pilots: number }>,
  seen: readonly Pilot[],
): Side {
  const lost = sides.get(side.id) ?? none();
  return {
    ...side,
    pilots: seen.filter((pilot) => pilot.side === side.id).length,
    ships_lost: lost.ships,
    capsules_lost: lost.capsules,
    structures_lost: lost.structures,
    isk_lost: lost.isk,
    kills: null,
    final_blows: null,
    isk_destroyed: null,
    efficiency: null,
    damage_done: null,
    structure_damage: null,
    damage_taken: null,
    // In the order of the whole, so that no side is called otherwise for a while.
    members: side.members.flatMap((member) => {
      const { type, id } = member.entity;
      const own = members.get(`${side.id} ${type} ${id}`);
      if (!own) return []; // nobody of it was there yet
      const { pilots, ships: ships_lost, isk: isk_lost } = own;
      return { ...member, pilots, ships_lost, isk_lost, kills: null, damage_done: null };
    }),
  };
}

function pilotAt(pilot: Pilot, losses: Tally<Losses & { hulls: Tally<Losses> }>, at: number): Pilot {
  const own = pilot.character ? losses.get(pilot.character.id) : undefined;
  const lost = (hull: PilotHull) => own?.hulls.get(hull.ship_type?.id ?? 0);
  // In order of first appearance: whoever lost one had flown all before it.
  const last = Date.parse(pilot.last_seen) <= at ? pilot.hulls.length - 1 : pilot.hulls.findLastIndex(lost);
  const hulls = pilot.hulls
    .slice(0, Math.max(0, last) + 1)
    .map((hull) => ({ ...hull, lost: lost(hull)?.kills ?? 0, isk_lost: lost(hull)?.isk ?? 0 }));
  return {
    ...pilot,
    hulls,
    losses: own ? own.kills - own.capsules - own.deployables : 0,
    podded: (own?.capsules ?? 0) > 0,
    isk_lost: own?.isk ?? 0,
    kills: null,
    final_blows: null,
    damage_done: null,
    structure_damage: null,
    damage_taken: null,
  };
}
