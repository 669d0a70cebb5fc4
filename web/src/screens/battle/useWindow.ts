import { useCallback, useEffect, useRef, useState } from "react";
import { openEnds, type TimeWindow, windowOf } from "../../charts/span";
import { type ReportSearch, toInstant } from "./search";

/** Key after key moves an end; the server is asked once they rest, milliseconds. */
const REST_MS = 250;

interface Brush {
  /** The window as drawn, which may be ahead of the address; null for the whole. */
  window: TimeWindow | null;
  brush: (window: TimeWindow | null, settled: boolean) => void;
}

/** The part of the battle that is shown: ?from and ?to, and the brush that moves them. */
export function useWindow(
  { from, to }: Pick<ReportSearch, "from" | "to">,
  span: TimeWindow | null,
  change: (search: ReportSearch) => void,
): Brush {
  const [draft, setDraft] = useState<{ window: TimeWindow | null } | null>(null);
  const [asked, setAsked] = useState({ from, to });
  if (asked.from !== from || asked.to !== to) {
    setAsked({ from, to });
    setDraft(null); // the address has caught up, or was changed by other means
  }
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const brush = useCallback(
    (window: TimeWindow | null, settled: boolean) => {
      if (!span) return;
      setDraft({ window });
      clearTimeout(timer.current);
      if (!settled) return;
      timer.current = setTimeout(() => {
        const ends = window ? openEnds(window, span) : {};
        const next = {
          from: ends.from === undefined ? undefined : toInstant(ends.from),
          to: ends.to === undefined ? undefined : toInstant(ends.to),
        };
        if (next.from === from && next.to === to) setDraft(null);
        else change(next);
      }, REST_MS);
    },
    [span, from, to, change],
  );
  return { window: draft ? draft.window : span && windowOf(from, to, span), brush };
}
