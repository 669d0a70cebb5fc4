import { useMemo } from "react";
import type { BattleDetail, Entity, Side, TypeRef } from "../../api/model";
import { compact, count, plural } from "../../eve/count";
import { EntityName } from "../../eve-ui/EntityName";
import { Isk } from "../../eve-ui/Isk";
import { typeName } from "../../eve-ui/names";
import { Picture } from "../../eve-ui/Picture";
import { pilotHull } from "./derive";
import { KillLink } from "./KillLink";
import { formatShare } from "./share";
import { useShown } from "./shown";
import { mostOf, topLoss } from "./topPilots";

/** A side's best killer, its heaviest hitter and its most expensive loss. */
export function Standouts({ side, battle: { pilots, killmails } }: { side: Side; battle: BattleDetail }) {
  const { killer, hitter, loss } = useMemo(
    () => ({
      killer: mostOf(pilots, side.id, (pilot) => pilot.kills),
      hitter: mostOf(pilots, side.id, (pilot) => pilot.damage_done),
      loss: topLoss(killmails, side.id),
    }),
    [pilots, killmails, side.id],
  );
  const { standing } = useShown();
  // While a replay runs nobody knows who did most; their places stay.
  const held = standing !== "whole";
  if (!killer && !hitter && !loss && !held) return null;
  return (
    <ul className="mt-3 grid gap-2 @xl:grid-cols-3">
      {!killer && held && <Nobody label="Most kills" />}
      {killer && (
        <One label="Most kills" who={killer.character} hull={pilotHull(killer).hull?.ship_type}>
          {plural(killer.kills ?? 0, "kill")}, {count.format(killer.final_blows ?? 0)} final
        </One>
      )}
      {!hitter && held && <Nobody label="Most damage" />}
      {hitter && (
        <One label="Most damage" who={hitter.character} hull={pilotHull(hitter).hull?.ship_type}>
          {compact(hitter.damage_done)}
          {side.damage_done ? `, ${formatShare(hitter.damage_done ?? 0, side.damage_done)} of the side` : ""}
        </One>
      )}
      {!loss && held && <Nobody label="Top loss" />}
      {loss && (
        <One
          label="Top loss"
          who={loss.victim.character ?? loss.victim.corporation}
          hull={loss.victim.ship_type}
        >
          <KillLink
            id={loss.id}
            title="The killmail"
            className="-my-1 inline-block py-1 text-accent hover:underline"
          >
            <Isk isk={loss.isk} estimated={loss.isk_source !== "zkb"} />, the killmail
          </KillLink>
        </One>
      )}
    </ul>
  );
}

function Nobody({ label }: { label: string }) {
  return (
    <li className="flex h-14 min-w-0 items-start gap-2">
      <Picture kind="type" id={0} name="" size={40} className="invisible" />
      <div>
        <div className="label">{label}</div>
        <div className="text-muted">–</div>
      </div>
    </li>
  );
}

interface OneProps {
  label: string;
  who: Entity | null;
  hull: TypeRef | null | undefined;
  children: React.ReactNode;
}

function One({ label, who, hull, children }: OneProps) {
  return (
    <li className="flex min-w-0 items-center gap-2">
      <Picture kind="type" id={hull?.id ?? 0} name={hull?.name} size={40} />
      <div className="min-w-0">
        <div className="label">{label}</div>
        <div className="flex min-w-0">
          {who && <EntityName entity={who} link className="font-medium leading-6" />}
        </div>
        <div className="num truncate text-muted text-xs">
          {typeName(hull)} · {children}
        </div>
      </div>
    </li>
  );
}
