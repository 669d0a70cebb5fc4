import { expect, test } from "vitest";
import { reportQueryString, reportUrl, wholeReport } from "../../api/queries/report";
import { parseReportSearch, reportQueryOf } from "./search";

test("an address is read, its nonsense dropped, what tabs keep in it left alone", () => {
  expect(
    parseReportSearch({
      window: "30001046:202111281000-202111281500",
      side: ["A:alliance-1", "A:alliance-1", ""],
      from: "2021-11-28T11:00:00.5Z",
      to: "2021-11-28T12:00:00",
      at: "96991402",
      show: "B",
    }),
  ).toEqual({
    window: ["30001046:202111281000-202111281500"],
    side: ["A:alliance-1"],
    from: "2021-11-28T11:00:00Z",
    to: "2021-11-28T12:00:00Z",
    at: "96991402",
    show: "B",
  });
});

test.each([
  [{ from: "yesterday", to: "2021-13-28T12:00:00Z" }, {}],
  // Backwards it is no window.
  [{ from: "2021-11-28T12:00:00Z", to: "2021-11-28T11:00:00Z" }, {}],
  [{ at: "soon" }, {}],
  [{ at: "-5" }, {}],
  [{ at: "2021-11-28T11:00:00+01:00" }, { at: "2021-11-28T10:00:00Z" }],
])("%o", (raw, want) => {
  expect(parseReportSearch(raw)).toEqual(want);
});

test("equal reports have equal addresses", () => {
  const search = parseReportSearch({
    to: "2021-11-28T12:00:00Z",
    side: "A:alliance-1",
    battle: ["7", "9"],
    at: "5",
  });
  const query = reportQueryOf(search);
  expect(reportQueryString(query)).toBe("battle=7&battle=9&side=A:alliance-1&to=2021-11-28T12:00:00Z");
  expect(reportUrl({ kind: "report", query }, "damage")).toBe(
    "/api/v1/reports/damage?battle=7&battle=9&side=A:alliance-1&to=2021-11-28T12:00:00Z",
  );
  expect(reportUrl(wholeReport({ kind: "battle", id: 7, query: { from: "2021-11-28T12:00:00Z" } }))).toBe(
    "/api/v1/battles/7",
  );
});
