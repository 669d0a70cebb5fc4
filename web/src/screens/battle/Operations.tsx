import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { BattleDetail, Operation, OperationBattle } from "../../api/model";
import { operationsQuery } from "../../api/queries/operations";
import { plural } from "../../eve/count";
import { eveTime } from "../../eve/time";
import { Isk } from "../../eve-ui/Isk";
import { systemName } from "../../eve-ui/names";
import { SideBadge } from "../../eve-ui/SideBadge";
import { Security } from "../../eve-ui/SystemName";
import { sideWord, UNASSIGNED } from "../../eve-ui/sides";
import { cx } from "../../ui/cx";

/** Where else the crews of this battle fought, before it and after. Nothing when they did not. */
export function Operations({ battle }: { battle: BattleDetail }) {
  const { data } = useQuery({ ...operationsQuery(battle.id), enabled: battle.id > 0 });
  if (!data || data.length === 0) return null;
  return (
    <section aria-label="The same crews before and after" className="border-line border-t p-3">
      <h2 className="font-semibold text-lg">The same crews before and after</h2>
      <p className="mb-2 text-muted text-xs">
        Half of the pilots were in both fights, at most an hour and ten jumps apart.
      </p>
      <div className="grid gap-x-8 gap-y-4 lg:grid-cols-2">
        {data.map((operation) => (
          <Chain key={operation.side} operation={operation} battle={battle} />
        ))}
      </div>
    </section>
  );
}

function Chain({ operation, battle }: { operation: Operation; battle: BattleDetail }) {
  const { side, pilots, total, battles } = operation;
  const hidden = total - battles.length;
  return (
    <section aria-label={`${sideWord(side)} before and after`} className="min-w-0">
      <h3 className="mb-1 flex items-center gap-2">
        <SideBadge side={side} />
        <span>
          {plural(pilots, "pilot")} of {sideWord(side)} in {plural(total, "battle")}
          {hidden > 0 && `, the nearest ${battles.length} of them here`}
        </span>
      </h3>
      <ol className="border-line border-l">
        {battles.map((one) => (
          <Stop key={one.id} one={one} here={one.id === battle.id} />
        ))}
      </ol>
    </section>
  );
}

function Stop({ one, here }: { one: OperationBattle; here: boolean }) {
  const [system] = one.systems;
  const against = one.sides.filter((side) => side.id !== one.crew_side && side.id !== UNASSIGNED);
  return (
    <li className={cx("border-line border-b py-1.5 pr-1 pl-3 last:border-b-0", here && "bg-raised")}>
      <div className="flex flex-wrap items-baseline gap-x-2">
        <time dateTime={one.started_at} className="num text-muted text-xs">
          {eveTime(new Date(one.started_at))}
        </time>
        {system && <Security system={system} />}
        {here ? (
          <span aria-current="page" className="font-semibold">
            {systemName(system)}
            <span className="font-normal text-muted"> · this battle</span>
          </span>
        ) : (
          <Link
            to="/battles/$id/{-$tab}"
            params={{ id: String(one.id), tab: undefined }}
            className="font-semibold text-accent hover:underline"
          >
            {systemName(system)}
          </Link>
        )}
        <span className="num ml-auto text-xs">
          {plural(one.kills, "kill")} ·{" "}
          {one.isk_destroyed == null ? "value unknown" : <Isk isk={one.isk_destroyed} />}
        </span>
      </div>
      <p className="flex min-w-0 flex-wrap gap-x-3 text-muted text-xs">
        {against.length > 0 && (
          <span className="min-w-0 truncate">
            against {against[0]?.name ?? sideWord(against[0]?.id ?? "")}
            {against.length > 1 && ` and ${against.length - 1} more`}
          </span>
        )}
        {one.follows !== null && (
          <span className="num">
            {plural(one.shared_pilots, "pilot")} of an earlier fight, {Math.round(100 * one.shared_share)}% of
            both crews
          </span>
        )}
      </p>
    </li>
  );
}
