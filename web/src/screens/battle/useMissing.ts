import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import type { BattleDetail } from "../../api/model";
import { summaryQuery } from "../../api/queries/summary";
import { useNow } from "../../ui/useNow";
import { missing } from "./coverage";

/** Killmails that have just come wait a second or two for their battle; that is told only when it lasts, milliseconds. */
const LASTS_MS = 10_000;

/** What is known to be missing from a report by now, in sentences. */
export function useMissing(battle: BattleDetail): readonly string[] {
  const { data, dataUpdatedAt } = useQuery(summaryQuery);
  const now = useNow(30_000).getTime();
  const waits = (data?.unclustered ?? 0) > 0;
  const [since, setSince] = useState<number | null>(null);
  if (waits !== (since !== null)) setSince(waits ? dataUpdatedAt : null);
  const lasts = since !== null && dataUpdatedAt - since >= LASTS_MS;
  return useMemo(() => {
    if (!data) return [];
    return missing(battle, lasts ? data : { ...data, unclustered: 0 }, now);
  }, [battle, data, lasts, now]);
}
