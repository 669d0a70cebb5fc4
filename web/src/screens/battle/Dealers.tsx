import { useState } from "react";
import type { Dealer, Side } from "../../api/model";
import { compact, count, plural } from "../../eve/count";
import { EntityName } from "../../eve-ui/EntityName";
import { entityName, typeName } from "../../eve-ui/names";
import { Picture } from "../../eve-ui/Picture";
import { sideColor } from "../../eve-ui/sides";
import { formatShare } from "./share";

/** Shown at first; the answer has the first 50 of each side. */
const SHORT = 10;

interface Props {
  side: Side;
  /** All damage of the side to ships. */
  total: number;
  dealers: readonly Dealer[];
}

/** The heaviest hitters of a side; a pilot stands here once for each hull it flew. */
export function Dealers({ side, total, dealers }: Props) {
  const [all, setAll] = useState(false);
  const hitters = dealers.filter((dealer) => dealer.damage > 0);
  const most = hitters[0]?.damage ?? 1;
  if (hitters.length === 0) {
    return <p className="px-3 py-4 text-muted">No killmail names a pilot of this side as an attacker.</p>;
  }
  return (
    <div className="px-3 py-2">
      <h3 className="py-1 font-semibold">Top damage</h3>
      <ol>
        {(all ? hitters : hitters.slice(0, SHORT)).map((dealer, at) => (
          <li
            key={`${dealer.character?.id} ${dealer.ship_type?.id}`}
            className="grid h-11 grid-cols-[1.25rem_2rem_minmax(0,3fr)_minmax(3.5rem,1fr)_3.25rem] items-center gap-x-2 border-line border-b last:border-b-0"
          >
            <span className="num text-right text-2xs text-muted">{at + 1}</span>
            <Picture kind="type" id={dealer.ship_type?.id ?? 0} name={dealer.ship_type?.name} size={32} />
            <div className="min-w-0">
              <div className="flex">
                {dealer.character && <EntityName entity={dealer.character} link className="font-medium" />}
              </div>
              <Party dealer={dealer} />
            </div>
            <div>
              <span className="block h-2" aria-hidden>
                <span
                  className={`block h-full ${sideColor(side.id).bg}`}
                  style={{ width: `${(100 * dealer.damage) / most}%` }}
                />
              </span>
              <span className="num block text-2xs text-muted">
                {plural(dealer.kills, "kill")}
                {dealer.final_blows > 0 && (
                  <span className="hidden @lg:inline">, {count.format(dealer.final_blows)} final</span>
                )}
              </span>
            </div>
            <div className="num text-right" title={`${count.format(dealer.damage)} damage to ships`}>
              {compact(dealer.damage)}
              <div className="text-2xs text-muted">{formatShare(dealer.damage, total)}</div>
            </div>
          </li>
        ))}
      </ol>
      {hitters.length > SHORT && (
        <button
          type="button"
          aria-expanded={all}
          onClick={() => setAll(!all)}
          className="py-2 text-accent text-xs hover:underline"
        >
          {all ? `Show the first ${SHORT}` : `Show ${hitters.length}`}
        </button>
      )}
    </div>
  );
}

function Party({ dealer }: { dealer: Dealer }) {
  const org = dealer.alliance ?? dealer.corporation;
  return (
    <div className="flex min-w-0 items-center gap-1.5 text-2xs text-muted">
      <span className="shrink-0">{typeName(dealer.ship_type)}</span>
      {org && (
        <span className="truncate" title={entityName(org)}>
          · {entityName(org)}
        </span>
      )}
    </div>
  );
}
