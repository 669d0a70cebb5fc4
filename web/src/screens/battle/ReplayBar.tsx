import { Pause, Play, SkipBack, SkipForward, X } from "lucide-react";
import { useRef } from "react";
import { count, plural } from "../../eve/count";
import { eveClock } from "../../eve/time";
import { entityName, typeName } from "../../eve-ui/names";
import { sideWord } from "../../eve-ui/sides";
import { Button } from "../../ui/Button";
import { cx } from "../../ui/cx";
import type { Course } from "./replay";
import { type Replayer, SPEEDS, type Speed } from "./replayer";
import { useReplayState } from "./useReplay";

interface Props {
  replayer: Replayer;
  course: Course;
}

/** Plays the battle: step, play, speed, and where it stands. */
export function ReplayBar({ replayer, course }: Props) {
  const { moment, playing, speed } = useReplayState(replayer);
  const play = useRef<HTMLButtonElement>(null);
  if (course.times.length === 0) return null;
  const kill = moment && course.kills[moment.count - 1];
  return (
    <fieldset className="flex h-9 shrink-0 md:h-10 items-center gap-1">
      <legend className="sr-only">Replay</legend>
      <Button
        icon
        aria-label="One kill back"
        title="One kill back (←)"
        disabled={!moment}
        onClick={() => replayer.step(-1)}
      >
        <SkipBack size={14} aria-hidden />
      </Button>
      <Button
        ref={play}
        onClick={() => replayer.toggle()}
        title="Space"
        className={cx("w-22 max-sm:w-9", playing && "border-accent")}
        aria-label={playing ? "Pause" : "Replay"}
      >
        {playing ? <Pause size={14} aria-hidden /> : <Play size={14} aria-hidden />}
        <span className="max-sm:hidden">{playing ? "Pause" : "Replay"}</span>
      </Button>
      <Button icon aria-label="One kill on" title="One kill on (→)" onClick={() => replayer.step(1)}>
        <SkipForward size={14} aria-hidden />
      </Button>
      <select
        aria-label="Speed of the replay"
        value={speed}
        onChange={(event) => replayer.speed(Number(event.target.value) as Speed)}
        className="num h-8 rounded-md border border-line bg-panel px-1"
      >
        {SPEEDS.map((each) => (
          <option key={each} value={each}>
            {each}×
          </option>
        ))}
      </select>
      <span className="num w-33 overflow-hidden pl-1.5">
        {moment ? (
          <>
            {eveClock(new Date(moment.at))}{" "}
            <span className="text-muted text-xs">
              {count.format(moment.count)}/{count.format(course.times.length)}
            </span>
          </>
        ) : (
          <span className="text-muted text-xs">{plural(course.times.length, "kill")}</span>
        )}
      </span>
      <Button
        icon
        aria-label="End the replay"
        title="End the replay (Escape)"
        onClick={() => {
          replayer.end();
          play.current?.focus(); // this button goes
        }}
        className={cx(!moment && "invisible")}
      >
        <X size={14} aria-hidden />
      </Button>
      <span role="status" className="sr-only">
        {moment &&
          !playing &&
          `Replay at ${eveClock(new Date(moment.at))} EVE, kill ${moment.count} of ${course.times.length}${
            kill
              ? `: ${sideWord(kill.side)} lost a ${typeName(kill.victim.ship_type)}${
                  kill.victim.character ? ` of ${entityName(kill.victim.character)}` : ""
                }`
              : ""
          }`}
      </span>
    </fieldset>
  );
}
