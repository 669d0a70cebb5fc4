import { Link } from "@tanstack/react-router";
import type { KillmailDetail } from "../../api/model";
import { systemName } from "../../eve-ui/names";
import { toStamp } from "../reports/stamp";

const HALF_HOUR_MS = 30 * 60_000;

/** Stands where the battle would: the way to what else was lost there and then. */
export function Alone({ kill }: { kill: KillmailDetail }) {
  const at = new Date(kill.occurred_at).getTime();
  const [from, to] = [at - HALF_HOUR_MS, at + HALF_HOUR_MS].map((ms) => toStamp(new Date(ms)));
  return (
    <p className="flex flex-wrap gap-x-4 gap-y-1 border-line border-y bg-panel px-3 py-2.5 text-muted">
      The killmail is in no battle.
      <Link
        to="/reports/{-$tab}"
        params={{ tab: undefined }}
        search={{ window: [`${kill.system.id}:${from}-${to}`] }}
        className="text-accent hover:underline"
      >
        All losses in {systemName(kill.system)} within half an hour
      </Link>
    </p>
  );
}
