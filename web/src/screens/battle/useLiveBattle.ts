import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useLiveEvents } from "../../api/live";
import type { BattleKill } from "../../api/model";
import { concerns, type ReportSource, renewReport } from "../../api/queries/report";

/** A battle is asked for again at most this often, however fast it grows. */
const RENEW_MS = 2_000;

/** Keeps the shown report up to date while the stream speaks of it. */
export function useLiveBattle(source: ReportSource): void {
  const client = useQueryClient();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const last = useRef(0);
  useLiveEvents((events) => {
    if (timer.current !== undefined) return; // already on its way
    if (!events.some((event) => event.type === "battle" && concerns(source, event.data))) return;
    const wait = Math.max(0, last.current + RENEW_MS - Date.now());
    timer.current = setTimeout(() => {
      timer.current = undefined;
      last.current = Date.now();
      renewReport(client, source);
    }, wait);
  });
  useEffect(() => () => clearTimeout(timer.current), []);
}

/**
 * Killmails that came after the page was opened. What another query brings in,
 * `words` tells it, is not new: it was only not asked for before.
 */
export function useFresh(kills: readonly BattleKill[], words: string): ReadonlySet<number> {
  const [known, setKnown] = useState(() => ({
    kills,
    words,
    opened: new Set(kills.map((kill) => kill.id)),
    fresh: new Set<number>(),
  }));
  if (known.kills !== kills) {
    const came = kills.map((kill) => kill.id).filter((id) => !known.opened.has(id));
    const asked = words !== known.words;
    setKnown({
      kills,
      words,
      opened: asked ? new Set([...known.opened, ...came]) : known.opened,
      fresh: asked ? known.fresh : new Set(came),
    });
  }
  return known.fresh;
}
