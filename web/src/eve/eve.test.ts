import { describe, expect, test } from "vitest";
import { hullLabel, hullOrder } from "./hulls";
import { imageSize, imageUrl, monogram } from "./images";
import { formatIsk, fullIsk, parseIsk } from "./isk";
import { bandWord, securityTint } from "./security";
import { duration, eveWindow, parseEveTime, relative } from "./time";

describe("unknown ISK", () => {
  test.each([null, undefined, Number.NaN])("%s is unknown, never 0", (isk) => {
    expect(formatIsk(isk)).toBe("unknown");
    expect(fullIsk(isk)).toBe("value unknown");
  });
});

test("the whole amount", () => expect(fullIsk(1234567890.4)).toBe("1,234,567,890 ISK"));

describe("parseIsk", () => {
  test.each([
    ["500m", 5e8],
    ["1.5b", 1.5e9],
    ["2 B", 2e9],
    ["1,000,000", 1e6],
    ["250000 isk", 250_000],
    ["", null],
    ["lots", null],
    ["-5m", null],
  ])("%s", (text, want) => expect(parseIsk(text)).toBe(want));
});

describe("security tint", () => {
  test.each([
    [1, "sec-10"],
    [0.45, "sec-5"],
    [0.04, "sec-1"],
    [0, "sec-0"],
    [-0.9, "sec-0"],
  ])("%d", (security, want) => expect(securityTint(security)).toBe(want));
});

test("bands by name", () =>
  expect([bandWord("wormhole"), bandWord("pochven")]).toEqual(["J-space", "Pochven"]));

describe("duration", () => {
  test.each([
    [0, "0s"],
    [59, "59s"],
    [60, "1m"],
    [3600, "1h"],
    [13_321, "3h 42m"],
    [90_000, "1d 1h"],
  ])("%d s", (seconds, want) => expect(duration(seconds)).toBe(want));
});

describe("relative", () => {
  const now = new Date("2026-11-22T12:00:00Z");
  test.each([
    ["2026-11-22T12:00:30Z", "just now"],
    ["2026-11-22T11:59:20Z", "40s ago"],
    ["2026-11-22T11:56:00Z", "4m ago"],
    ["2026-11-21T13:00:00Z", "23h ago"],
    ["2026-11-10T12:00:00Z", "12d ago"],
    ["2021-11-28T12:00:00Z", "4y ago"],
  ])("%s", (at, want) => expect(relative(new Date(at), now)).toBe(want));
});

test("a window names the second day only when there is one", () => {
  const at = (text: string) => new Date(text);
  expect(eveWindow(at("2021-11-28T10:21:49Z"), at("2021-11-28T15:04:45Z"))).toBe("2021-11-28 10:21 – 15:04");
  expect(eveWindow(at("2021-11-28T23:00:00Z"), at("2021-11-29T01:00:00Z"))).toBe(
    "2021-11-28 23:00 – 2021-11-29 01:00",
  );
  expect(eveWindow(at("2021-11-28T10:21:01Z"), at("2021-11-28T10:21:59Z"))).toBe("2021-11-28 10:21");
});

describe("parseEveTime reads UTC, whatever the browser's zone", () => {
  test.each([
    ["2026-11-22 23:41", "2026-11-22T23:41:00.000Z"],
    ["2026-11-22", "2026-11-22T00:00:00.000Z"],
    ["2026-11-22T23:41:07Z", "2026-11-22T23:41:07.000Z"],
  ])("%s", (text, want) => expect(parseEveTime(text)?.toISOString()).toBe(want));
  test.each(["yesterday", "2026-02-31", "2026-13-01", "2026-11-22 24:00", "2026-11-22 12:60"])(
    "%s is none",
    (text) => expect(parseEveTime(text)).toBeNull(),
  );
});

describe("images", () => {
  test("sizes are powers of two that suffice", () => {
    expect([imageSize(16), imageSize(32), imageSize(33), imageSize(32, 2), imageSize(5000)]).toEqual([
      32, 32, 64, 64, 1024,
    ]);
  });
  test("addresses", () => {
    expect(imageUrl("alliance", 1354830081, 64)).toBe(
      "https://images.evetech.net/alliances/1354830081/logo?size=64",
    );
    expect(imageUrl("type", 587, 32)).toBe("https://images.evetech.net/types/587/icon?size=32");
  });
  test.each([
    ["Goonswarm Federation", "GF"],
    ["The Initiative.", "In"],
    ["Muninn", "Mu"],
    ["1 Pilot", "1P"],
    ["...", "?"],
    [null, "?"],
  ])("monogram of %s", (name, want) => expect(monogram(name)).toBe(want));
});

test("an unknown hull class sorts last and shows as itself", () => {
  expect(hullOrder("battlestar")).toBeGreaterThan(hullOrder("deployable"));
  expect(hullLabel("battlestar")).toBe("battlestar");
});
