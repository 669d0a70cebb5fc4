/** The part of a battle that is shown: arithmetic of the brush. Times are milliseconds. */

export interface TimeWindow {
  from: number;
  to: number;
}

/** The time between the first and the last moment there is. */
export type Span = TimeWindow;

/** Nothing narrower can be brushed; a second holds a killmail. */
const NARROWEST_MS = 1_000;

const STEPS_S = [1, 5, 10, 15, 30, 60, 300, 600, 900, 1_800, 3_600];

/** What a brush snaps to, so that addresses stay round: the first step of at least two pixels. */
export function snapStep(span: Span, pixels: number): number {
  const least = (2 * (span.to - span.from)) / 1000 / Math.max(1, pixels);
  return (STEPS_S.find((step) => step >= least) ?? 3_600) * 1_000;
}

const clamp = (value: number, low: number, high: number) => Math.max(low, Math.min(high, value));

/** To the nearest step, but never beyond the span; close to an end it is the end. */
export function snap(at: number, span: Span, step: number): number {
  if (at - span.from < step / 2) return span.from;
  if (span.to - at < step / 2) return span.to;
  return clamp(Math.round(at / step) * step, span.from, span.to);
}

/** A window drawn from one time to another, in either direction. */
export function brushed(a: number, b: number, span: Span, step: number): TimeWindow {
  const [from, to] = [snap(Math.min(a, b), span, step), snap(Math.max(a, b), span, step)];
  return atLeast({ from, to }, span);
}

/** One end moved; it pushes no further than the other end. */
export function withEnd(window: TimeWindow, end: "from" | "to", at: number, span: Span): TimeWindow {
  return end === "from"
    ? { ...window, from: clamp(at, span.from, window.to - NARROWEST_MS) }
    : { ...window, to: clamp(at, window.from + NARROWEST_MS, span.to) };
}

/** The whole window moved, as far as the span goes. */
export function moved(window: TimeWindow, by: number, span: Span): TimeWindow {
  const kept = clamp(by, span.from - window.from, span.to - window.to);
  return { from: window.from + kept, to: window.to + kept };
}

function atLeast({ from, to }: TimeWindow, span: Span): TimeWindow {
  if (to - from >= NARROWEST_MS) return { from, to };
  const start = clamp(from, span.from, span.to - NARROWEST_MS);
  return { from: start, to: start + NARROWEST_MS };
}

/** The window as it is asked for; an end at the end of the span stays open, so that a live battle may grow. */
export function openEnds(window: TimeWindow, span: Span): { from?: number; to?: number } {
  return {
    from: window.from > span.from ? window.from : undefined,
    to: window.to < span.to ? window.to : undefined,
  };
}

/** The window of an address, its open ends closed by the span; null when it asks for the whole. */
export function windowOf(from: string | undefined, to: string | undefined, span: Span): TimeWindow | null {
  if (!from && !to) return null;
  const start = from ? clamp(Date.parse(from), span.from, span.to) : span.from;
  const end = to ? clamp(Date.parse(to), span.from, span.to) : span.to;
  return start < end ? { from: start, to: end } : atLeast({ from: start, to: end }, span);
}
