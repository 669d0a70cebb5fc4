/** The same fight on other sites, which know one system at a time. */

import type { BattleDetail, BattleKill, SystemRef } from "../../api/model";
import { dotlanSystem, zkillRelatedAt } from "../../eve/links";

export interface Elsewhere {
  system: SystemRef;
  zkillboard: string;
  /** Undefined for a system without a name. */
  dotlan: string | undefined;
}

/** Links for each system of a report, at the time of the first of the killmails shown there, else of the whole. */
export function elsewhere(report: BattleDetail, shown: readonly BattleKill[]): Elsewhere[] {
  const first = (kills: readonly BattleKill[], system: SystemRef) =>
    Math.min(
      ...kills.filter((kill) => kill.system_id === system.id).map((kill) => Date.parse(kill.occurred_at)),
    );
  return report.systems.map((system) => {
    const at = [first(shown, system), first(report.killmails, system), Date.parse(report.started_at)].find(
      Number.isFinite,
    );
    return {
      system,
      zkillboard: zkillRelatedAt(system.id, at ?? 0),
      dotlan: system.name === null ? undefined : dotlanSystem(system.name),
    };
  });
}
