import { expect, test } from "vitest";
import { shownLink } from "./shownLink";

const HOME = "https://battles.example/battles/7/involved";
const at = (time: string) => Date.parse(`2021-11-28T${time}Z`);
const SPAN = { from: at("10:00:00"), to: at("12:00:00") };

test("the window and the moment as drawn take the place of those the address still has", () => {
  const old = `${HOME}?show=B&side=A:alliance-1&side=B:alliance-2&from=2021-11-28T10:10:00Z&at=99`;
  expect(shownLink(old, { from: at("10:30:00"), to: at("11:00:00") }, SPAN, "2021-11-28T10:40:00Z")).toBe(
    `${HOME}?show=B&side=A:alliance-1&side=B:alliance-2&from=2021-11-28T10:30:00Z&at=2021-11-28T10:40:00Z&to=2021-11-28T11:00:00Z`,
  );
});

test("without them the address says nothing of them", () => {
  expect(shownLink(`${HOME}?from=2021-11-28T10:10:00Z&at=99&q=Eagle`, null, SPAN, null)).toBe(
    `${HOME}?q=Eagle`,
  );
  expect(shownLink(HOME, null, null, null)).toBe(HOME);
});

test("an end that is that of the battle stays open", () => {
  expect(shownLink(HOME, { from: SPAN.from, to: at("11:00:00") }, SPAN, null)).toBe(
    `${HOME}?to=2021-11-28T11:00:00Z`,
  );
});
