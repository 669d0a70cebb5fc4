/** How a battle went, in words: its phases and what changed it, put together. */

import type { Phase, TurningPoint } from "../../api/model";
import { plural } from "../../eve/count";

export interface PhaseRow {
  phase: Phase;
  /** "Opening", "Height": what the phase was for the whole. */
  name: string;
  /** Turning points within it, by time. */
  points: TurningPoint[];
}

/**
 * Phases with their turning points. Points before the first phase or between two
 * stand in the phase before them, so that none is lost.
 */
export function courseRows(phases: readonly Phase[], points: readonly TurningPoint[]): PhaseRow[] {
  const height = phases.reduce(
    (best, phase, i) => (phase.per_minute > (phases[best]?.per_minute ?? 0) ? i : best),
    0,
  );
  const rows = phases.map(
    (phase, i): PhaseRow => ({ phase, name: phaseName(phases, i, height), points: [] }),
  );
  for (const point of [...points].sort((a, b) => a.at.localeCompare(b.at))) {
    const row = rows.findLast(({ phase }) => phase.started_at <= point.at) ?? rows[0];
    row?.points.push(point);
  }
  return rows;
}

/** A fall of the pace to less than this share of the height is the end of the fight, not another wave. */
const WANING = 0.5;

function phaseName(phases: readonly Phase[], i: number, height: number): string {
  const phase = phases[i];
  if (!phase) return "";
  if (phases.length === 1) return "One steady fight";
  if (i === height) return "Height";
  if (i === 0) return "Opening";
  const last = i === phases.length - 1;
  const waning = phase.per_minute < (phases[height]?.per_minute ?? 0) * WANING;
  if (phase.rule.startsWith("after a lull")) return last && waning ? "Aftermath" : "Resumed";
  if (i < height) return "Build-up";
  if (!waning) return "Second wave";
  return last ? "Aftermath" : "Slackening";
}

/** "7.0 losses a minute"; a pace below one is said per hour, where it can be imagined. */
export function paceWords(perMinute: number): string {
  if (perMinute >= 1) return `${perMinute.toFixed(1)} losses a minute`;
  const hourly = Math.round(perMinute * 60);
  return `${plural(hourly, "loss", "losses")} an hour`;
}

/** A turning point without the side it begins with, which its badge says: "lost 5 logistics in 3 minutes". */
export function pointWords(point: TurningPoint): string {
  const prefix = `side ${point.side} `;
  return point.text.startsWith(prefix) ? point.text.slice(prefix.length) : point.text;
}
