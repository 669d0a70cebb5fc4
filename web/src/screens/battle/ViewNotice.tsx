import type { BattleKill } from "../../api/model";
import { eveClock } from "../../eve/time";
import { entityName, typeName } from "../../eve-ui/names";
import { KillLink } from "./KillLink";
import type { Moment } from "./replay";
import type { Shown } from "./shown";
import type { Standing } from "./useMoment";

interface Props {
  window: Shown["window"];
  onWhole: () => void;
  /** The moment of a replay; null without one. */
  moment: Moment | null;
  /** The last killmail before it. */
  last: BattleKill | null;
  standing: Standing;
  onEnd: () => void;
}

const WORDS: Record<Standing, string> = {
  whole: "",
  moment: "Every figure below is of this moment.",
  waiting: "Losses are of this moment, damage follows.",
  losses: "Losses are of this moment, damage is not told.",
};

/** Says that the figures below are not those of the whole battle, and which they are. */
export function ViewNotice({ window, onWhole, moment, last, standing, onEnd }: Props) {
  const replay = standing !== "whole" && moment;
  if (!window && !replay) return null;
  return (
    <div role="note" className="flex flex-wrap gap-x-6 border-line border-b bg-panel px-3 py-1.5 text-xs">
      {window && (
        <p>
          Only from <b className="num">{eveClock(new Date(window.from))}</b> to{" "}
          <b className="num">{eveClock(new Date(window.to))}</b> EVE: every figure below counts these
          killmails alone.{" "}
          <button type="button" onClick={onWhole} className="text-accent hover:underline">
            Show the whole battle
          </button>
        </p>
      )}
      {/* Of one height whatever was lost last, so that a running replay moves nothing. */}
      {replay && (
        <div className="flex min-w-0 max-w-full flex-wrap gap-x-2">
          <p className="flex min-w-0 gap-x-1 whitespace-nowrap max-md:w-full">
            <span>
              Replay, as it stood at <b className="num">{eveClock(new Date(replay.at))}</b> EVE
              {last && ", after the"}
            </span>
            {last && (
              <KillLink
                id={last.id}
                title="The killmail"
                className="block min-w-0 max-w-72 truncate text-accent hover:underline"
              >
                {lossWords(last)}
              </KillLink>
            )}
          </p>
          <p className="whitespace-nowrap">
            <span className="inline-block md:w-76">{WORDS[standing]}</span>{" "}
            <button type="button" onClick={onEnd} className="text-accent hover:underline">
              End<span className="max-md:sr-only"> the replay</span>
            </button>
          </p>
        </div>
      )}
    </div>
  );
}

function lossWords({ victim }: BattleKill): string {
  const who = victim.character ?? victim.corporation;
  return `${typeName(victim.ship_type)}${who ? ` of ${entityName(who)}` : ""}`;
}
