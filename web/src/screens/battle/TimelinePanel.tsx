import { useLayoutEffect, useMemo, useRef } from "react";
import type { BattleDetail } from "../../api/model";
import type { TimeWindow } from "../../charts/span";
import { Timeline } from "../../charts/Timeline";
import { TimelineBrush } from "../../charts/TimelineBrush";
import type { Frame, TimelineBucket, TimelineLoss } from "../../charts/timelineDrawing";
import { plural } from "../../eve/count";
import { Spoken } from "../../ui/Spoken";
import { useWide } from "../../ui/useWide";
import { timelineSentence } from "./derive";
import { markedKills, timelineMark } from "./marks";
import { ReplayCursor } from "./ReplayCursor";
import { type Course, courseOf, lossesOf } from "./replay";
import type { Replayer } from "./replayer";
import { useTablesMoment } from "./useReplay";

/** Heights in pixels on wide windows and on narrow ones; --chart and --strip in theme.css say the same. */
const CHART = [136, 84] as const;
const STRIP = [44, 36] as const;

/** Kills that come fast are told of together to those who listen, milliseconds. */
const TELL_MS = 15_000;

/** Keeps its place, and is there for nobody. */
const HIDDEN = { visibility: "hidden" } as const;

interface Props {
  /** The whole battle, whatever part of it the tabs show. */
  battle: BattleDetail;
  window: TimeWindow | null;
  onBrush: (window: TimeWindow | null, settled: boolean) => void;
  replayer: Replayer;
  /** The killmails of the replay, which are those of the part shown. */
  course: Course;
  /** How many killmails came after the page was opened. */
  fresh: number;
  /** Only the strip of it is in view. */
  thin: boolean;
}

/** The course of the whole battle, with the brush and the cursor of the replay on it. */
export function TimelinePanel({ battle, window, onBrush, replayer, course, fresh, thin }: Props) {
  const { bucket_s } = battle.timeline;
  const moment = useTablesMoment(replayer);
  const size = useWide("md") ? 0 : 1;
  const buckets = useMemo(() => drawnBuckets(battle), [battle]);
  const sides = useMemo(() => losingSides(battle, buckets), [battle, buckets]);
  const { losses, marks } = useMemo(() => {
    const { kills, times } = courseOf(battle.killmails);
    return {
      losses: kills.map((kill, i): TimelineLoss => {
        const { ships, structures } = lossesOf(kill);
        return { at: times[i] ?? 0, side: kill.side, isk: kill.isk ?? 0, counted: ships + structures > 0 };
      }),
      marks: markedKills(kills).map(timelineMark),
    };
  }, [battle.killmails]);
  const panel = useRef<HTMLElement>(null);
  useFocusKept(panel, thin);
  if (buckets.length === 0) return null;
  const drawing = {
    buckets,
    bucketSeconds: bucket_s,
    sides,
    losses,
    marks,
    summary: timelineSentence(battle),
    until: moment?.at ?? null,
  };
  const brushOf = (frame: Frame, hover: (at: number | null) => void) => (
    <TimelineBrush
      frame={frame}
      window={window}
      step={bucket_s * 1000}
      onBrush={onBrush}
      onSeek={(at) => replayer.seek(at)}
      onHover={hover}
    >
      <ReplayCursor frame={frame} replayer={replayer} course={course} />
    </TimelineBrush>
  );
  return (
    <section ref={panel} aria-label="Course of the battle" className="relative bg-panel px-1">
      {/* Neither form is made smaller or larger: one takes the place of the other, so that nothing moves. */}
      <div style={thin ? HIDDEN : undefined}>
        <Timeline {...drawing} height={CHART[size]}>
          {brushOf}
        </Timeline>
      </div>
      <div data-strip className="absolute inset-x-1 bottom-0 bg-panel" style={thin ? undefined : HIDDEN}>
        <Timeline {...drawing} height={STRIP[size]} thin>
          {brushOf}
        </Timeline>
        {fresh > 0 && (
          <p aria-hidden className="num absolute top-0 right-0 bg-panel px-2 text-good text-xs">
            {freshWords(fresh)}
          </p>
        )}
      </div>
      {/* Lies over the legend, so that late kills move nothing. */}
      {fresh > 0 && (
        <p
          data-fresh={fresh}
          aria-hidden
          className="num absolute top-0 right-0 flex h-(--legend) items-center bg-panel px-2 text-good text-xs"
        >
          {freshWords(fresh)}
          <span className="whitespace-pre max-sm:hidden"> since you opened it</span>
        </p>
      )}
      <Spoken text={fresh > 0 ? `${freshWords(fresh)} since you opened it` : ""} every={TELL_MS} />
    </section>
  );
}

/** A grip that is held by the keyboard is held in the other form when one takes the place of the other. */
function useFocusKept(panel: React.RefObject<HTMLElement | null>, thin: boolean): void {
  useLayoutEffect(() => {
    const held = document.activeElement;
    if (!(held instanceof HTMLElement) || !held.dataset.grip || !panel.current?.contains(held)) return;
    const grips = [...panel.current.querySelectorAll<HTMLElement>(`[data-grip="${held.dataset.grip}"]`)];
    grips.find((grip) => (grip.closest("[data-strip]") !== null) === thin)?.focus({ preventScroll: true });
  }, [panel, thin]);
}

function freshWords(kills: number): string {
  return `+${plural(kills, "kill")}`;
}

/** Ships and structures lost by bucket; capsules go with their ships. */
export function drawnBuckets(battle: BattleDetail): TimelineBucket[] {
  return battle.timeline.buckets.map((bucket) => ({
    at: Date.parse(bucket.at),
    sides: Object.fromEntries(
      Object.entries(bucket.sides).map(([id, side]) => [
        id,
        { ships: side.ships_lost + side.structures_lost, isk: side.isk_lost },
      ]),
    ),
  }));
}

/** The sides that lost something, in order. */
export function losingSides(battle: BattleDetail, buckets: readonly TimelineBucket[]): string[] {
  return battle.sides.filter((side) => buckets.some((b) => b.sides[side.id])).map((side) => side.id);
}

/** Times at both ends of the timeline, which the brush moves between; null without one. */
export function timelineSpan({ timeline }: BattleDetail): TimeWindow | null {
  const [first, last] = [timeline.buckets[0], timeline.buckets.at(-1)];
  if (!first || !last) return null;
  return { from: Date.parse(first.at), to: Date.parse(last.at) + timeline.bucket_s * 1000 };
}
