import { expect, test } from "vitest";
import type { BattleDetail, Summary } from "../../api/model";
import { lateKills, missing } from "./coverage";

const BATTLE = {
  started_at: "2026-11-22T22:10:00Z",
  ended_at: "2026-11-23T00:40:00Z",
  status: "settled",
  killmails: [],
} as unknown as BattleDetail;
const NOTHING = {
  feed: { state: "live" },
  missing_days: [],
  pending_killmails: 0,
  unclustered: 0,
} as unknown as Summary;
const NOW = Date.parse("2026-11-23T02:00:00Z");

test("nothing is said when nothing is missing", () => {
  expect(missing(BATTLE, NOTHING, NOW)).toEqual([]);
  expect(missing(BATTLE, { ...NOTHING, feed: { state: "off" } } as Summary, NOW)).toEqual([]);
});

test("days the feed lost a part of, but only those of the battle", () => {
  const lack = { ...NOTHING, missing_days: ["2026-11-21", "2026-11-22", "2026-11-24"] };
  expect(missing(BATTLE, lack, NOW)).toEqual([expect.stringContaining("a part of 2026-11-22.")]);
  expect(missing(BATTLE, lack, NOW + 1e12), "also long after").toHaveLength(1);
});

test("killmails without details or a battle matter to what was fought of late", () => {
  const lack = { ...NOTHING, pending_killmails: 1, unclustered: 1200 };
  expect(missing(BATTLE, lack, NOW)).toEqual([
    "1 killmail is known by number alone: the details are on their way, and may belong here.",
    "1,200 killmails are not yet put into a battle, and may belong here.",
  ]);
  expect(missing(BATTLE, lack, NOW + 4 * 86_400_000)).toEqual([]);
});

test("the feed matters while the battle goes on", () => {
  const behind = { ...NOTHING, feed: { state: "catching_up", lag_s: 180 } } as Summary;
  const offline = { ...NOTHING, feed: { state: "offline" } } as Summary;
  const live = { ...BATTLE, status: "live" } as BattleDetail;
  expect(missing(live, behind, NOW)).toEqual(["The feed is 3m behind: newer losses are not here yet."]);
  expect(missing(live, offline, NOW)).toHaveLength(1);
  expect(missing(BATTLE, offline, NOW)).toEqual([]);
});

test("late are those of later revisions that came out of turn, or more than a day after the last loss", () => {
  const revision = (n: number, at: string, added: number, reason = "grew") => ({
    revision: n,
    at,
    added,
    removed: 0,
    kills: 9,
    reason,
  });
  const revisions = [
    revision(1, "2026-12-24T00:00:00Z", 5), // it was imported
    revision(2, "2026-11-23T03:00:00Z", 2),
    revision(3, "2026-11-24T03:00:00Z", 3),
    revision(4, "2026-11-25T03:00:00Z", 1),
    revision(5, "2026-11-23T00:50:00Z", 7, "late kill"),
  ];
  expect(lateKills({ revisions, ended_at: BATTLE.ended_at })).toBe(11);
});
