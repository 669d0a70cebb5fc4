/** The form of a new report: what is typed into it, what of that makes no sense, and its address. */

import { eveTime, parseEveTime } from "../../eve/time";
import type { ReportSearch } from "../battle/search";
import { parseStamp, toStamp } from "./stamp";

/** A system and a time, as typed. */
export interface Row {
  /** Tells rows apart while they are edited. */
  key: number;
  system: string;
  from: string;
  to: string;
}

export interface Form {
  rows: Row[];
  /** Ids of battles, or links to them. */
  battles: string;
  /** Ids of killmails left out, or links to them. */
  exclude: string;
}

export type Field = "system" | "from" | "to";

/** What is wrong, and what to do about it. */
export interface Fault {
  field?: Field;
  message: string;
  hint?: string;
}

/** What the server takes at most. */
const MAX_WINDOW_MS = 24 * 3_600_000;
export const MAX_ROWS = 20;

export function emptyRow(key: number): Row {
  return { key, system: "", from: "", to: "" };
}

export function isEmpty(row: Row): boolean {
  return [row.system, row.from, row.to].every((text) => text.trim() === "");
}

/** The form of an address; one empty row when it names no window. */
export function formOf(search: ReportSearch): Form {
  const rows = (search.window ?? []).map((text, key) => {
    const [, system = text, from = "", to = ""] = /^([^:]*):([^-]*)-(.*)$/.exec(text) ?? [];
    return { key, system, from: written(from), to: written(to) };
  });
  return {
    rows: rows.length > 0 ? rows : [emptyRow(0)],
    battles: (search.battle ?? []).join(" "),
    exclude: (search.exclude ?? []).join(" "),
  };
}

function written(stamp: string): string {
  const at = parseStamp(stamp);
  return at ? eveTime(at) : stamp;
}

/** Start and end of a row. The end may be a clock alone: then it is the next such time after the start. */
export function timesOf(row: Row): { from: Date | null; to: Date | null } {
  const from = parseTime(row.from);
  const clock = /^\s*(\d{1,2}):(\d{2})\s*$/.exec(row.to);
  if (!clock) return { from, to: parseTime(row.to) };
  if (!from || Number(clock[1]) > 23 || Number(clock[2]) > 59) return { from, to: null };
  const to = new Date(from);
  to.setUTCHours(Number(clock[1]), Number(clock[2]), 0, 0);
  if (to < from) to.setUTCDate(to.getUTCDate() + 1);
  return { from, to };
}

function parseTime(text: string): Date | null {
  return parseEveTime(text) ?? parseStamp(text.trim());
}

/** The first thing wrong with a row that can be seen without the server; null when there is none. */
export function faultOf(row: Row): Fault | null {
  if (row.system.trim() === "") {
    return { field: "system", message: "Which system?", hint: "Its name or id, for example Jorund." };
  }
  const { from, to } = timesOf(row);
  const hint = "Write it as 2021-11-28 10:21, in EVE time (UTC).";
  if (!from) return { field: "from", message: row.from.trim() ? "This is no time." : "From when?", hint };
  if (!to) return { field: "to", message: row.to.trim() ? "This is no time." : "Until when?", hint };
  if (to < from) {
    return { field: "to", message: "It ends before it starts.", hint: "Give the earlier time first." };
  }
  if (to.getTime() - from.getTime() > MAX_WINDOW_MS) {
    return {
      field: "to",
      message: "That is longer than 24 hours.",
      hint: "Cut it into several rows of the same system.",
    };
  }
  return null;
}

/** "30001046:202111281000-202111281500"; null while the times make no sense. */
export function windowOf(system: number, row: Row): string | null {
  const { from, to } = timesOf(row);
  return from && to && `${system}:${toStamp(from)}-${toStamp(to)}`;
}

const LINKED = { battle: /\/battles\/(\d+)/, killmail: /\/(?:kills?|killmails?)\/(\d+)/ };

/** Ids out of ids and links with blanks or commas between them, and the first word that is neither. */
export function idsIn(text: string, what: keyof typeof LINKED): { ids: string[]; odd: string | null } {
  const ids = new Set<string>();
  let odd: string | null = null;
  for (const word of text.split(/[\s,;]+/)) {
    if (word === "") continue;
    const id = /^[1-9]\d{0,15}$/.test(word) ? word : LINKED[what].exec(word)?.[1];
    if (id) ids.add(id);
    else odd ??= word;
  }
  return { ids: [...ids], odd };
}
