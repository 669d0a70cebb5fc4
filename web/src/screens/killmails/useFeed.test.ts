import { expect, test } from "vitest";
import type { Killmail } from "../../api/model";
import { FEED_RING } from "../../api/queries/killmails";
import { matches } from "./filters";
import { merged } from "./useFeed";

const kill = (id: number, seconds: number, more: Partial<Killmail> = {}): Killmail => ({
  id,
  occurred_at: new Date(Date.UTC(2026, 10, 22, 12, 0, seconds)).toISOString(),
  system: { id: 30001046, name: "Jorund", security: 0, security_band: "nullsec", region: null },
  victim: { character: null, corporation: null, alliance: null, faction: null, ship_type: null },
  class: "",
  final_blow: null,
  attacker_count: 1,
  isk: 1e6,
  isk_source: "zkb",
  npc: false,
  battle_id: null,
  zkillboard_url: "",
  ...more,
});

test("newest kill first, each once, the newer form wins", () => {
  const rows = merged([kill(3, 30), kill(1, 10, { battle_id: 7 })], [kill(2, 20), kill(1, 10)]);
  expect(rows.map((row) => row.id)).toEqual([3, 2, 1]);
  expect(rows[2]?.battle_id).toBe(7);
});

test("the ring holds its size and drops the oldest", () => {
  const rows = merged(
    [kill(100_000, 100_000)],
    Array.from({ length: FEED_RING }, (_, i) => kill(i, i)),
  );
  expect(rows).toHaveLength(FEED_RING);
  expect(rows.at(-1)?.id).toBe(1);
});

test("filters of the stream", () => {
  expect(matches(kill(1, 1), {})).toBe(true);
  expect(matches(kill(1, 1), { space_type: ["lowsec"] })).toBe(false);
  expect(matches(kill(1, 1), { space_type: ["lowsec", "nullsec"], min_isk: 1e6 })).toBe(true);
  expect(matches(kill(1, 1, { isk: null }), { min_isk: 1 })).toBe(false);
});
