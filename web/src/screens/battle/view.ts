/** How the reader looks at a report: which side, in which order, what searched. It lives in the address. */

import { useSearch } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";
import type { RawSearch } from "../battles/filters";
import { useChange } from "./useChange";

/** Orders of the pilots, the first of them when the address names none. */
export const PILOT_ORDERS = ["class", "damage", "kills", "isk"] as const;

export type PilotOrder = (typeof PILOT_ORDERS)[number];

export interface ReportView {
  /** Id of the side looked at; undefined for the first. */
  show?: string;
  by: PilotOrder;
  /** What is searched among the pilots. */
  q: string;
  /** Only pilots who lost something. */
  lost: boolean;
}

const one = (value: unknown): string => {
  const first: unknown = Array.isArray(value) ? value[0] : value;
  return typeof first === "string" ? first : "";
};

/** Reads the address; what makes no sense counts as not said. */
export function parseView(raw: RawSearch): ReportView {
  const show = one(raw.show);
  return {
    show: show === "" ? undefined : show,
    by: PILOT_ORDERS.find((order) => order === one(raw.by)) ?? "class",
    q: one(raw.q),
    lost: one(raw.lost) === "1",
  };
}

/** What of a changed view goes into the address; undefined leaves a parameter out. */
export function viewSearch(view: Partial<ReportView>): Record<string, string | undefined> {
  const search: Record<string, string | undefined> = {};
  if ("show" in view) search.show = view.show;
  if (view.by !== undefined) search.by = view.by === "class" ? undefined : view.by;
  if (view.q !== undefined) search.q = view.q === "" ? undefined : view.q;
  if (view.lost !== undefined) search.lost = view.lost ? "1" : undefined;
  return search;
}

/** The view of the address, and how to change it. */
export function useView(): [ReportView, (changes: Partial<ReportView>) => void] {
  // Every report route keeps these parameters; none of them is named here.
  const raw = useSearch({ strict: false }) as RawSearch;
  const write = useChange();
  const view = useMemo(() => parseView(raw), [raw]);
  const change = useCallback((changes: Partial<ReportView>) => void write(viewSearch(changes)), [write]);
  return [view, change];
}
