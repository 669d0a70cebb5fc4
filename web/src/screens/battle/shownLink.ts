import { openEnds, type TimeWindow } from "../../charts/span";
import { toInstant } from "./search";

/**
 * The address of what is on the screen: that of the page with the window and the moment
 * as they are drawn, which the page's own follows a little later, and while a replay
 * plays not at all. `at` as ?at= writes it, null without a replay.
 */
export function shownLink(
  href: string,
  window: TimeWindow | null,
  span: TimeWindow | null,
  at: string | null,
): string {
  const url = new URL(href);
  const ends = window && span ? openEnds(window, span) : {};
  const put = (name: string, value: string | undefined) => {
    if (value === undefined) url.searchParams.delete(name);
    else url.searchParams.set(name, value);
  };
  put("from", ends.from === undefined ? undefined : toInstant(ends.from));
  put("to", ends.to === undefined ? undefined : toInstant(ends.to));
  put("at", at ?? undefined);
  // A colon needs no escape in a query, and addresses are read by people.
  url.search = url.search.replaceAll("%3A", ":");
  return url.href;
}
