import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useLiveEvents } from "../../api/live";
import type { Killmail } from "../../api/model";
import { FEED_RING, recentKillmailsQuery } from "../../api/queries/killmails";
import { type FeedFilters, matches } from "./filters";

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
  const [shown, setShown] = useState<Killmail[]>([]);
  const [waiting, setWaiting] = useState<Killmail[]>([]);

  // Other filters are another feed.
  const [of, setOf] = useState(filters);
  if (of !== filters) {
    setOf(filters);
    setShown([]);
    setWaiting([]);
  }
  useLiveEvents((events) => {
    const news = events.flatMap((event) =>
      event.type === "killmail" && matches(event.data, filters) ? [event.data] : [],
    );
    if (news.length > 0) setWaiting((before) => merged(news, before));
  });
  useEffect(() => {
    if (paused || waiting.length === 0) return;
    setShown((before) => merged(waiting, before));
    setWaiting([]);
  }, [paused, waiting]);

  return { rows: merged(shown, result.data ?? []), held: waiting.length, result };
}

/** Both lists as one, newest kill first, each killmail once in its newest form, cut to the ring. */
export function merged(news: readonly Killmail[], before: readonly Killmail[]): Killmail[] {
  const byId = new Map<number, Killmail>();
  for (const killmail of before) byId.set(killmail.id, killmail);
  for (const killmail of news) byId.set(killmail.id, killmail);
  return [...byId.values()]
    .sort((a, b) => b.occurred_at.localeCompare(a.occurred_at) || b.id - a.id)
    .slice(0, FEED_RING);
}
