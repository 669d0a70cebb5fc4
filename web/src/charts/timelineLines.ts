/** What each side of a timeline had lost by when. */

import type { TimelineLoss } from "./timelineDrawing";

/** What a side has lost, after each of its losses. */
export interface Line {
  side: string;
  points: { at: number; isk: number; counted: number }[];
}

/** The losses of each of the sides added up. */
export function cumulated(losses: readonly TimelineLoss[], sides: readonly string[]): Line[] {
  const lines = new Map(sides.map((side): [string, Line] => [side, { side, points: [] }]));
  for (const loss of losses) {
    const points = lines.get(loss.side)?.points;
    const before = points?.at(-1) ?? NOTHING;
    points?.push({
      at: loss.at,
      isk: before.isk + loss.isk,
      counted: before.counted + Number(loss.counted),
    });
  }
  return [...lines.values()];
}

const NOTHING = { isk: 0, counted: 0 };

/** What a side had lost before a time. */
export const before = (line: Line, end: number) => line.points.findLast((point) => point.at < end) ?? NOTHING;

/** In the end, ISK. */
export const total = (line: Line) => line.points.at(-1)?.isk ?? 0;
