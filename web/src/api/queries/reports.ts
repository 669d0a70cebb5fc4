/** What leads to a report: links that people paste, related pages, systems by their name. */

import { queryOptions } from "@tanstack/react-query";
import { client, unwrap } from "../client";
import { ApiError } from "../error";
import type { Linked, Related, SystemRef } from "../model";

/** What is known of a system around a time, "202111281000"; time and system as in the address. */
export function relatedQuery(system: number, time: string) {
  return queryOptions({
    queryKey: ["related", system, time],
    queryFn: ({ signal }): Promise<Related> =>
      unwrap(
        client.GET("/api/v1/related/{system_id}/{time}", {
          params: { path: { system_id: system, time } },
          signal,
        }),
      ),
  });
}

/** What a pasted link, id, or system and time means. */
export function linkQuery(text: string) {
  return queryOptions({
    queryKey: ["link", text],
    queryFn: ({ signal }): Promise<Linked> =>
      unwrap(client.GET("/api/v1/links", { params: { query: { url: text } }, signal })),
    retry: false,
  });
}

/** A solar system by its name or id. */
export function systemQuery(text: string) {
  return queryOptions({
    queryKey: ["system", text.toLowerCase()],
    queryFn: async ({ signal }): Promise<SystemRef> => {
      // Names are understood where systems are pasted with a time; any time does.
      const linked = await unwrap(
        client.GET("/api/v1/links", { params: { query: { url: `${text} 2003-05-06` } }, signal }),
      );
      const id = Number(new URLSearchParams(linked.report).get("window")?.split(":")[0]);
      if (!id) throw new ApiError(404, `"${text}" is no solar system`, "give its name, or its id");
      return unwrap(client.GET("/api/v1/systems/{id}", { params: { path: { id } }, signal }));
    },
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
}
