import { useQuery } from "@tanstack/react-query";
import { useEffect, useEffectEvent, useMemo, useRef, useState } from "react";
import { useLiveEvents } from "../../api/live";
import type { Killmail } from "../../api/model";
import { FEED_RING, recentKillmailsQuery } from "../../api/queries/killmails";
import { type FeedFilters, matches } from "./filters";

/** Killmails that come faster than this are shown together, milliseconds; nobody reads faster. */
const TOGETHER_MS = 250;

interface Feed {
  /** Rows to show, newest first. */
  rows: Killmail[];
  /** Killmails held back while paused. */
  held: number;
  result: ReturnType<typeof useQuery<Killmail[]>>;
}

/** The live feed: recent killmails, then the stream's. While paused, new ones are held back and counted. */
export function useFeed(filters: FeedFilters, paused: boolean): Feed {
  const result = useQuery(recentKillmailsQuery(filters));
  const [{ shown, waiting }, setKept] = useState(NOTHING);

  // Other filters are another feed.
  const [of, setOf] = useState(filters);
  if (of !== filters) {
    setOf(filters);
    setKept(NOTHING);
  }
  const come = useEffectEvent((events: readonly Killmail[]) => {
    const news = events.filter((killmail) => matches(killmail, filters));
    if (news.length === 0) return;
    setKept((kept) =>
      paused
        ? { ...kept, waiting: merged(news, kept.waiting) }
        : { ...kept, shown: merged(news, kept.shown) },
    );
  });
  const gather = useGathered(come);
  useLiveEvents((events) =>
    gather(events.flatMap((event) => (event.type === "killmail" ? [event.data] : []))),
  );
  useEffect(() => {
    if (!paused)
      setKept((kept) =>
        kept.waiting.length > 0 ? { shown: merged(kept.waiting, kept.shown), waiting: [] } : kept,
      );
  }, [paused]);

  const rows = useMemo(() => merged(shown, result.data ?? []), [shown, result.data]);
  return { rows, held: waiting.length, result };
}

interface Kept {
  shown: Killmail[];
  /** Held back while paused. */
  waiting: Killmail[];
}

const NOTHING: Kept = { shown: [], waiting: [] };

/** Hands on what comes: at once after a quiet time, else together with what else comes soon. */
function useGathered<T>(take: (items: readonly T[]) => void): (items: readonly T[]) => void {
  const state = useRef<{ items: T[]; timer?: ReturnType<typeof setTimeout>; last: number }>({
    items: [],
    last: 0,
  });
  useEffect(() => () => clearTimeout(state.current.timer), []);
  return (items) => {
    const now = state.current;
    now.items.push(...items);
    if (now.timer !== undefined || now.items.length === 0) return;
    const wait = Math.max(0, now.last + TOGETHER_MS - performance.now());
    now.timer = setTimeout(() => {
      const { items } = now;
      state.current = { items: [], last: performance.now() };
      take(items);
    }, wait);
  };
}

/** Both lists as one, newest kill first, each killmail once in its newest form, cut to the ring. */
export function merged(news: readonly Killmail[], before: readonly Killmail[]): Killmail[] {
  const byId = new Map<number, Killmail>();
  for (const killmail of before) byId.set(killmail.id, killmail);
  for (const killmail of news) byId.set(killmail.id, killmail);
  return [...byId.values()]
    .sort(
      // The API writes all times alike, so that they order as text.
      (a, b) => Number(a.occurred_at < b.occurred_at) - Number(a.occurred_at > b.occurred_at) || b.id - a.id,
    )
    .slice(0, FEED_RING);
}
