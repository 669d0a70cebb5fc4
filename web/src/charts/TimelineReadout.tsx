import { formatIsk } from "../eve/isk";
import { eveClock, eveTime } from "../eve/time";
import { sideColor, sideLetter } from "../eve-ui/sides";
import type { TimelineBucket, TimelineMark } from "./timelineDrawing";
import { before, type Line, total } from "./timelineLines";

interface Props {
  bucket: TimelineBucket | undefined;
  lines: readonly Line[];
  bucketSeconds: number;
  mark: TimelineMark | undefined;
  until: number | null;
}

/** The legend, which turns into the figures of the bucket under the pointer. */
export function Readout({ bucket, lines, bucketSeconds, mark, until }: Props) {
  // Half open, so that a loss on the edge counts once; a replay includes its moment.
  const end = bucket ? bucket.at + bucketSeconds * 1000 : (until ?? Number.POSITIVE_INFINITY) + 1;
  const lost = (line: Line) => before(line, end).counted - (bucket ? before(line, bucket.at).counted : 0);
  return (
    // What does not fit goes to a line that is not seen: better than half a figure.
    <figcaption className="flex h-(--legend) flex-wrap content-start gap-x-4 overflow-hidden whitespace-nowrap px-2 text-xs leading-(--legend)">
      <span className="num w-36 shrink-0 text-muted max-sm:w-auto">
        {bucket
          ? `${eveTime(new Date(bucket.at))} EVE`
          : until === null
            ? `Losses per ${minutes(bucketSeconds)}`
            : `Until ${eveClock(new Date(until))}`}
      </span>
      {lines
        .filter((line) => lines.length <= 3 || total(line) > 0)
        .map((line) => (
          <span key={line.side} className="num flex gap-1.5">
            <span className={`font-bold ${sideColor(line.side).text}`}>{sideLetter(line.side)}</span>
            <span className="max-sm:hidden">{lost(line)} lost</span>
            <span className="text-muted">
              −{formatIsk(before(line, end).isk)}
              <span className="max-sm:hidden"> ISK{bucket && " so far"}</span>
            </span>
          </span>
        ))}
      {mark && (
        <span className="num min-w-0 flex-1 basis-24 truncate">
          <span className={`font-bold ${sideColor(mark.side).text}`}>{sideLetter(mark.side)}</span>{" "}
          {mark.label} at {eveClock(new Date(mark.at))}
        </span>
      )}
    </figcaption>
  );
}

function minutes(seconds: number): string {
  if (seconds <= 60) return "minute";
  return seconds < 3600 ? `${seconds / 60} minutes` : `${seconds / 3600}h`;
}
