/** What each side brought, class by class and hull by hull, sides beside each other. */

import type { HullCount, TypeRef } from "../../api/model";
import { hullLabel, hullOrder } from "../../eve/hulls";
import { typeName } from "../../eve-ui/names";
import type { Tally } from "./derive";

export interface HullTally extends Tally {
  isk_lost: number;
}

export interface HullRow {
  type: TypeRef | null;
  /** By side. */
  sides: Map<string, HullTally>;
}

export interface HullGroup {
  key: string;
  label: string;
  sides: Map<string, HullTally>;
  /** Most fielded first, all sides together. */
  hulls: HullRow[];
}

/** Classes in players' order with their hulls. */
export function hullGroups(composition: readonly HullCount[]): HullGroup[] {
  const groups = new Map<string, { group: HullGroup; hulls: Map<number, HullRow> }>();
  for (const hull of composition) {
    let entry = groups.get(hull.class);
    if (!entry) {
      const label = hull.class_label || hullLabel(hull.class);
      entry = { group: { key: hull.class, label, sides: new Map(), hulls: [] }, hulls: new Map() };
      groups.set(hull.class, entry);
    }
    const id = hull.ship_type?.id ?? 0;
    let row = entry.hulls.get(id);
    if (!row) {
      row = { type: hull.ship_type, sides: new Map() };
      entry.hulls.set(id, row);
      entry.group.hulls.push(row);
    }
    add(row.sides, hull);
    add(entry.group.sides, hull);
  }
  const all = [...groups.values()].map(({ group }) => group);
  for (const group of all) {
    group.hulls.sort((a, b) => fielded(b) - fielded(a) || (typeName(a.type) < typeName(b.type) ? -1 : 1));
  }
  return all.sort((a, b) => hullOrder(a.key) - hullOrder(b.key));
}

function add(sides: Map<string, HullTally>, hull: HullCount): void {
  const tally = sides.get(hull.side) ?? { fielded: 0, lost: 0, isk_lost: 0 };
  tally.fielded += hull.fielded;
  tally.lost += hull.lost;
  tally.isk_lost += hull.isk_lost;
  sides.set(hull.side, tally);
}

const fielded = (row: HullRow) => [...row.sides.values()].reduce((sum, tally) => sum + tally.fielded, 0);
