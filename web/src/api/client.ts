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

/** Reads a JSON address of the API; for those whose query is put together elsewhere, such as reports. */
export async function getJson<T>(url: string, signal?: AbortSignal): Promise<T> {
  const response = await answer(url, signal);
  const body: unknown = await response.json().catch(() => null);
  if (!response.ok || body === null) throw apiError(response, body);
  return body as T;
}

/** Reads a text of the API. */
export async function getText(url: string, signal?: AbortSignal): Promise<string> {
  const response = await answer(url, signal);
  if (!response.ok) throw apiError(response, await response.json().catch(() => null));
  return response.text();
}

function answer(url: string, signal?: AbortSignal): Promise<Response> {
  return fetch(url, { signal }).catch((reason: unknown) => {
    if (reason instanceof DOMException && reason.name === "AbortError") throw reason;
    throw unreachable();
  });
}
