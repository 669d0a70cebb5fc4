import { describe, expect, test } from "vitest";
import { activeFilters, parseFilters, toQuery } from "./filters";

describe("parseFilters", () => {
  test("reads what makes sense and drops the rest", () => {
    expect(
      parseFilters({
        kind: ["battle", "nonsense", "battle"],
        space_type: "nullsec",
        system_id: ["30001046", "-1", "x", "30001046"],
        min_kills: "50",
        min_isk: "lots",
        sort: "-isk",
        window: "6h",
        since: "2021-11-28",
        unknown: "1",
      }),
    ).toEqual({
      kind: ["battle"],
      space_type: ["nullsec"],
      system_id: [30001046],
      min_kills: 50,
      sort: "-isk",
      window: "6h",
    });
  });
  test("times are EVE times", () => {
    expect(parseFilters({ since: "2021-11-28 10:00", until: "2021-11-29" })).toEqual({
      since: "2021-11-28T10:00:00Z",
      until: "2021-11-29T00:00:00Z",
    });
  });
  test("the default sort needs no word", () => expect(parseFilters({ sort: "-started_at" })).toEqual({}));
  test("nothing is no filter", () => expect(parseFilters({})).toEqual({}));
});

describe("toQuery", () => {
  const now = new Date("2026-11-22T12:00:00Z");
  test("windows the API knows go by its word", () => {
    expect(toQuery({ window: "24h", min_kills: 5 }, now)).toEqual({ time_range: "last_24h", min_kills: 5 });
  });
  test("other windows become a time", () => {
    expect(toQuery({ window: "6h" }, now)).toEqual({ since: "2026-11-22T06:00:00.000Z" });
  });
});

describe("activeFilters", () => {
  test("each can be dropped alone, narrowest first", () => {
    const filters = parseFilters({ kind: "camp", alliance_id: ["1", "2"], min_isk: "1000000000" });
    const active = activeFilters(filters, (_, id) => (id === 1 ? "One" : null));
    expect(active.map((f) => f.label)).toEqual(["One", "Alliance 2", "1.00b+ ISK", "Camp"]);
    expect(active[0]?.without).toEqual({ kind: ["camp"], alliance_id: [2], min_isk: 1e9 });
    expect(active[3]?.without).toEqual({ alliance_id: [1, 2], min_isk: 1e9 });
  });
});
