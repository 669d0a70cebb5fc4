import type { Frame } from "../../charts/timelineDrawing";
import { plural } from "../../eve/count";
import { eveClock } from "../../eve/time";
import type { Course } from "./replay";
import type { Replayer } from "./replayer";
import { useReplayState } from "./useReplay";

interface Props {
  frame: Frame;
  replayer: Replayer;
  course: Course;
}

/** The line of a replay on the timeline; what comes after it is faint. */
export function ReplayCursor({ frame, replayer, course }: Props) {
  const { moment } = useReplayState(replayer);
  if (!moment) return null;
  const at = frame.x(moment.at) - frame.left;
  const key = (event: React.KeyboardEvent) => {
    if (event.key === "ArrowRight" || event.key === "ArrowUp") replayer.step(1);
    else if (event.key === "ArrowLeft" || event.key === "ArrowDown") replayer.step(-1);
    else if (event.key === "PageUp") replayer.step(10);
    else if (event.key === "PageDown") replayer.step(-10);
    else if (event.key === "Home") replayer.step(-course.times.length);
    else if (event.key === "End") replayer.step(course.times.length);
    else return;
    event.preventDefault();
  };
  return (
    <>
      <div className="pointer-events-none absolute inset-y-0 right-0 bg-panel/70" style={{ left: at }} />
      <div
        role="slider"
        tabIndex={0}
        data-grip="cursor"
        aria-label="Position of the replay"
        aria-valuemin={0}
        aria-valuemax={course.times.length}
        aria-valuenow={moment.count}
        aria-valuetext={`${eveClock(new Date(moment.at))} EVE, ${moment.count} of ${plural(course.times.length, "kill")}`}
        onKeyDown={key}
        className="pointer-events-none absolute inset-y-0 z-10 w-6 -translate-x-1/2"
        style={{ left: at }}
      >
        <span className="absolute inset-y-0 left-1/2 w-px -translate-x-1/2 bg-text" />
        {/* Only the knob takes the pointer: under the line lie the ends of the window. */}
        <span className="pointer-events-auto absolute -top-1 left-0 grid size-6 cursor-ew-resize justify-center">
          <span className="mt-1 size-2.5 rounded-full bg-text" />
        </span>
      </div>
    </>
  );
}
