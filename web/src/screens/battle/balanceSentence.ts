/** How a battle stands in ISK, in a sentence. */

import type { Side } from "../../api/model";
import { formatIsk } from "../../eve/isk";
import { sideTitle, splitSides } from "./derive";
import { formatShare } from "./share";

/** Losses this near to each other are called even. */
const EVEN = 1.1;

const name = (side: Side) => `${sideTitle(side)} (${side.id})`;

/**
 * Who lost how much more: "Fraternity. (A) lost 1.8 times the ISK of Goonswarm
 * Federation (B): 343b against 188b." It says nothing of who won: that is for
 * those who know what was fought for. "" without two sides or a known value.
 */
export function balanceSentence(sides: readonly Side[]): string {
  const { major } = splitSides(sides);
  const [most, next] = [...major].sort((a, b) => b.isk_lost - a.isk_lost);
  if (!most || !next || most.isk_lost === 0) return "";
  if (major.length > 2) {
    const total = sides.reduce((sum, side) => sum + side.isk_lost, 0);
    return `${name(most)} lost ${formatShare(most.isk_lost, total)} of the ISK, ${formatIsk(most.isk_lost)} of ${formatIsk(total)}; ${name(next)} ${formatIsk(next.isk_lost)}.`;
  }
  if (next.isk_lost === 0) {
    return `${name(most)} lost ${formatIsk(most.isk_lost)} ISK, ${name(next)} nothing of known value.`;
  }
  const times = most.isk_lost / next.isk_lost;
  if (times < EVEN) {
    return `Even in ISK: ${name(most)} lost ${formatIsk(most.isk_lost)}, ${name(next)} ${formatIsk(next.isk_lost)}.`;
  }
  const factor = times < 10 ? times.toFixed(1) : Math.round(times).toString();
  return `${name(most)} lost ${factor} times the ISK of ${name(next)}: ${formatIsk(most.isk_lost)} against ${formatIsk(next.isk_lost)}.`;
}
