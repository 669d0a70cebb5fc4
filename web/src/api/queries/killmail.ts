import { queryOptions } from "@tanstack/react-query";
import { client, unwrap } from "../client";
import { ApiError } from "../error";
import type { KillmailDetail } from "../model";

/** The id is known and its details are on their way from CCP. */
const PENDING = "urn:battlescope:killmail-pending";
/** The id is known and CCP does not give its details. */
const UNAVAILABLE = "urn:battlescope:killmail-unavailable";

const PENDING_MS = 15_000;

export type Absence = "pending" | "unavailable" | "unknown";

/** Why there is no killmail to show; null when the request failed for another reason. */
export function absence(error: unknown): Absence | null {
  if (!(error instanceof ApiError) || !error.notFound) return null;
  if (error.type === PENDING) return "pending";
  return error.type === UNAVAILABLE ? "unavailable" : "unknown";
}

/** One killmail with everyone on it. Asked for again until its details have come. */
export function killmailQuery(id: number) {
  return queryOptions({
    queryKey: ["killmail", id],
    queryFn: ({ signal }): Promise<KillmailDetail> =>
      unwrap(client.GET("/api/v1/killmails/{id}", { params: { path: { id } }, signal })),
    refetchInterval: ({ state }) => (absence(state.error) === "pending" ? PENDING_MS : false),
  });
}
