import { useMemo } from "react";
import type { Attacker } from "../../api/model";
import { plural } from "../../eve/count";
import { EntityName } from "../../eve-ui/EntityName";
import { typeName } from "../../eve-ui/names";
import { Picture } from "../../eve-ui/Picture";
import { SideBadge } from "../../eve-ui/SideBadge";
import { UNASSIGNED } from "../../eve-ui/sides";
import { hullsOf, orgsOf, percent, whoOf } from "./derive";

const MOST_HULLS = 24;
const MOST_ORGS = 10;

interface Props {
  attackers: readonly Attacker[];
  inBattle: boolean;
}

/** What the attackers flew and for whom, for those who do not read hundreds of rows. */
export function Sums({ attackers, inBattle }: Props) {
  const hulls = useMemo(() => hullsOf(attackers), [attackers]);
  const orgs = useMemo(() => orgsOf(attackers), [attackers]);
  if (attackers.length < 2) return null;
  return (
    <aside
      aria-label="Attackers in sum"
      className="grid content-start gap-4 border-line p-3 max-lg:border-b lg:col-start-2 lg:row-start-1 lg:border-l"
    >
      <Blows attackers={attackers} />
      {hulls.length > 0 && (
        <section>
          <h2 className="mb-2 font-semibold">Their ships</h2>
          <ul className="grid grid-cols-2 gap-x-3 gap-y-1 sm:max-lg:grid-cols-4">
            {hulls.slice(0, MOST_HULLS).map(({ ship, count }) => (
              <li key={ship.id} className="flex min-w-0 items-center gap-1.5" title={typeName(ship)}>
                <Picture kind="type" id={ship.id} name={ship.name} size={24} />
                <span className="num w-7 shrink-0 text-right text-muted">{count}</span>
                <span className="truncate">{typeName(ship)}</span>
              </li>
            ))}
            {hulls.length > MOST_HULLS && (
              <li className="text-muted">and {hulls.length - MOST_HULLS} more</li>
            )}
          </ul>
        </section>
      )}
      {orgs.length > 1 && (
        <section>
          <h2 className="mb-2 font-semibold">By organisation</h2>
          <ul className="grid gap-1">
            {orgs.slice(0, MOST_ORGS).map(({ org, pilots, nobody, share, side }) => (
              <li key={org.id} className="flex min-w-0 items-center gap-2">
                {inBattle && <SideBadge side={side ?? UNASSIGNED} />}
                <Picture kind={org.type} id={org.id} name={org.name} size={20} />
                <EntityName entity={org} className="grow" />
                <span className="num w-16 shrink-0 text-right text-muted text-xs">
                  {pilots === 0 ? nobody : plural(pilots, "pilot")}
                </span>
                <span className="num w-12 shrink-0 text-right text-xs">{percent(share)}</span>
              </li>
            ))}
            {orgs.length > MOST_ORGS && (
              <li className="text-muted text-xs">and {orgs.length - MOST_ORGS} more</li>
            )}
          </ul>
        </section>
      )}
    </aside>
  );
}

/** Who struck last and who did most: the two that people look for. */
function Blows({ attackers }: { attackers: readonly Attacker[] }) {
  const last = attackers.find((attacker) => attacker.final_blow);
  const [most] = attackers; // they stand by damage
  if (!last && !most) return null;
  return (
    <dl className="grid gap-3 sm:max-lg:grid-cols-2">
      {last && <Blow label="Final blow" attacker={last} />}
      {most && most !== last && <Blow label="Most damage" attacker={most} />}
    </dl>
  );
}

function Blow({ label, attacker }: { label: string; attacker: Attacker }) {
  const who = whoOf(attacker);
  const ship = attacker.ship_type;
  return (
    <div className="min-w-0">
      <dt className="mb-1 font-semibold">{label}</dt>
      <dd className="flex min-w-0 items-center gap-2.5">
        {who && <Picture kind={who.type} id={who.id} name={who.name} size={36} />}
        {ship && <Picture kind="type" id={ship.id} name={ship.name} size={36} />}
        <span className="grid min-w-0">
          {who ? <EntityName entity={who} link className="font-medium" /> : typeName(ship)}
          <span className="truncate text-2xs text-muted">
            {who && ship && `${typeName(ship)} · `}
            {percent(attacker.damage_share)} of the damage
          </span>
        </span>
      </dd>
    </div>
  );
}
