import type { Side } from "../../api/model";
import { Isk } from "../../eve-ui/Isk";
import { Picture } from "../../eve-ui/Picture";
import { SideBadge } from "../../eve-ui/SideBadge";
import { sideColor, UNASSIGNED } from "../../eve-ui/sides";
import { sideTitle } from "./derive";

const count = new Intl.NumberFormat("en-US");

/** A side's name and stat block. */
export function SideHead({ side }: { side: Side }) {
  const lead = side.members[0]?.entity;
  const others = side.members.length - 1;
  const none = side.id === UNASSIGNED;
  return (
    <div className="px-3 pt-3 pb-2">
      <div className="flex items-center gap-2.5">
        <SideBadge side={side.id} large />
        {lead && !none && <Picture kind={lead.type} id={lead.id} name={lead.name} size={32} />}
        <h2 className="min-w-0">
          <span className="block truncate font-semibold text-lg">{sideTitle(side)}</span>
          <span className="block text-2xs text-muted">
            {none
              ? "nobody could place them"
              : others > 0
                ? `and ${others} other${others === 1 ? "" : "s"}`
                : "alone"}
            {side.third_party && " · third party"}
          </span>
        </h2>
        {!none && <Efficiency side={side} />}
      </div>
      <dl className="mt-3 grid grid-cols-[repeat(auto-fit,minmax(6rem,1fr))] gap-x-4 gap-y-2">
        <Stat label="Pilots">{count.format(side.pilots)}</Stat>
        <Stat label="Ships lost">{count.format(side.ships_lost)}</Stat>
        <Stat label="ISK lost">
          <Isk isk={side.isk_lost} sense="lost" />
        </Stat>
        <Stat label="ISK destroyed">
          <Isk isk={side.isk_destroyed} sense="destroyed" />
        </Stat>
        <Stat label="Damage done">{compact(side.damage_done)}</Stat>
      </dl>
    </div>
  );
}

/** Damage in thousands and millions, written like ISK but it is none. */
export function compact(n: number): string {
  return new Intl.NumberFormat("en-US", { notation: "compact", maximumSignificantDigits: 3 })
    .format(n)
    .toLowerCase();
}

function Efficiency({ side }: { side: Side }) {
  if (side.efficiency == null) return null;
  const percent = Math.round(side.efficiency * 100);
  return (
    <div className="ml-auto shrink-0 text-right" title="ISK destroyed of all ISK destroyed and lost">
      <div className="num font-semibold text-lg leading-5">{percent}%</div>
      <div className="label">efficiency</div>
      <div className="mt-1 h-1 w-20 bg-raised">
        <div className={`h-full ${sideColor(side.id).bg}`} style={{ width: `${percent}%` }} />
      </div>
    </div>
  );
}

function Stat({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <div>
      <dt className="label">{label}</dt>
      <dd className="num font-semibold text-base">{children}</dd>
    </div>
  );
}
