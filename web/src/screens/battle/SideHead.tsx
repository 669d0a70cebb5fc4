import type { BattleDetail, Side } from "../../api/model";
import { compact, count, plural } from "../../eve/count";
import { Isk } from "../../eve-ui/Isk";
import { sideColor, UNASSIGNED } from "../../eve-ui/sides";
import { SideCertainty } from "./Certainty";
import { Commanders } from "./Commanders";
import { Standouts } from "./Standouts";

/** A side's figures and who stood out. */
export function SideHead({ side, battle }: { side: Side; battle: BattleDetail }) {
  const none = side.id === UNASSIGNED;
  return (
    <div className="px-3 pt-3 pb-2">
      <dl className="grid grid-cols-3 gap-x-4 gap-y-3 @xl:grid-cols-5">
        <Stat label="Pilots">{count.format(side.pilots)}</Stat>
        <Stat label="Ships lost" small={side.capsules_lost > 0 && plural(side.capsules_lost, "pod")}>
          {count.format(side.ships_lost)}
          {side.structures_lost > 0 && (
            <span className="font-normal text-muted text-xs">
              {" "}
              +{plural(side.structures_lost, "structure")}
            </span>
          )}
        </Stat>
        <Stat label="ISK lost">
          <Isk isk={side.isk_lost} sense="lost" />
        </Stat>
        <Stat label="ISK destroyed" title="Each loss is credited once, among the sides that shot it">
          {known(side.isk_destroyed, (isk) => (
            <Isk isk={isk} sense="destroyed" />
          ))}
        </Stat>
        <Stat
          label="Damage to ships"
          title="To ships that were lost; killmails tell of no other"
          small={
            side.structure_damage !== null &&
            side.structure_damage > 0 &&
            `+${compact(side.structure_damage)} to structures`
          }
        >
          {compact(side.damage_done)}
        </Stat>
        {!none && (
          <Stat label="How sure" className="@xl:hidden">
            <SideCertainty side={side} />
          </Stat>
        )}
      </dl>
      {!none && (
        <div className="mt-2 hidden items-center gap-1.5 text-muted text-xs @xl:flex">
          Who stands here is inferred: <SideCertainty side={side} />
        </div>
      )}
      <Standouts side={side} battle={battle} />
      <Commanders side={side} pilots={battle.pilots} />
    </div>
  );
}

/** Share of ISK destroyed in all ISK destroyed and lost, as a bar; stands in the head of a side. */
export function Efficiency({ side }: { side: Side }) {
  if (side.efficiency == null || side.id === UNASSIGNED) return null;
  const percent = Math.round(side.efficiency * 100);
  return (
    <span
      className="num flex items-center gap-2 text-xs"
      title={`Efficiency ${percent}%: ISK destroyed of all ISK destroyed and lost`}
    >
      <span className="hidden h-1.5 w-16 bg-raised @md:block" aria-hidden>
        <span className={`block h-full ${sideColor(side.id).bg}`} style={{ width: `${percent}%` }} />
      </span>
      <span>
        <b className="font-semibold">{percent}%</b>
        <span className="hidden text-muted @lg:inline"> efficiency</span>
        <span className="sr-only @lg:hidden"> efficiency</span>
      </span>
    </span>
  );
}

function known(value: number | null, show: (value: number) => React.ReactNode): React.ReactNode {
  return value === null ? <span className="font-normal text-muted">–</span> : show(value);
}

interface StatProps {
  label: string;
  title?: string;
  /** A second figure under the first. */
  small?: string | false;
  className?: string;
  children: React.ReactNode;
}

function Stat({ label, title, small, className, children }: StatProps) {
  return (
    <div className={className} title={title}>
      <dt className="label">{label}</dt>
      <dd className="num font-semibold text-base">
        {children}
        {small && <span className="block font-normal text-2xs text-muted">{small}</span>}
      </dd>
    </div>
  );
}
