/** Who stood out on a side: one pilot or loss for each question players ask. */

import type { BattleKill, Pilot } from "../../api/model";

/** The pilot with most of something; ties go to more kills, then more damage. Null when nobody has any. */
export function mostOf(
  pilots: readonly Pilot[],
  side: string,
  figure: (pilot: Pilot) => number | null,
): Pilot | null {
  let best: Pilot | null = null;
  for (const pilot of pilots) {
    if (pilot.side !== side || !figure(pilot)) continue;
    if (!best || ranks(pilot, best, figure) > 0) best = pilot;
  }
  return best;
}

function ranks(a: Pilot, b: Pilot, figure: (pilot: Pilot) => number | null): number {
  for (const of of [
    figure,
    (p: Pilot) => p.kills,
    (p: Pilot) => p.final_blows,
    (p: Pilot) => p.damage_done,
  ]) {
    const difference = (of(a) ?? 0) - (of(b) ?? 0);
    if (difference !== 0) return difference;
  }
  // Whoever has the lower id, so that it does not depend on the order of the list.
  return (b.character?.id ?? 0) - (a.character?.id ?? 0);
}

/** The most expensive loss of a side; null when no value is known. */
export function topLoss(kills: readonly BattleKill[], side: string): BattleKill | null {
  let top: BattleKill | null = null;
  for (const kill of kills) {
    if (kill.side !== side || kill.isk == null) continue;
    if (!top || kill.isk > (top.isk ?? 0)) top = kill;
  }
  return top;
}

const FLAG_CRUISER = "flag-cruiser";

/** The pilots of a side who were seen in a flag cruiser, those who lost it first, then by kills. */
export function commanders(pilots: readonly Pilot[], side: string): { pilot: Pilot; lost: boolean }[] {
  return pilots
    .filter((pilot) => pilot.side === side && pilot.character)
    .flatMap((pilot) => {
      const hull = pilot.hulls.find((each) => each.class === FLAG_CRUISER);
      return hull ? [{ pilot, lost: hull.lost > 0 }] : [];
    })
    .sort(
      (a, b) =>
        Number(b.lost) - Number(a.lost) ||
        (b.pilot.kills ?? 0) - (a.pilot.kills ?? 0) ||
        (a.pilot.character?.id ?? 0) - (b.pilot.character?.id ?? 0),
    );
}
