import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { BattleDetail } from "../../api/model";
import { summaryQuery } from "../../api/queries/summary";
import { useNow } from "../../ui/useNow";
import { missing } from "./coverage";

/** What is known to be missing from a report by now, in sentences. */
export function useMissing(battle: BattleDetail): readonly string[] {
  const { data } = useQuery(summaryQuery);
  const now = useNow(30_000).getTime();
  return useMemo(() => (data ? missing(battle, data, now) : []), [battle, data, now]);
}
