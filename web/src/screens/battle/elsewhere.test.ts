import { expect, test } from "vitest";
import type { BattleDetail } from "../../api/model";
import { elsewhere } from "./elsewhere";

const kill = (system: number, time: string) => ({ system_id: system, occurred_at: `2021-11-28T${time}Z` });
const KILLS = [kill(1, "10:21:00"), kill(2, "10:40:00"), kill(1, "13:05:00")];
const REPORT = {
  systems: [
    { id: 1, name: "Jorund" },
    { id: 2, name: "New Eden X" },
    { id: 3, name: null },
  ],
  started_at: "2021-11-28T10:21:00Z",
  killmails: KILLS,
} as unknown as BattleDetail;

test("every system has its own links, at the hour nearest to its first loss", () => {
  expect(elsewhere(REPORT, REPORT.killmails)).toEqual([
    {
      system: REPORT.systems[0],
      zkillboard: "https://zkillboard.com/related/1/202111281000/",
      dotlan: "https://evemaps.dotlan.net/system/Jorund",
    },
    {
      system: REPORT.systems[1],
      zkillboard: "https://zkillboard.com/related/2/202111281100/",
      dotlan: "https://evemaps.dotlan.net/system/New_Eden_X",
    },
    {
      system: REPORT.systems[2],
      zkillboard: "https://zkillboard.com/related/3/202111281000/",
      dotlan: undefined,
    },
  ]);
});

test("a part of the time has that of the part", () => {
  const [jorund, other] = elsewhere(REPORT, REPORT.killmails.slice(2));
  expect(jorund?.zkillboard).toContain("/1/202111281300/");
  expect(other?.zkillboard, "nothing shown there: that of the whole").toContain("/2/202111281100/");
});
