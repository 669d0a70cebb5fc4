/** Scales for the charts: plain functions from data to pixels. */

/** Maps [from, to] onto [start, end] linearly; an empty domain maps to start. */
export function linear(from: number, to: number, start: number, end: number): (value: number) => number {
  const span = to - from;
  return (value) => (span === 0 ? start : start + ((value - from) / span) * (end - start));
}

/** The smallest of 1, 2, 3, 4, 5, 6, 8 × 10^n that is at least `max`: a round top for an axis. */
export function niceCeil(max: number): number {
  if (max <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(max));
  const step = [1, 2, 3, 4, 5, 6, 8, 10].find((s) => s * power >= max) ?? 10;
  return step * power;
}

const STEPS_S = [60, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, 86_400];

/** Round EVE times between two instants (ms), at most `most` of them. */
export function timeTicks(from: number, to: number, most: number): number[] {
  const seconds = (to - from) / 1000;
  const step =
    (STEPS_S.find((s) => seconds / s <= most) ?? Math.ceil(seconds / most / 86_400) * 86_400) * 1000;
  const ticks: number[] = [];
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) ticks.push(at);
  return ticks;
}

/** Half the width of a time that is written under its tick, with some air, pixels. */
const HALF_TIME = 18;

/** The middle of a time under its tick; never across an end of the axis, where a grip would cut it. */
export function timePlace(x: number, left: number, right: number): number {
  return Math.max(left + HALF_TIME, Math.min(right - HALF_TIME, x));
}

/** Path of a staircase through points: each value holds until the next point. */
export function stairs(points: readonly (readonly [number, number])[]): string {
  const [first, ...rest] = points;
  if (!first) return "";
  const r = (n: number) => Math.round(n * 10) / 10;
  return `M${r(first[0])} ${r(first[1])}${rest.map(([x, y]) => `H${r(x)}V${r(y)}`).join("")}`;
}

/** The last point of every pixel column: no more can be seen of a line that only rises or falls. */
export function lastOfColumn(points: readonly (readonly [number, number])[]): (readonly [number, number])[] {
  return points.filter(([x], i) => {
    const next = points[i + 1];
    return !next || Math.floor(next[0]) > Math.floor(x);
  });
}
