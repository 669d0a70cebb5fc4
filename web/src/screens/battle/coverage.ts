/** What is known to be missing from a report, and what came late, in words. */

import type { BattleDetail, Summary } from "../../api/model";
import { plural } from "../../eve/count";
import { duration } from "../../eve/time";

const DAY_MS = 24 * 3_600_000;
/** Killmails are posted up to three days late; nothing is awaited after that. */
const AWAITED_MS = 3 * DAY_MS;

type Lack = Pick<Summary, "feed" | "missing_days" | "pending_killmails" | "unclustered">;

/** One sentence for each thing that may be missing; none when nothing is known to be. */
export function missing(
  battle: Pick<BattleDetail, "started_at" | "ended_at" | "status" | "killmails">,
  { feed, missing_days, pending_killmails: pending, unclustered }: Lack,
  now: number,
): string[] {
  const said: string[] = [];
  const days = new Set([battle.started_at, battle.ended_at].map((at) => at.slice(0, 10)));
  for (const kill of battle.killmails) days.add(kill.occurred_at.slice(0, 10));
  for (const day of missing_days.filter((each) => days.has(each))) {
    said.push(
      `The feed lost a part of ${day}. It is fetched from zKillboard's history; this report may grow.`,
    );
  }
  if (now - Date.parse(battle.ended_at) > AWAITED_MS) return said;
  if (pending > 0) {
    said.push(
      `${killmails(pending)} known by number alone: the details are on their way, and may belong here.`,
    );
  }
  if (unclustered > 0) {
    said.push(`${killmails(unclustered)} not yet put into a battle, and may belong here.`);
  }
  if (battle.status === "live" && feed.state === "offline") {
    said.push("The feed cannot be reached: losses since then are not here yet.");
  }
  if (battle.status === "live" && feed.state === "catching_up") {
    const lag = feed.lag_s ? `${duration(feed.lag_s)} ` : "";
    said.push(`The feed is ${lag}behind: newer losses are not here yet.`);
  }
  return said;
}

const killmails = (n: number) => plural(n, "killmail is", "killmails are");

/** How many killmails were posted after later ones, or more than a day after the last loss, by the history of the battle. */
export function lateKills({ revisions, ended_at }: Pick<BattleDetail, "revisions" | "ended_at">): number {
  return revisions
    .filter(
      ({ revision, at, reason }) =>
        revision > 1 && (reason === "late kill" || Date.parse(at) - Date.parse(ended_at) > DAY_MS),
    )
    .reduce((sum, { added }) => sum + added, 0);
}

const REASONS: Record<string, string> = {
  created: "found",
  parameters: "formed anew by other rules",
  merge: "joined by another battle, or a part of one",
  split: "a part became a battle of its own",
  "late kill": "killmails that were posted late",
  grew: "the fight went on",
  shrank: "killmails left it",
  unchanged: "the same killmails, other figures",
  correction: "corrected by an administrator",
};

/** Why there is a revision, for people. */
export function reasonWords(reason: string): string {
  return REASONS[reason] ?? reason;
}
