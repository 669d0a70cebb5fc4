import { createContext, useContext } from "react";
import type { BattleDetail } from "../../api/model";
import type { ReportSource } from "../../api/queries/report";
import type { ReportSearch } from "./search";
import type { Standing } from "./useMoment";

/** What the report page shows right now; every tab reads it from here or is handed `battle`. */
export interface Shown {
  source: ReportSource;
  /** The report as the tabs show it: narrowed to the window, and in a replay what was lost so far. */
  battle: BattleDetail;
  /** The part of the time shown, milliseconds; null when whole. */
  window: { from: number; to: number } | null;
  /** The whole report, without window and replay. */
  whole: BattleDetail;
  /** The moment a replay stands at, milliseconds; null without a replay. */
  cursor: number | null;
  /** What the figures are of, and how the API is asked for it: `source`, or the same up to the moment. */
  standing: Standing;
  told: ReportSource;
  /** Address of just what is on the screen, where the one of the page lags behind as well. */
  link: () => string;
  /** Killmails that were not there when the page was opened. */
  fresh: ReadonlySet<number>;
  /** Changes the address; undefined removes a parameter. */
  change: (search: ReportSearch) => void;
}

export const ShownContext = createContext<Shown | null>(null);

export function useShown(): Shown {
  const shown = useContext(ShownContext);
  if (!shown) throw new Error("no ShownContext above this component");
  return shown;
}
