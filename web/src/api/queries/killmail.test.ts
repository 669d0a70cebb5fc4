import { expect, test } from "vitest";
import { apiError, unreachable } from "../error";
import { absence } from "./killmail";

const answer = (status: number, body: unknown) => apiError(new Response(null, { status }), body);

test.each([
  [answer(404, { type: "urn:battlescope:killmail-pending", detail: "…" }), "pending"],
  [answer(404, { type: "urn:battlescope:killmail-unavailable" }), "unavailable"],
  [answer(404, { type: "about:blank" }), "unknown"],
  [answer(404, null), "unknown"],
  [answer(503, { type: "urn:battlescope:killmail-pending" }), null],
  [unreachable(), null],
  [new Error("other"), null],
  [null, null],
])("absence of %o", (error, want) => {
  expect(absence(error)).toBe(want);
});
