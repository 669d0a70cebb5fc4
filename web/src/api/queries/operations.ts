/** What the crews of a battle fought before and after it. */

import { queryOptions } from "@tanstack/react-query";
import { client, unwrap } from "../client";
import type { Operation } from "../model";
import { battleKeys } from "./battles";

/** By side; a battle that stands alone is part of none. */
export function operationsQuery(battle: number) {
  return queryOptions({
    queryKey: [...battleKeys.detail(battle), "operations"],
    queryFn: async ({ signal }): Promise<Operation[]> => {
      const path = { id: battle };
      return (await unwrap(client.GET("/api/v1/battles/{id}/operations", { params: { path }, signal })))
        .items as Operation[];
    },
  });
}
