/** The one door to the API: typed requests in, data or ApiError out. */

import createClient from "openapi-fetch";
import { apiError, unreachable } from "./error";
import type { paths } from "./schema";

/** The page is served by the binary that answers the API, so the origin is always its own. */
export const client = createClient<paths>({
  baseUrl: "/",
  // Resolved at call time, so that tests may put another fetch in place.
  fetch: (request) => fetch(request),
});

interface Outcome<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** Turns openapi-fetch's outcome into data, or throws an ApiError. */
export async function unwrap<T>(outcome: Promise<Outcome<T>>): Promise<T> {
  const { data, error, response } = await outcome.catch((reason: unknown) => {
    if (reason instanceof DOMException && reason.name === "AbortError") throw reason;
    throw unreachable();
  });
  if (data === undefined) throw apiError(response, error);
  return data;
}
