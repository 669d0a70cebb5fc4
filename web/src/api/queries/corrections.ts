/** What people corrected in a battle for everybody. Saving and taking back is the administrator's. */

import { queryOptions } from "@tanstack/react-query";
import { client, unwrap } from "../client";
import { ApiError } from "../error";
import type { Correction, CorrectionBody } from "../model";
import { battleKeys } from "./battles";

/** Corrections of a battle, newest first, with those taken back. */
export function correctionsQuery(battle: number) {
  return queryOptions({
    queryKey: [...battleKeys.detail(battle), "corrections"],
    queryFn: async ({ signal }): Promise<Correction[]> => {
      const path = { id: battle };
      return (await unwrap(client.GET("/api/v1/battles/{id}/corrections", { params: { path }, signal })))
        .items;
    },
  });
}

/** Whether this browser is the administrator's; asked where the answer matters and nowhere else. */
export const administratorQuery = queryOptions({
  queryKey: ["administrator"],
  queryFn: async ({ signal }): Promise<boolean> => {
    try {
      await unwrap(client.GET("/api/v1/admin/jobs/counts", { signal }));
      return true;
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return false;
      throw error;
    }
  },
  staleTime: 60_000,
});

export function saveCorrection(battle: number, body: CorrectionBody): Promise<Correction> {
  return unwrap(client.POST("/api/v1/battles/{id}/corrections", { params: { path: { id: battle } }, body }));
}

export function takeBackCorrection(id: number): Promise<Correction> {
  return unwrap(client.DELETE("/api/v1/corrections/{id}", { params: { path: { id } } }));
}
