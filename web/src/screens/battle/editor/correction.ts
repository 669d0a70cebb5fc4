/** Turns what was moved by hand into a correction: where people stand by whom they stand with. */

import type { CorrectionBody, Side, SideCorrection } from "../../../api/model";
import { UNASSIGNED } from "../../../eve-ui/sides";
import { type EntityKey, keyOf, movable, named, type Overrides } from "./overrides";

/** What belongs to the battle, as decided by hand. */
export interface Extent {
  /** Killmails that become a battle of their own. */
  apart: readonly number[];
  /** A battle that is one with this. */
  mergeWith?: number;
}

/**
 * The correction that has the engine find the sides as they were put by hand. Sides have
 * letters only in one computation, so each entity is put with the largest one that stayed
 * on the side. A side on which nobody stayed is founded by the first who was put there:
 * apart from everybody else's.
 */
export function correctionOf(
  inferred: readonly Side[],
  overrides: Overrides,
  excluded: readonly string[],
  note: string,
  extent: Extent = { apart: [] },
): CorrectionBody {
  const anchors = anchorsOf(inferred, overrides);
  const sides: SideCorrection[] = [];
  const founders = new Map<string, EntityKey>();
  for (const [key, side] of overrides) {
    const entity = named(key);
    if (side === UNASSIGNED) {
      sides.push({ entity, verb: "exclude", with: null });
      continue;
    }
    const anchor = anchors.get(side) ?? founders.get(side);
    if (anchor) {
      sides.push({ entity, verb: "move", with: named(anchor) });
      continue;
    }
    for (const other of [...anchors.values(), ...founders.values()]) {
      sides.push({ entity, verb: "apart", with: named(other) });
    }
    founders.set(side, key);
  }
  return {
    note: note.trim(),
    sides,
    killmails: [
      ...excluded.map((id) => ({ killmail_id: Number(id), verb: "exclude" as const, with: null })),
      ...extent.apart.map((id) => ({ killmail_id: id, verb: "apart" as const, with: null })),
    ],
    merge_with: extent.mergeWith,
  };
}

/** The killmails to put apart so that a part leaves its battle: of part and rest the one with fewer. */
export function splitOf(all: readonly number[], part: readonly number[]): number[] {
  const inside = new Set(part);
  const rest = all.filter((id) => !inside.has(id));
  return rest.length < part.length ? rest : [...part];
}

/** Of each side the largest member that was not moved. */
function anchorsOf(inferred: readonly Side[], overrides: Overrides): Map<string, EntityKey> {
  const anchors = new Map<string, EntityKey>();
  for (const side of inferred) {
    if (side.id === UNASSIGNED) continue;
    const stayed = side.members
      .filter(({ entity }) => movable(entity) && !overrides.has(keyOf(entity)))
      .sort((a, b) => b.pilots - a.pilots)[0];
    if (stayed) anchors.set(side.id, keyOf(stayed.entity));
  }
  return anchors;
}
