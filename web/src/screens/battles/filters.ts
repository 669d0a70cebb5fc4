/**
 * The filters of the battle list. They live in the address and nowhere else, under
 * the names of the API, so that an address can be read, shared and edited by hand.
 */

import type { Battle } from "../../api/model";
import type { BattleQuery } from "../../api/queries/battles";
import { plural } from "../../eve/count";
import { formatIsk } from "../../eve/isk";
import { SPACES } from "../../eve/security";
import { parseEveTime } from "../../eve/time";

/** What the router hands over: every parameter as text, repeated ones as a list. */
export type RawSearch = Record<string, string | string[] | undefined>;

export const KINDS = [
  ["battle", "Battle"],
  ["skirmish", "Skirmish"],
  ["camp", "Camp"],
  ["gank", "Gank"],
  ["structure", "Structure"],
  ["solo", "Solo"],
] as const;

/** Windows back from now, in seconds. Those the API names itself are asked for by its word. */
export const WINDOWS = {
  "1h": { seconds: 3_600, range: "last_hour" },
  "3h": { seconds: 10_800 },
  "6h": { seconds: 21_600 },
  "12h": { seconds: 43_200 },
  "24h": { seconds: 86_400, range: "last_24h" },
  "7d": { seconds: 604_800, range: "last_7d" },
  "30d": { seconds: 2_592_000, range: "last_30d" },
} as const satisfies Record<string, { seconds: number; range?: string }>;

export type Window = keyof typeof WINDOWS;

export const SORTS = [
  ["-started_at", "Newest"],
  ["started_at", "Oldest"],
  ["-isk", "Most ISK"],
  ["-kills", "Most kills"],
  ["-pilots", "Most pilots"],
  ["-duration", "Longest"],
  ["isk", "Least ISK"],
  ["kills", "Fewest kills"],
  ["pilots", "Fewest pilots"],
  ["duration", "Shortest"],
] as const;

const DEFAULT_SORT = "-started_at";

const ID_KEYS = [
  "system_id",
  "constellation_id",
  "region_id",
  "alliance_id",
  "corporation_id",
  "character_id",
  "ship_type_id",
] as const;
const MIN_KEYS = ["min_kills", "min_pilots", "min_isk", "min_duration"] as const;
const MAX_KEYS = ["max_kills", "max_pilots", "max_isk", "max_duration"] as const;

type IdKey = (typeof ID_KEYS)[number];
type NumberKey = (typeof MIN_KEYS)[number] | (typeof MAX_KEYS)[number];

type Kind = NonNullable<BattleQuery["kind"]>[number];
type SpaceType = NonNullable<BattleQuery["space_type"]>[number];
type Sort = NonNullable<BattleQuery["sort"]>;

export type BattleFilters = {
  kind?: Kind[];
  space_type?: SpaceType[];
  window?: Window;
  /** RFC 3339. */
  since?: string;
  until?: string;
  sort?: Sort;
} & { [K in IdKey]?: number[] } & { [K in NumberKey]?: number };

const list = (value: string | string[] | undefined): string[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];

const one = (value: string | string[] | undefined): string | undefined => list(value)[0];

/** Keeps the known values of a repeated parameter, each once. */
function known<K extends string>(
  value: string | string[] | undefined,
  allowed: readonly (readonly [K, string])[],
): K[] | undefined {
  const given = new Set(list(value));
  const kept = allowed.map(([key]) => key).filter((key) => given.has(key));
  return kept.length > 0 ? kept : undefined;
}

/** Reads filters from an address; what makes no sense is dropped, never an error. */
export function parseFilters(raw: RawSearch): BattleFilters {
  const filters: BattleFilters = {};
  const kind = known(raw.kind, KINDS);
  if (kind) filters.kind = kind;
  const space = known(raw.space_type, SPACES);
  if (space) filters.space_type = space;
  for (const key of ID_KEYS) {
    const ids = [...new Set(list(raw[key]).map(Number))].filter((id) => Number.isSafeInteger(id) && id > 0);
    if (ids.length > 0) filters[key] = ids;
  }
  for (const key of [...MIN_KEYS, ...MAX_KEYS]) {
    const value = Number(one(raw[key]) ?? Number.NaN);
    if (Number.isFinite(value) && value > 0) filters[key] = value;
  }
  const window = one(raw.window);
  if (window && Object.hasOwn(WINDOWS, window)) filters.window = window as Window;
  for (const key of ["since", "until"] as const) {
    const at = parseEveTime(one(raw[key]) ?? "");
    if (at && !filters.window) filters[key] = at.toISOString().replace(".000Z", "Z");
  }
  const [sort] = known(raw.sort, SORTS) ?? [];
  if (sort && sort !== DEFAULT_SORT) filters.sort = sort;
  return filters;
}

export function sortOf(filters: BattleFilters): Sort {
  return filters.sort ?? DEFAULT_SORT;
}

/** The API's query for the filters. `now` is only used for windows that the API has no word for. */
export function toQuery(filters: BattleFilters, now: Date): BattleQuery {
  const { window, ...rest } = filters;
  const query: BattleQuery = { ...rest };
  if (window) {
    const preset: { seconds: number; range?: BattleQuery["time_range"] } = WINDOWS[window];
    if (preset.range) query.time_range = preset.range;
    else query.since = new Date(now.getTime() - preset.seconds * 1000).toISOString();
  }
  return query;
}

/** One filter in force: what to call it, and the filters without it. */
export interface ActiveFilter {
  key: string;
  label: string;
  without: BattleFilters;
}

const ID_WORDS: Record<IdKey, string> = {
  system_id: "System",
  constellation_id: "Constellation",
  region_id: "Region",
  alliance_id: "Alliance",
  corporation_id: "Corporation",
  character_id: "Pilot",
  ship_type_id: "Ship",
};

const NUMBER_WORDS: Record<NumberKey, (n: number) => string> = {
  min_kills: (n) => `${n}+ kills`,
  max_kills: (n) => `at most ${plural(n, "kill")}`,
  min_pilots: (n) => `${n}+ pilots`,
  max_pilots: (n) => `at most ${plural(n, "pilot")}`,
  min_isk: (n) => `${formatIsk(n)}+ ISK`,
  max_isk: (n) => `at most ${formatIsk(n)} ISK`,
  min_duration: (n) => `${Math.round(n / 60)}+ minutes`,
  max_duration: (n) => `at most ${Math.round(n / 60)} minutes`,
};

const omit = (filters: BattleFilters, key: keyof BattleFilters): BattleFilters => {
  const { [key]: _, ...rest } = filters;
  return rest;
};

/**
 * Every filter in force, narrowest first: that order is also the order in which
 * an empty list suggests to loosen them. `nameOf` knows names of ids, or gives null.
 */
export function activeFilters(
  filters: BattleFilters,
  nameOf: (key: IdKey, id: number) => string | null = () => null,
): ActiveFilter[] {
  const active: ActiveFilter[] = [];
  for (const key of ID_KEYS) {
    const ids = filters[key] ?? [];
    for (const id of ids) {
      const others = ids.filter((other) => other !== id);
      active.push({
        key: `${key}=${id}`,
        label: nameOf(key, id) ?? `${ID_WORDS[key]} ${id}`,
        without: others.length > 0 ? { ...filters, [key]: others } : omit(filters, key),
      });
    }
  }
  for (const key of [...MIN_KEYS, ...MAX_KEYS]) {
    const value = filters[key];
    if (value !== undefined)
      active.push({ key, label: NUMBER_WORDS[key](value), without: omit(filters, key) });
  }
  if (filters.window)
    active.push({ key: "window", label: `last ${filters.window}`, without: omit(filters, "window") });
  for (const key of ["since", "until"] as const) {
    const at = filters[key];
    if (at)
      active.push({ key, label: `${key} ${at.slice(0, 16).replace("T", " ")}`, without: omit(filters, key) });
  }
  const words = (keys: string[], table: readonly (readonly [string, string])[]) =>
    keys.map((key) => table.find(([k]) => k === key)?.[1] ?? key).join(" or ");
  if (filters.space_type)
    active.push({
      key: "space_type",
      label: words(filters.space_type, SPACES),
      without: omit(filters, "space_type"),
    });
  if (filters.kind)
    active.push({ key: "kind", label: words(filters.kind, KINDS), without: omit(filters, "kind") });
  return active;
}

/** Kinds the API lists when none is asked for. */
const DEFAULT_KINDS: readonly Kind[] = ["battle", "skirmish", "camp", "structure"];

/**
 * Whether a battle of the stream may belong in the list. Filters on parties and
 * places are left to the server: a battle names only its largest parties.
 */
export function mayMatch(battle: Battle, filters: BattleFilters): boolean {
  const { min_kills = 0, min_pilots = 0, min_isk = 0 } = filters;
  if (!(filters.kind ?? DEFAULT_KINDS).includes(battle.kind)) return false;
  if (filters.space_type && !filters.space_type.includes(battle.space_type)) return false;
  if (filters.system_id && !battle.systems.some((system) => filters.system_id?.includes(system.id)))
    return false;
  if (filters.until && battle.started_at >= filters.until) return false;
  return battle.kills >= min_kills && battle.pilots >= min_pilots && (battle.isk_destroyed ?? 0) >= min_isk;
}
