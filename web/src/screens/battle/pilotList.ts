/** The rows of the list of pilots: narrowed, ordered, and under their classes. */

import type { BattleKill, Pilot } from "../../api/model";
import { type PilotRow, pilotMatches, pilotRows } from "./derive";
import type { PilotOrder } from "./view";

const FIGURE: Record<Exclude<PilotOrder, "class">, (pilot: Pilot) => number> = {
  damage: (pilot) => (pilot.damage_done ?? 0) + (pilot.structure_damage ?? 0),
  kills: (pilot) => pilot.kills ?? 0,
  isk: (pilot) => pilot.isk_lost,
};

/** Pilots in an order; by class they stand under headings, else in one list, most first. */
export function orderedPilots(pilots: readonly Pilot[], by: PilotOrder): PilotRow[] {
  if (by === "class") return pilotRows(pilots);
  const figure = FIGURE[by];
  return [...pilots]
    .sort(
      (a, b) =>
        figure(b) - figure(a) ||
        (b.kills ?? 0) - (a.kills ?? 0) ||
        (b.damage_done ?? 0) - (a.damage_done ?? 0) ||
        (a.character?.id ?? 0) - (b.character?.id ?? 0),
    )
    .map((pilot, i) => ({ type: "pilot", key: `pilot ${pilot.character?.id ?? `nobody ${i}`}`, pilot }));
}

/** Whether a pilot lost anything here, be it the capsule alone. */
export function hasLost(pilot: Pilot): boolean {
  return pilot.losses > 0 || pilot.podded || pilot.hulls.some((hull) => hull.lost > 0);
}

/** Pilots meant by the search and the switch; `needle` in lower case. */
export function narrowed(pilots: readonly Pilot[], needle: string, lost: boolean): readonly Pilot[] {
  if (needle === "" && !lost) return pilots;
  return pilots.filter(
    (pilot) => (!lost || hasLost(pilot)) && (needle === "" || pilotMatches(pilot, needle)),
  );
}

/** The most expensive killmail of each pilot who lost something; the same object while it stays that. */
export function dearestLosses(kills: readonly BattleKill[]): Map<number, BattleKill> {
  const dearest = new Map<number, BattleKill>();
  for (const kill of kills) {
    const id = kill.victim.character?.id;
    if (id === undefined) continue;
    const before = dearest.get(id);
    const more = before && ((kill.isk ?? 0) - (before.isk ?? 0) || before.id - kill.id);
    if (more === undefined || more > 0) dearest.set(id, kill);
  }
  return dearest;
}

/** Where each class begins in a list drawn with `heightOf`, for the line that says which one is in view. */
export interface ClassStart {
  row: Extract<PilotRow, { type: "class" }>;
  /** Pixels from the top of the list. */
  top: number;
}

export function classStarts(rows: readonly PilotRow[], heightOf: (row: PilotRow) => number): ClassStart[] {
  const starts: ClassStart[] = [];
  let top = 0;
  for (const row of rows) {
    if (row.type === "class") starts.push({ row, top });
    top += heightOf(row);
  }
  return starts;
}

/** The class in view `offset` pixels below the top of the list; null above the first. */
export function classAt(starts: readonly ClassStart[], offset: number): ClassStart | null {
  let found: ClassStart | null = null;
  for (const start of starts) {
    if (start.top > offset) break;
    found = start;
  }
  return found;
}
