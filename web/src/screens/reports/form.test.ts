import { expect, test } from "vitest";
import { searchOf } from "./address";
import { faultOf, formOf, idsIn, type Row, windowOf } from "./form";
import { parseStamp, toStamp } from "./stamp";

const row = (over: Partial<Row> = {}): Row => ({
  key: 0,
  system: "Jorund",
  from: "2021-11-28 10:00",
  to: "2021-11-28 15:00",
  ...over,
});

test("a row is a window of the address", () => {
  expect(windowOf(30001046, row())).toBe("30001046:202111281000-202111281500");
  expect(windowOf(30001046, row({ from: "202111281000", to: "2021-11-28T15:00" }))).toBe(
    "30001046:202111281000-202111281500",
  );
  expect(windowOf(30001046, row({ from: "yesterday" }))).toBeNull();
});

test("an end that is a clock alone comes after the start, over midnight too", () => {
  expect(windowOf(1, row({ to: "15:30" }))).toBe("1:202111281000-202111281530");
  expect(windowOf(1, row({ from: "2021-11-30 23:50", to: "0:10" }))).toBe("1:202111302350-202112010010");
  expect(windowOf(1, row({ to: "24:10" }))).toBeNull();
});

test.each([
  ["nothing", row(), null],
  ["no system", row({ system: " " }), "system"],
  ["no start", row({ from: "" }), "from"],
  ["a day that does not exist", row({ from: "2021-02-30 10:00" }), "from"],
  ["no end", row({ to: "" }), "to"],
  ["an end before the start", row({ to: "2021-11-28 09:59" }), "to"],
  ["a day exactly", row({ to: "2021-11-29 10:00" }), null],
  ["more than a day", row({ to: "2021-11-29 10:01" }), "to"],
])("what is wrong with a row: %s", (_, given, want) => {
  expect(faultOf(given)?.field ?? null).toBe(want);
});

test("an address fills the form, and the form makes the same address", () => {
  const window = ["30001046:202111281000-202111281500", "30004049:202111282350-202111290010"];
  const form = formOf({ window, battle: ["7", "9"], exclude: ["96962356"] });
  expect(form.rows.map(({ system, from, to }) => [system, from, to])).toEqual([
    ["30001046", "2021-11-28 10:00", "2021-11-28 15:00"],
    ["30004049", "2021-11-28 23:50", "2021-11-29 00:10"],
  ]);
  expect(form.rows.map((each) => windowOf(Number(each.system), each))).toEqual(window);
  expect([form.battles, form.exclude]).toEqual(["7 9", "96962356"]);
  expect(formOf({}).rows).toHaveLength(1);
  // What is not understood stays to be seen and mended.
  expect(formOf({ window: ["Jorund"] }).rows[0]?.system).toBe("Jorund");
});

test("ids and links are read, each once", () => {
  const text = "7, https://example.org/battles/9?from=x /battles/7/damage";
  expect(idsIn(text, "battle")).toEqual({ ids: ["7", "9"], odd: null });
  expect(idsIn("https://zkillboard.com/kill/96962356/ 5", "killmail").ids).toEqual(["96962356", "5"]);
  expect(idsIn("7 seven", "battle").odd).toBe("seven");
});

test("a query of the API is the search of an address", () => {
  const search = searchOf(
    "window=1:202111281000-202111281100&window=2:202111281000-202111281100&side=A:alliance-9",
  );
  expect(search.window).toEqual(["1:202111281000-202111281100", "2:202111281000-202111281100"]);
  expect(search.side).toEqual(["A:alliance-9"]);
  expect(search.battle).toBeUndefined();
});

test("stamps are minutes of EVE time", () => {
  expect(parseStamp("202111281021")?.toISOString()).toBe("2021-11-28T10:21:00.000Z");
  expect(parseStamp("20211128")).toBeNull();
  expect(parseStamp("202113281021")).toBeNull();
  expect(toStamp(new Date("2021-11-28T10:21:59Z"))).toBe("202111281021");
});
