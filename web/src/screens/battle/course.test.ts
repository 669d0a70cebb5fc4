import { expect, test } from "vitest";
import type { Phase, TurningPoint } from "../../api/model";
import { courseRows, paceWords, pointWords } from "./course";

const phase = (from: string, perMinute: number, rule = "the pace changed"): Phase => ({
  started_at: `2021-11-28T${from}:00Z`,
  ended_at: `2021-11-28T${from}:59Z`,
  rule,
  kills: 1,
  per_minute: perMinute,
  sides: [],
});

const point = (at: string): TurningPoint => ({
  at: `2021-11-28T${at}:30Z`,
  kind: "logistics",
  side: "A",
  text: "side A lost 5 logistics in 3 minutes",
});

test("phases are named after what they were for the whole", () => {
  const names = (...phases: Phase[]) => courseRows(phases, []).map((row) => row.name);
  expect(names(phase("10:00", 1))).toEqual(["One steady fight"]);
  expect(names(phase("10:00", 1), phase("10:30", 4), phase("11:44", 7), phase("13:30", 0.5))).toEqual([
    "Opening",
    "Build-up",
    "Height",
    "Aftermath",
  ]);
  expect(names(phase("10:00", 7), phase("11:00", 5), phase("12:00", 2), phase("13:00", 1))).toEqual([
    "Height",
    "Second wave",
    "Slackening",
    "Aftermath",
  ]);
  expect(names(phase("10:00", 2), phase("11:00", 1.5, "after a lull of 9 minutes"))).toEqual([
    "Height",
    "Resumed",
  ]);
});

test("every turning point stands in the phase it falls into, the early ones in the first", () => {
  const rows = courseRows(
    [phase("10:00", 1), phase("11:00", 2)],
    [point("11:20"), point("09:59"), point("10:30")],
  );
  expect(rows.map((row) => row.points.map(({ at }) => at.slice(11, 16)))).toEqual([
    ["09:59", "10:30"],
    ["11:20"],
  ]);
});

test("no phases, no rows", () => expect(courseRows([], [point("10:00")])).toEqual([]));

test("a slow pace is said per hour", () => {
  expect([7, 0.45, 1 / 60].map(paceWords)).toEqual([
    "7.0 losses a minute",
    "27 losses an hour",
    "1 loss an hour",
  ]);
});

test("a turning point leaves its side to the badge", () => {
  expect(pointWords(point("10:00"))).toBe("lost 5 logistics in 3 minutes");
  expect(pointWords({ ...point("10:00"), text: "the lead changed" })).toBe("the lead changed");
});
