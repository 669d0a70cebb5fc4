/** Losses worth a mark of their own on the timeline. */

import type { BattleKill } from "../../api/model";
import type { TimelineMark } from "../../charts/timelineDrawing";
import { plural } from "../../eve/count";
import { hullOrder } from "../../eve/hulls";
import { formatIsk } from "../../eve/isk";
import { typeName } from "../../eve-ui/names";

/** From this value a loss is marked whatever it was, ISK. */
const DEAR = 1e9;

/** Fleets count everything up to here as capitals; freighters follow and are none. */
const LAST_CAPITAL = hullOrder("capital-industrial");

export interface MarkedKill {
  kill: BattleKill;
  kind: TimelineMark["kind"];
}

/** Capitals, structures, and losses of more than a billion, in the order given. */
export function markedKills(kills: readonly BattleKill[]): MarkedKill[] {
  const marked: MarkedKill[] = [];
  for (const kill of kills) {
    if (hullOrder(kill.class) <= LAST_CAPITAL) marked.push({ kill, kind: "capital" });
    else if (kill.class === "structure") marked.push({ kill, kind: "structure" });
    else if ((kill.isk ?? 0) > DEAR) marked.push({ kill, kind: "value" });
  }
  return marked;
}

/** A marked loss as the chart takes it. */
export function timelineMark({ kill, kind }: MarkedKill): TimelineMark {
  return {
    at: Date.parse(kill.occurred_at),
    side: kill.side,
    kind,
    label: `${typeName(kill.victim.ship_type)} ${kill.isk == null ? "of unknown value" : `−${formatIsk(kill.isk)}`}`,
  };
}

/** "1 capital, 2 structures, 194 losses above 1b"; "" without any. */
export function marksWords(marked: readonly MarkedKill[]): string {
  const count = (kind: MarkedKill["kind"]) => marked.filter((mark) => mark.kind === kind).length;
  const words = (n: number, one: string, more: string) => (n === 0 ? [] : [plural(n, one, more)]);
  return [
    ...words(count("capital"), "capital", "capitals"),
    ...words(count("structure"), "structure", "structures"),
    ...words(count("value"), "other loss above 1b", "other losses above 1b"),
  ].join(", ");
}
