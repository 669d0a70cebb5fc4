import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useLiveEvents } from "../../api/live";
import type { Battle, BattleEvent } from "../../api/model";
import { type BattlePages, battleKeys } from "../../api/queries/battles";

/**
 * Follows the stream for a list: battles that are shown are renewed in place,
 * battles that are not are counted. The list itself stays where it is until the
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
    const next = new Set(unseen);
    for (const { id, battle } of latest.values()) {
      // A battle that went into another, or apart, is no news any more.
      if (battle?.id === id && !known.has(id) && wanted(battle)) next.add(id);
      else next.delete(id);
    }
    if (next.size !== unseen.size) setUnseen(next);
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
