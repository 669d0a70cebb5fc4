import { expect, test } from "vitest";
import type { PresenceView } from "../../api/model";
import { bucketAt, OTHER, peakOf, presenceSentence, sidePresence } from "./presence";

const row = (side: string, key: string, present: number[], lost: number[] = [0, 0, 0]) => ({
  side,
  class: key,
  class_label: key,
  present,
  lost,
});

const view: PresenceView = {
  bucket_s: 300,
  buckets: ["2021-11-28T10:20:00Z", "2021-11-28T10:25:00Z", "2021-11-28T10:30:00Z"],
  rows: [
    row("A", "frigate", [1, 5, 2], [0, 1, 4]),
    row("A", "titan", [1, 1, 0]),
    row("B", "frigate", [0, 2, 2]),
    row("C", "structure", [0, 0, 0], [0, 0, 1]),
  ],
};

test("sides share their bands in players' order; whoever was not seen has none", () => {
  const sides = sidePresence(view, ["A", "B", "C"]);
  expect(sides.map(({ side, layers, total }) => [side, layers.map(({ key }) => key), total])).toEqual([
    ["A", ["titan", "frigate"], [2, 6, 2]],
    ["B", ["titan", "frigate"], [0, 2, 2]],
  ]);
  expect(sides[0]?.lost).toEqual([0, 1, 4]);
});

test("small classes go together into one band", () => {
  const keys = [
    "titan",
    "carrier",
    "battleship",
    "logistics",
    "recon",
    "cruiser",
    "destroyer",
    "frigate",
    "mining",
  ];
  const rows = keys.map((key, i) => row("A", key, [0, 100 - i, 0], [0, 0, i]));
  const [side] = sidePresence({ ...view, rows }, ["A"]);
  expect(side?.layers.map(({ key }) => key)).toEqual([...keys.slice(0, 7), OTHER]);
  expect(side?.layers.at(-1)?.values).toEqual([0, 93 + 92, 0]);
  expect(side?.lost).toEqual([0, 0, 36]);
});

test("the sentence names time, size and main class of every side's peak", () => {
  expect(presenceSentence(view, sidePresence(view, ["A", "B"]))).toBe(
    "Side A was strongest around 10:25 EVE with 6 pilots; largest class: frigate, 5. Side B was strongest around 10:25 EVE with 2 pilots; largest class: frigate, 2.",
  );
  expect(presenceSentence({ ...view, rows: [] }, [])).toBe("No killmail here shows who was there.");
});

test("the peak is the first of equals", () => {
  expect(peakOf([1, 3, 3])).toBe(1);
  expect(peakOf([])).toBe(0);
});

test("a moment falls into its bucket", () => {
  const at = (time: string) => bucketAt(view, Date.parse(`2021-11-28T${time}Z`));
  expect([at("10:19:59"), at("10:20:00"), at("10:29:59"), at("10:34:59"), at("10:35:00")]).toEqual([
    null,
    0,
    1,
    2,
    null,
  ]);
  expect(bucketAt({ ...view, buckets: [] }, 0)).toBeNull();
});
