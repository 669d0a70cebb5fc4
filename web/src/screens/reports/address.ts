/** Addresses of reports as the API gives them, for the router. */

import type { ReportSearch } from "../battle/search";

const LISTS = ["window", "battle", "side", "exclude"] as const;

/** "window=30001046:202111281000-202111281200&from=…" as the search of a report's address. */
export function searchOf(query: string): ReportSearch {
  const params = new URLSearchParams(query);
  const search: ReportSearch = {};
  for (const key of LISTS) {
    const values = params.getAll(key);
    if (values.length > 0) search[key] = values;
  }
  search.from = params.get("from") ?? undefined;
  search.to = params.get("to") ?? undefined;
  return search;
}
