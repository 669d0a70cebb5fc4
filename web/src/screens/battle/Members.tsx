import { Link } from "@tanstack/react-router";
import { ChevronRight } from "lucide-react";
import { useState } from "react";
import type { Entity, Evidence, Member, Side } from "../../api/model";
import { zkillEntity } from "../../eve/links";
import { EntityName } from "../../eve-ui/EntityName";
import { Isk } from "../../eve-ui/Isk";
import { Picture } from "../../eve-ui/Picture";

import { compact } from "./SideHead";

const count = new Intl.NumberFormat("en-US");
const COLUMNS = "grid grid-cols-[1rem_1.5rem_minmax(0,1fr)_3.5rem_3rem_4.5rem] items-center gap-x-2 px-3";

/** Lists longer than this are shown shortened. */
const SHORT = 10;

/** Who stands on a side; each row opens to how sure that is and why. */
export function Members({ side }: { side: Side }) {
  const [all, setAll] = useState(false);
  const shown = all ? side.members : side.members.slice(0, SHORT);
  return (
    <div className="pb-3">
      <div className={`${COLUMNS} label h-7 border-line border-b`}>
        <span className="col-span-3">Alliances and corporations</span>
        <span className="text-right">Pilots</span>
        <span className="text-right">Lost</span>
        <span className="text-right">ISK lost</span>
      </div>
      {shown.map((member) => (
        <Row key={`${member.entity.type} ${member.entity.id}`} member={member} />
      ))}
      {side.members.length > SHORT && (
        <button
          type="button"
          aria-expanded={all}
          onClick={() => setAll(!all)}
          className="px-3 py-2 text-accent text-xs hover:underline"
        >
          {all ? `Show the first ${SHORT}` : `Show all ${side.members.length}`}
        </button>
      )}
    </div>
  );
}

function Row({ member }: { member: Member }) {
  return (
    <details className="group border-line border-b">
      <summary className={`${COLUMNS} h-8 list-none hover:bg-hover`}>
        <ChevronRight size={14} aria-hidden className="text-muted group-open:rotate-90" />
        <Picture kind={member.entity.type} id={member.entity.id} name={member.entity.name} size={24} />
        <EntityName entity={member.entity} ticker />
        <span className="num text-right">{count.format(member.pilots)}</span>
        <span className="num text-right text-muted">{count.format(member.ships_lost)}</span>
        <Isk isk={member.isk_lost} className="text-right" />
      </summary>
      <p className="py-2 pr-3 pl-12 text-muted text-xs">
        {Math.round(member.confidence * 100)}% sure of this side: an inference from who shot whom.{" "}
        {member.together && `Shot beside ${evidence(member.together)}. `}
        {member.against && `Fought ${evidence(member.against)}. `}
        {member.friendly_fire > 0 && `Shot its own side ${member.friendly_fire} times. `}
        {count.format(member.kills)} kills, {compact(member.damage_done)} damage.{" "}
        <Link to="/battles" search={battlesOf(member.entity)} className="text-accent underline">
          Their battles
        </Link>{" "}
        <a
          href={zkillEntity(member.entity.type, member.entity.id)}
          target="_blank"
          rel="noreferrer"
          className="text-accent underline"
        >
          zKillboard
        </a>
      </p>
    </details>
  );
}

function evidence({ entity_id, name, kills }: Evidence): string {
  return `${name ?? `the party ${entity_id}`} on ${count.format(kills)} ${kills === 1 ? "kill" : "kills"}`;
}

/** The filter for the battles of a party; the list knows none for factions. */
function battlesOf({ type, id }: Entity) {
  return type === "faction" ? {} : { [`${type}_id`]: [id] };
}
