/** What a fleet can do, counted from its hulls. */

import type { HullCount } from "../../api/model";
import type { Tally } from "./derive";

export interface RoleRow {
  key: string;
  label: string;
  /** By side. */
  sides: Map<string, Tally>;
}

const ROLES: readonly (readonly [key: string, label: string, classes: readonly string[]])[] = [
  [
    "capitals",
    "Capitals",
    ["titan", "supercarrier", "lancer-dreadnought", "dreadnought", "carrier", "force-auxiliary"],
  ],
  ["logistics", "Logistics", ["force-auxiliary", "logistics", "logistics-frigate"]],
  ["command", "Command", ["command-ship", "command-destroyer", "flag-cruiser"]],
  ["tackle", "Interdiction and tackle", ["heavy-interdictor", "interdictor", "interceptor"]],
  ["ewar", "Electronic warfare", ["recon", "electronic-attack-frigate"]],
  ["bombers", "Stealth bombers", ["stealth-bomber"]],
];

/** What no fleet brings to fight with; nor do the sums of a side count it among its ships. */
const NO_SHIP = new Set(["capsule", "shuttle", "corvette", "structure", "deployable"]);

/** Ships of each side, then its roles; a hull can have two, such as force auxiliaries. Absent roles are left out. */
export function roleRows(composition: readonly HullCount[]): RoleRow[] {
  const row = (key: string, label: string, counts: (hull: HullCount) => boolean): RoleRow => {
    const sides = new Map<string, Tally>();
    for (const hull of composition) {
      if (!counts(hull)) continue;
      const tally = sides.get(hull.side) ?? { fielded: 0, lost: 0 };
      tally.fielded += hull.fielded;
      tally.lost += hull.lost;
      sides.set(hull.side, tally);
    }
    return { key, label, sides };
  };
  return [
    row("ships", "All ships", (hull) => !NO_SHIP.has(hull.class)),
    ...ROLES.map(([key, label, classes]) => row(key, label, (hull) => classes.includes(hull.class))),
  ].filter((each) => [...each.sides.values()].some((tally) => tally.fielded > 0));
}

/** How many ships there are for each of a role: "1 in 9"; "" where there is none of it. */
export function ratio(role: Tally | undefined, all: Tally | undefined): string {
  if (!role || !all || role.fielded === 0 || all.fielded === 0) return "";
  return `1 in ${Math.round(all.fielded / role.fielded)}`;
}
