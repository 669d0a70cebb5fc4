/** What the address of a report says beside the battle and the tab: nothing else remembers it. */

import type { ReportQuery } from "../../api/queries/report";
import type { RawSearch } from "../battles/filters";

export interface ReportSearch extends ReportQuery {
  /** Position of the replay: an EVE time, or a killmail, just after which it stands. */
  at?: string;
}

const list = (value: string | string[] | undefined): string[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];

/**
 * Reads the address. Times that make no sense are dropped; what the server must
 * understand is passed on as it is, so that its complaint reaches the reader.
 * Tabs and editor keep parameters of their own there, which are left alone.
 */
export function parseReportSearch(raw: RawSearch): ReportSearch {
  const { window: _window, battle: _battle, side: _side, exclude: _exclude, from: _from, ...rest } = raw;
  const { to: _to, at: _at, ...kept } = rest;
  const search: ReportSearch = kept;
  for (const key of ["window", "battle", "side", "exclude"] as const) {
    const values = [...new Set(list(raw[key]))].filter((value) => value !== "");
    if (values.length > 0) search[key] = values;
  }
  const [from, to] = [instant(list(raw.from)[0]), instant(list(raw.to)[0])];
  const forwards = !from || !to || from < to;
  if (from && forwards) search.from = from;
  if (to && forwards) search.to = to;
  const at = list(raw.at)[0];
  if (at && (/^[1-9]\d{0,15}$/.test(at) || instant(at))) search.at = instant(at) ?? at;
  return search;
}

/** An RFC 3339 time in UTC without fractions, or undefined. Without a zone it is EVE time. */
function instant(text: string | undefined): string | undefined {
  const [, time, zone] = /^(\d{4}-\d{2}-\d{2}T[\d:.]+)(Z|[+-]\d{2}:\d{2})?$/.exec(text ?? "") ?? [];
  const at = Date.parse(`${time}${zone ?? "Z"}`);
  return Number.isNaN(at) ? undefined : toInstant(at);
}

/** Milliseconds as the address writes them: "2021-11-28T10:41:07Z". */
export function toInstant(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, "Z");
}

/** The search of a link or a navigation that changes some parameters and keeps all others. */
export function changed(changes: object): never {
  // Every report route keeps these parameters; the router wants one of them named.
  return ((before: RawSearch) => ({ ...before, ...changes })) as never;
}

/** The part of the search that the API is asked by. */
export function reportQueryOf({ window, battle, side, exclude, from, to }: ReportSearch): ReportQuery {
  return { window, battle, side, exclude, from, to };
}
