/**
 * The battle as it stood at a moment of it: what had been lost by then, added up
 * from its killmails. Pure; the clock that moves the moment is in replayer.ts.
 */

import type { BattleDetail, BattleKill, Pilot, Side } from "../../api/model";
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
 * and who had been seen are exact. What only the attackers of each killmail could
 * tell (damage, kills, ISK destroyed, efficiency) is null; what was fielded stays
 * that of the whole report.
 */
export function battleAt(battle: BattleDetail, course: Course, moment: Moment): BattleDetail {
  const kills = course.kills.slice(0, moment.count);
  const total = none();
  const sides = new Tally(none);
  const members = new Tally(none);
  const pilots = new Tally(() => ({ ...none(), hulls: new Tally(none) }));
  const hulls = new Tally(none);
  const memberOf = membership(battle.sides);
  for (const kill of kills) {
    const { victim } = kill;
    const type = victim.ship_type?.id ?? 0;
    book(total, kill);
    book(sides.of(kill.side), kill);
    book(hulls.of(`${kill.side} ${type}`), kill);
    const member = [victim.alliance, victim.corporation, victim.faction, victim.character]
      .map((entity) => entity && `${kill.side} ${entity.type} ${entity.id}`)
      .find((key) => key && memberOf.has(key));
    if (member) book(members.of(member), kill);
    if (victim.character) {
      const pilot = pilots.of(victim.character.id);
      book(pilot, kill);
      book(pilot.hulls.of(type), kill);
    }
  }
  const seen = battle.pilots.filter((pilot) => Date.parse(pilot.first_seen) <= moment.at);
  return {
    ...battle,
    kills: kills.length,
    ships_lost: total.ships,
    capsules_lost: total.capsules,
    structures_lost: total.structures,
    isk_destroyed: total.unknown === kills.length ? null : total.isk,
    unknown_values: total.unknown,
    pilot_count: seen.length,
    killmails: kills,
    pilots: seen.map((pilot) => pilotAt(pilot, pilots)),
    sides: battle.sides.map((side) => sideAt(side, sides, members, seen)),
    composition: battle.composition.map((hull) => {
      const lost = hulls.get(`${hull.side} ${hull.ship_type?.id ?? 0}`) ?? none();
      return { ...hull, lost: lost.kills, isk_lost: lost.isk };
    }),
    turning_points: battle.turning_points.filter((point) => Date.parse(point.at) <= moment.at),
  };
}

function membership(sides: readonly Side[]): Set<string> {
  return new Set(
    sides.flatMap((side) => side.members.map(({ entity }) => `${side.id} ${entity.type} ${entity.id}`)),
  );
}

function sideAt(side: Side, sides: Tally<Losses>, members: Tally<Losses>, seen: readonly Pilot[]): Side {
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
    members: side.members.map((member) => {
      const { type, id } = member.entity;
      const own = members.get(`${side.id} ${type} ${id}`) ?? none();
      return { ...member, ships_lost: own.ships, isk_lost: own.isk, kills: null, damage_done: null };
    }),
  };
}

function pilotAt(pilot: Pilot, losses: Tally<Losses & { hulls: Tally<Losses> }>): Pilot {
  const own = pilot.character ? losses.get(pilot.character.id) : undefined;
  const hulls = pilot.hulls.map((hull) => {
    const lost = own?.hulls.get(hull.ship_type?.id ?? 0);
    return { ...hull, lost: lost?.kills ?? 0, isk_lost: lost?.isk ?? 0 };
  });
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
