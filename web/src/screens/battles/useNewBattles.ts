import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useLiveEvents } from "../../api/live";
import type { Battle, BattleEvent } from "../../api/model";
import { type BattlePages, battleKeys } from "../../api/queries/battles";

/** What became a battle later than this after its last loss is history, milliseconds. */
const NEWS_MS = 24 * 3_600_000;

/**
 * Whether a battle that is not listed is a new one: it goes on, or was found for the
 * first time in what just happened. Corrections, late killmails and imports change and
 * split battles of old, which stand far down in the list, and are no news.
 */
export function isNews({ status, revision, ended_at }: Battle, now: number): boolean {
  return status === "live" || (revision === 1 && now - Date.parse(ended_at) < NEWS_MS);
}

/**
 * Follows the stream for a list: battles that are shown are renewed in place,
 * new ones that are not are counted. The list itself stays where it is until the
 * player asks for them with seen().
 */
export function useNewBattles(
  shown: readonly Battle[],
  wanted: (battle: Battle) => boolean,
): { fresh: number; seen: () => void } {
  const client = useQueryClient();
  const [unseen, setUnseen] = useState<ReadonlySet<number>>(new Set());
  useLiveEvents((events) => {
    const latest = new Map<number, BattleEvent>();
    for (const event of events) if (event.type === "battle") latest.set(event.data.id, event.data);
    if (latest.size === 0) return;

    const known = new Set(shown.map((battle) => battle.id));
    if ([...latest.keys()].some((id) => known.has(id))) {
      client.setQueriesData<BattlePages>(
        { queryKey: battleKeys.lists },
        (list) => list && renewed(list, latest),
      );
    }
    const now = Date.now();
    setUnseen((before) => {
      const next = new Set(before);
      for (const { id, battle } of latest.values()) {
        // A battle that went into another, or apart, is no news any more.
        const is = battle?.id === id && !known.has(id) && wanted(battle);
        // One that was counted stays counted while it grows and settles.
        if (is && (next.has(id) || isNews(battle, now))) next.add(id);
        else next.delete(id);
      }
      return next.size === before.size && [...next].every((id) => before.has(id)) ? before : next;
    });
  });
  return { fresh: unseen.size, seen: () => setUnseen(new Set()) };
}

/** The same pages with every battle of `latest` in its newest form, and those that are gone left out. */
export function renewed(list: BattlePages, latest: ReadonlyMap<number, BattleEvent>): BattlePages {
  return {
    ...list,
    pages: list.pages.map((page) => {
      if (!page.items.some((battle) => latest.has(battle.id))) return page;
      return {
        ...page,
        items: page.items.flatMap((battle) => {
          const event = latest.get(battle.id);
          if (!event) return [battle];
          return event.battle?.id === battle.id ? [event.battle] : [];
        }),
      };
    }),
  };
}
