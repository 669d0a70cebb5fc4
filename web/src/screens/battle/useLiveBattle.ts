import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useLiveEvents } from "../../api/live";
import type { BattleDetail } from "../../api/model";
import { battleKeys } from "../../api/queries/battles";

/** A battle is asked for again at most this often, however fast it grows. */
const RENEW_MS = 2_000;

/** Keeps the shown battle up to date while the stream speaks of it. */
export function useLiveBattle(id: number): void {
  const client = useQueryClient();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const last = useRef(0);
  useLiveEvents((events) => {
    if (timer.current !== undefined) return; // already on its way
    if (!events.some((event) => event.type === "battle" && event.data.id === id)) return;
    const wait = Math.max(0, last.current + RENEW_MS - Date.now());
    timer.current = setTimeout(() => {
      timer.current = undefined;
      last.current = Date.now();
      client.invalidateQueries({ queryKey: battleKeys.detail(id) });
    }, wait);
  });
  useEffect(() => () => clearTimeout(timer.current), []);
}

/** What the last renewal brought, in words: "+3 kills". "" until something comes. */
export function useChange(battle: BattleDetail | undefined): string {
  const [before, setBefore] = useState<{ id: number; kills: number } | null>(null);
  const [words, setWords] = useState("");
  if (battle && (before?.id !== battle.id || before.kills !== battle.kills)) {
    const more = before?.id === battle.id ? battle.kills - before.kills : 0;
    setBefore({ id: battle.id, kills: battle.kills });
    setWords(
      more === 0
        ? ""
        : `updated, ${more > 0 ? "+" : "−"}${Math.abs(more)} ${Math.abs(more) === 1 ? "kill" : "kills"}`,
    );
  }
  return words;
}
