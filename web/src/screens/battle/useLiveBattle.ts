import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useEffectEvent, useRef, useState } from "react";
import { patchedBattle } from "../../api/delta";
import { useBattleChanges, useLiveEvents, useStreamState } from "../../api/live";
import type { BattleDetail, BattleKill } from "../../api/model";
import {
  concerns,
  isPlain,
  type ReportSource,
  renewAround,
  renewReport,
  reportQuery,
  wholeReport,
} from "../../api/queries/report";
import type { BattleChange } from "../../api/stream";

/** What is asked for again while a battle grows, is so at most this often, however fast it does. */
const RENEW_MS = 2_000;
/** Without its stream a battle that burns is asked for again this often. */
const UNSTREAMED_MS = 60_000;

/**
 * Keeps the shown report up to date. A stored battle is followed on its own stream,
 * which brings what changes in it; its narrowed view and its parts are then asked for
 * again. Other reports are asked for again when the site's stream tells of a battle
 * they are about. `loaded` says that the whole report is there.
 */
export function useLiveBattle(source: ReportSource, loaded: boolean): void {
  const whole = wholeReport(source);
  const [refused, setRefused] = useState(false);
  const followed = isPlain(whole) && !refused;
  const client = useQueryClient();
  const { queryKey } = reportQuery(whole);

  const around = useThrottled(() => renewAround(client, source));
  const all = useThrottled(() => renewReport(client, source));

  useLiveEvents((events) => {
    if (events.some((event) => event.type === "battle" && concerns(source, event.data))) all();
  }, !followed);

  useBattleChanges(
    followed && loaded ? whole.id : null,
    () => client.getQueryData(queryKey)?.mark ?? "",
    (changes, rebase) => {
      const last = changes.at(-1);
      if (last?.type === "refused") {
        setRefused(true);
        return all();
      }
      if (changes.some((change) => change.type === "reset")) {
        client.invalidateQueries({ queryKey }).then(rebase);
        return;
      }
      const shown = client.getQueryData(queryKey);
      if (!shown) return;
      const made = followedUp(shown, changes);
      if (made && made !== shown) {
        client.setQueryData(queryKey, made);
        around();
      }
      if (!made) rebase();
    },
  );

  const open = useStreamState() === "open";
  useEffect(() => {
    if (!followed || open) return;
    const timer = setInterval(() => renewReport(client, source), UNSTREAMED_MS);
    return () => clearInterval(timer);
  }, [followed, open, client, source]);
}

/** The state that the deltas lead to; null when one of them is for a state that is not shown. */
function followedUp(shown: BattleDetail, changes: readonly BattleChange[]): BattleDetail | null {
  let state: BattleDetail | null = shown;
  for (const change of changes) {
    // What was fetched meanwhile may have been there first.
    if (change.type !== "delta" || change.data.mark === state.mark) continue;
    state = patchedBattle(state, change.data);
    if (!state) return null;
  }
  return state;
}

/** Calls `job` at once, and then at most every RENEW_MS, the last time after the last call. */
function useThrottled(job: () => void): () => void {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const last = useRef(0);
  const run = useEffectEvent(job);
  useEffect(() => () => clearTimeout(timer.current), []);
  return () => {
    if (timer.current !== undefined) return; // already on its way
    const wait = Math.max(0, last.current + RENEW_MS - Date.now());
    timer.current = setTimeout(() => {
      timer.current = undefined;
      last.current = Date.now();
      run();
    }, wait);
  };
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
