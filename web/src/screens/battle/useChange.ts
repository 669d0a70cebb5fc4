import { useNavigate } from "@tanstack/react-router";
import { useCallback } from "react";
import { changed } from "./search";

/**
 * Changes parameters of the address; undefined leaves one out. Tab and the other
 * parameters are those of the moment it is called: what waited for a while to be
 * written must not undo what came between.
 */
export function useChange<S extends object>(): (changes: S) => Promise<void> {
  const navigate = useNavigate();
  return useCallback(
    (changes: S) => navigate({ to: ".", search: changed(changes), replace: true, resetScroll: false }),
    [navigate],
  );
}
