import { expect, test } from "vitest";
import { parseView, viewSearch } from "./view";

test("an address without a view is the plain one", () => {
  expect(parseView({})).toEqual({ show: undefined, by: "class", q: "", lost: false });
});

test("what makes no sense counts as not said", () => {
  expect(parseView({ by: "height", lost: "yes", show: "", q: ["basilisk", "eagle"] })).toEqual({
    show: undefined,
    by: "class",
    q: "basilisk",
    lost: false,
  });
});

test("a view goes into the address and comes back", () => {
  const view = { show: "B", by: "damage", q: "eagle", lost: true } as const;
  const search = viewSearch(view);
  expect(search).toEqual({ show: "B", by: "damage", q: "eagle", lost: "1" });
  expect(parseView(search as Record<string, string>)).toEqual(view);
});

test("the plain view leaves nothing in the address", () => {
  expect(viewSearch({ by: "class", q: "", lost: false, show: undefined })).toEqual({
    show: undefined,
    by: undefined,
    q: undefined,
    lost: undefined,
  });
  expect(viewSearch({ q: "x" }), "what did not change is not touched").toEqual({ q: "x" });
});
