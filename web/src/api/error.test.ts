import { afterEach, expect, test, vi } from "vitest";
import { client, unwrap } from "./client";
import { ApiError, apiError } from "./error";

afterEach(() => vi.unstubAllGlobals());

test("a problem keeps its detail, hint and request id", () => {
  const error = apiError(new Response(null, { status: 404 }), {
    title: "Not Found",
    detail: "no battle has the id 7",
    hint: "look for it in the list",
    request_id: "R1",
  });
  expect(error).toMatchObject({
    status: 404,
    message: "no battle has the id 7",
    hint: "look for it in the list",
    requestId: "R1",
    notFound: true,
  });
});

test("what a proxy made up still says something", () => {
  const response = new Response("<html>", { status: 502, headers: { "X-Request-Id": "R2" } });
  expect(apiError(response, "<html>")).toMatchObject({
    message: "the server answered 502",
    hint: "",
    requestId: "R2",
  });
});

test("no answer at all is an ApiError too", async () => {
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("Failed to fetch")));
  const failure = await unwrap(client.GET("/api/v1/stats/summary")).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(ApiError);
  expect(failure).toMatchObject({ status: 0, message: "the server cannot be reached" });
});

test("lists go out as repeated plain keys", async () => {
  const asked: string[] = [];
  vi.stubGlobal("fetch", (request: Request) => {
    asked.push(request.url);
    return Promise.resolve(Response.json({ items: [], next_cursor: null }));
  });
  await unwrap(
    client.GET("/api/v1/battles", { params: { query: { kind: ["battle", "camp"], system_id: [1, 2] } } }),
  );
  expect(new URL(asked[0] ?? "").search).toBe("?kind=battle&kind=camp&system_id=1&system_id=2");
});
