import { useMemo } from "react";
import type { BattleKill } from "../../api/model";
import { KillCard } from "./KillCard";
import { useShown } from "./shown";

const SHOWN = 10;

/** The most expensive losses of all sides. */
export function TopLosses({ kills }: { kills: readonly BattleKill[] }) {
  const top = useMemo(
    () =>
      kills
        .filter((kill) => kill.isk != null)
        .sort((a, b) => (b.isk ?? 0) - (a.isk ?? 0))
        .slice(0, SHOWN),
    [kills],
  );
  const { whole, standing } = useShown();
  // In a replay the list has the height it will have.
  const rows = standing === "whole" ? 0 : Math.min(SHOWN, whole.killmails.length);
  if (top.length === 0 && rows === 0) return null;
  return (
    <section
      aria-label="Most expensive losses"
      className="min-w-0 border-line p-3 max-md:border-t md:border-l"
    >
      <h2 className="mb-2 font-semibold">Most expensive losses</h2>
      <ul style={{ minHeight: `${2.75 * rows}rem` }}>
        {top.map((kill) => (
          <li key={kill.id} className="h-11 border-line border-b last:border-b-0">
            <KillCard kill={kill} badge />
          </li>
        ))}
      </ul>
    </section>
  );
}
