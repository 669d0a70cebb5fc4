import type { BattleDetail } from "../../api/model";
import { count, plural } from "../../eve/count";
import { fullIsk } from "../../eve/isk";
import { sideWord, UNASSIGNED } from "../../eve-ui/sides";

/** What the figures rest on, and what nobody knows. */
export function Honesty({ battle }: { battle: BattleDetail }) {
  const share = Math.round(battle.isk_estimated_share * 100);
  const sides = battle.sides.filter((side) => side.id !== UNASSIGNED);
  return (
    <div className="grid gap-2 text-xs">
      <h2 className="font-semibold text-sm">How sure these figures are</h2>
      <p>
        <b>Kills</b> are those that were posted to zKillboard. Losses nobody posts are missing, and some come
        up to three days late.
      </p>
      <p>
        <b>Pilots</b> are those on a killmail. Who neither lost a ship nor shot one that died is not seen:
        logistics, scouts, boosters.
      </p>
      <p>
        <b>Values</b>:{" "}
        {share > 0
          ? `${share}% of ${fullIsk(battle.isk_destroyed)} is our estimate from price lists; single losses and the sum show it with ~, the figures of the sides hold the same part.`
          : "as zKillboard gives them."}{" "}
        {battle.unknown_values > 0 &&
          `${count.format(battle.unknown_values)} ${
            battle.unknown_values === 1 ? "loss has" : "losses have"
          } no known value and count nothing in the sums.`}
      </p>
      <p>
        <b>Sides</b> are an inference from who shot whom
        {sides.length > 0 &&
          `: ${sides.map((side) => `${sideWord(side.id)} ${Math.round(side.confidence * 100)}%`).join(", ")} sure`}
        . {battle.edited && "Some were set by hand in this link. "}
        {battle.corrections > 0 && `${plural(battle.corrections, "correction")} by an administrator.`}
      </p>
    </div>
  );
}
