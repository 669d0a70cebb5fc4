/**
 * Reports: views on a set of killmails with sides. A stored battle is the plain
 * one; a custom report names systems with their windows, or battles, or both.
 * Either can be narrowed in time and have sides and killmails overruled.
 */

import { type QueryClient, queryOptions, useQuery } from "@tanstack/react-query";
import { getJson } from "../client";
import { complete, type PartialBattle, sharedBattle } from "../delta";
import type { BattleDetail, BattleEvent } from "../model";
import { battleKeys } from "./battles";

/** What a report is asked for by, under the API's names. A missing list is an empty one. */
export interface ReportQuery {
  /** Systems with their windows: "30001046:202111281000-202111281500". */
  window?: string[];
  /** Stored battles taken into a custom report. */
  battle?: string[];
  /** Entities put on a side: "A:alliance-99003581", "none:character-9000". */
  side?: string[];
  /** Killmails left out. */
  exclude?: string[];
  /** Only what was lost from here to there, RFC 3339 in UTC. */
  from?: string;
  to?: string;
}

export type ReportSource =
  | { kind: "battle"; id: number; query: ReportQuery }
  | { kind: "report"; query: ReportQuery };

/** Lists about the same killmails that are asked for when a tab needs them. */
export type ReportPart = "damage" | "presence";

/** The query in one fixed order, so that equal reports have equal addresses: "window=…&from=…" */
export function reportQueryString(query: ReportQuery): string {
  const params = new URLSearchParams();
  for (const key of ["window", "battle", "side", "exclude"] as const) {
    for (const value of query[key] ?? []) params.append(key, value);
  }
  if (query.from) params.set("from", query.from);
  if (query.to) params.set("to", query.to);
  // A colon needs no escape in a query, and addresses are read by people.
  return params.toString().replaceAll("%3A", ":");
}

/** The same report over its whole time. */
export function wholeReport(source: ReportSource): ReportSource {
  const { from: _from, to: _to, ...query } = source.query;
  return { ...source, query };
}

/** Address of a report or a part of it in the API: "/api/v1/battles/7/damage?from=…" */
export function reportUrl(source: ReportSource, part = ""): string {
  const base = source.kind === "battle" ? `/api/v1/battles/${source.id}` : "/api/v1/reports";
  const query = reportQueryString(source.query);
  return `${base}${part && `/${part}`}${query && `?${query}`}`;
}

const keyOf = (source: ReportSource) =>
  source.kind === "battle" ? battleKeys.detail(source.id) : (["report"] as const);

const LIVE_MS = 60_000;

/** Whether a report is a stored battle and nothing else, which the battle's stream tells of. */
export function isPlain(source: ReportSource): source is ReportSource & { kind: "battle" } {
  return source.kind === "battle" && reportQueryString(source.query) === "";
}

export function reportQuery(source: ReportSource) {
  const plain = isPlain(source);
  return queryOptions({
    queryKey: [...keyOf(source), "view", reportQueryString(source.query)],
    queryFn: async ({ signal }) => complete(await getJson<PartialBattle>(reportUrl(source), signal)),
    // What did not change stays the same object, so that its rows are not drawn again.
    structuralSharing: (before, now) =>
      before ? sharedBattle(before as BattleDetail, now as BattleDetail) : (now as BattleDetail),
    // The stream brings a plain battle up to date from whatever state it is in; an answer that
    // was on its way meanwhile would put an older state over that.
    meta: { streamed: plain },
    ...(plain && { staleTime: Number.POSITIVE_INFINITY }),
    // Another window or another side of the same report: the old one stays until the new one is there.
    placeholderData: (before, query) => (sameReport(query?.queryKey, keyOf(source)) ? before : undefined),
    // A battle goes from live to settled by the clock alone, which the stream does not tell.
    refetchInterval: ({ state }) => (!plain && state.data?.status === "live" ? LIVE_MS : false),
  });
}

function sameReport(key: readonly unknown[] | undefined, prefix: readonly unknown[]): boolean {
  return key !== undefined && prefix.every((part, i) => key[i] === part);
}

/** A report; keeps showing the old one while another window or other sides are on their way. */
export function useReport(source: ReportSource) {
  return useQuery(reportQuery(source));
}

/** Damage or presence of a report, as the API answers it. */
export function reportPartQuery<T>(source: ReportSource, part: ReportPart) {
  return queryOptions({
    queryKey: [...keyOf(source), part, reportQueryString(source.query)],
    queryFn: ({ signal }) => getJson<T>(reportUrl(source, part), signal),
    placeholderData: (before, query) =>
      sameReport(query?.queryKey, [...keyOf(source), part]) ? before : undefined,
  });
}

export function useReportPart<T>(source: ReportSource, part: ReportPart) {
  return useQuery(reportPartQuery<T>(source, part));
}

/** Asks again for everything shown of a report. */
export function renewReport(client: QueryClient, source: ReportSource): void {
  client.invalidateQueries({ queryKey: keyOf(source) });
}

/** Asks again for everything shown of a battle but the battle itself, which its stream brings. */
export function renewAround(client: QueryClient, source: ReportSource): void {
  client.invalidateQueries({ queryKey: keyOf(source), predicate: ({ meta }) => !meta?.streamed });
}

/** Whether a change of a battle changes the report. */
export function concerns(source: ReportSource, event: BattleEvent): boolean {
  if (source.kind === "battle" && event.id === source.id) return true;
  if (source.query.battle?.includes(String(event.id))) return true;
  const systems = new Set((source.query.window ?? []).map((window) => Number(window.split(":")[0])));
  return event.battle?.systems.some((system) => systems.has(system.id)) ?? false;
}
