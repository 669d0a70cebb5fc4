import { Link } from "@tanstack/react-router";
import { CircleAlert, CircleHelp } from "lucide-react";
import type { Entity, Member, Side } from "../../api/model";
import { compact, plural } from "../../eve/count";
import { zkillEntity } from "../../eve/links";
import { entityName } from "../../eve-ui/names";
import { sideWord, UNASSIGNED } from "../../eve-ui/sides";
import { cx } from "../../ui/cx";
import { Popover } from "../../ui/Popover";
import { certainty, certaintySentence, evidence } from "./memberTree";

/** How sure a member's side is; opens to what it was inferred from. */
export function MemberCertainty({ member, side }: { member: Member; side: Side }) {
  const sure = certainty(member.confidence);
  const none = side.id === UNASSIGNED;
  const doubtful = !none && (sure === "unsure" || sure === "a guess");
  const label = none
    ? `${entityName(member.entity)}: why on no side`
    : `${entityName(member.entity)} on ${sideWord(side.id)}: ${sure}. Why`;
  return (
    <Popover
      label={label}
      title={none ? "Why on no side" : `${sure}: why this side`}
      className={cx(
        "inline-flex h-6 min-w-6 shrink-0 items-center justify-center gap-1 whitespace-nowrap rounded-sm px-1 text-2xs hover:bg-raised",
        doubtful ? "text-warn" : "text-muted",
      )}
      button={
        <>
          {doubtful && <span className="hidden @md:inline">{sure}</span>}
          {doubtful ? <CircleAlert size={13} aria-hidden /> : <CircleHelp size={13} aria-hidden />}
        </>
      }
    >
      {() => <Why member={member} side={side} />}
    </Popover>
  );
}

function Why({ member, side }: { member: Member; side: Side }) {
  const none = side.id === UNASSIGNED;
  return (
    <div className="grid gap-2">
      <p className="font-semibold">{entityName(member.entity)}</p>
      {none ? (
        <p>Nothing it did shows whom it fought for.</p>
      ) : (
        <p>
          {certaintySentence(member, side.id)}{" "}
          <span className="num text-muted">
            Margin over the next best side: {Math.round(member.confidence * 100)}%.
          </span>
        </p>
      )}
      <ul className="list-disc pl-4">
        {evidence(member).map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
      <p className="text-muted text-xs">
        Killmails name no sides. This is inferred from who shot whom; logistics and whoever was on no kill
        cannot be seen.
      </p>
      {member.kills !== null && (
        <p className="num text-muted text-xs">
          On {plural(member.kills, "kill")}, {compact(member.damage_done)} damage to ships and structures.
        </p>
      )}
      <p className="flex gap-4">
        <Link to="/battles" search={battlesOf(member.entity)} className="text-accent underline">
          Their battles
        </Link>
        <a
          href={zkillEntity(member.entity.type, member.entity.id)}
          target="_blank"
          rel="noreferrer"
          className="text-accent underline"
        >
          zKillboard
        </a>
      </p>
    </div>
  );
}

/** How sure a side is as a whole: the members' margins by their pilots. */
export function SideCertainty({ side }: { side: Side }) {
  if (side.id === UNASSIGNED) return null;
  const sure = certainty(side.confidence);
  const doubtful = side.members.filter((member) => certainty(member.confidence) !== "sure");
  return (
    <Popover
      label={`${sideWord(side.id)}: ${sure}. How sides are found`}
      className="inline-flex min-h-6 items-center gap-1 rounded-sm hover:underline"
      button={
        <>
          <span className={sure === "a guess" ? "text-warn" : ""}>{sure}</span>
          <CircleHelp size={13} aria-hidden className="text-muted" />
        </>
      }
    >
      {() => (
        <div className="grid gap-2">
          <p>
            Sides are inferred from who shot whom, not read from killmails. For {sideWord(side.id)} the margin
            over the next best sides is {Math.round(side.confidence * 100)}% on average.
          </p>
          {doubtful.length === 0 ? (
            <p>Every member is sure.</p>
          ) : (
            <>
              <p>Less than sure:</p>
              <ul className="grid gap-1">
                {doubtful.slice(0, DOUBTS).map((member) => (
                  <li key={`${member.entity.type} ${member.entity.id}`} className="flex gap-2">
                    <span className="min-w-0 flex-1 truncate">{entityName(member.entity)}</span>
                    <span className="text-muted">{certainty(member.confidence)}</span>
                  </li>
                ))}
              </ul>
              {doubtful.length > DOUBTS && (
                <p className="text-muted">and {doubtful.length - DOUBTS} more, marked in the list</p>
              )}
            </>
          )}
        </div>
      )}
    </Popover>
  );
}

/** Members named in the panel of a side, at most. */
const DOUBTS = 8;

/** The filter for the battles of a party; the list knows none for factions. */
function battlesOf({ type, id }: Entity) {
  return type === "faction" ? {} : { [`${type}_id`]: [id] };
}
