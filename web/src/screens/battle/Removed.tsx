import type { BattleDetail } from "../../api/model";
import { eveDate } from "../../eve/time";

/** Says what retention has taken from a battle; nothing when it is whole. */
export function Removed({ battle }: { battle: BattleDetail }) {
  if (!battle.killmails_removed_at) return null;
  const day = eveDate(new Date(battle.killmails_removed_at));
  return (
    <p className="border-line border-b bg-panel px-3 py-2 text-muted text-sm" role="note">
      The killmails of this battle were removed by retention on {day}
      {battle.pilots_removed_at && ", and so was its list of pilots"}. Its sides and totals are kept.
    </p>
  );
}
