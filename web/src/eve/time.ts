/** EVE time is UTC on a 24-hour clock. Nothing here reads the browser's time zone. */

const two = (n: number) => String(n).padStart(2, "0");

/** "2026-11-22" */
export function eveDate(at: Date): string {
  return `${at.getUTCFullYear()}-${two(at.getUTCMonth() + 1)}-${two(at.getUTCDate())}`;
}

/** "23:41" */
export function eveHour(at: Date): string {
  return `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`;
}

/** "23:41:07" */
export function eveClock(at: Date): string {
  return `${eveHour(at)}:${two(at.getUTCSeconds())}`;
}

/** "2026-11-22 23:41" */
export function eveTime(at: Date): string {
  return `${eveDate(at)} ${eveHour(at)}`;
}

/** "2021-11-28 10:21 – 15:04"; the second date appears only when the day changes. */
export function eveWindow(from: Date, to: Date): string {
  if (eveTime(from) === eveTime(to)) return eveTime(from);
  return `${eveTime(from)} – ${eveDate(from) === eveDate(to) ? eveHour(to) : eveTime(to)}`;
}

/** "45s", "12m", "4h 43m", "3d 2h". Seconds in. */
export function duration(seconds: number): string {
  const s = Math.max(0, Math.round(seconds));
  if (s < 60) return `${s}s`;
  const m = Math.floor(s / 60);
  if (m < 60) return `${m}m`;
  const h = Math.floor(m / 60);
  if (h < 24) return m % 60 === 0 ? `${h}h` : `${h}h ${m % 60}m`;
  const d = Math.floor(h / 24);
  return h % 24 === 0 ? `${d}d` : `${d}d ${h % 24}h`;
}

/** "just now", "4m ago", "3h ago", "12d ago", "4y ago": one unit, for the eye. */
export function relative(at: Date, now: Date): string {
  const s = Math.round((now.getTime() - at.getTime()) / 1000);
  if (s < 10) return "just now";
  if (s < 60) return `${s}s ago`;
  if (s < 3600) return `${Math.floor(s / 60)}m ago`;
  if (s < 86_400) return `${Math.floor(s / 3600)}h ago`;
  if (s < 365 * 86_400) return `${Math.floor(s / 86_400)}d ago`;
  return `${Math.floor(s / (365 * 86_400))}y ago`;
}

/** Reads "2026-11-22 23:41", "2026-11-22" or an RFC 3339 time as EVE time; null when it is no time. */
export function parseEveTime(text: string): Date | null {
  const match = /^\s*(\d{4})-(\d{2})-(\d{2})(?:[ T](\d{2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?Z?)?\s*$/.exec(text);
  if (!match) return null;
  const [y, mo, d, h, mi, s] = match.slice(1).map((part) => Number(part ?? 0)) as number[];
  const at = new Date(Date.UTC(y ?? 0, (mo ?? 1) - 1, d, h, mi, s));
  // Date.UTC rolls 2026-02-31 over into March; such a time does not exist.
  const exists =
    at.getUTCMonth() === (mo ?? 1) - 1 && at.getUTCDate() === d && (h ?? 0) < 24 && (mi ?? 0) < 60;
  return exists ? at : null;
}
