import type { TurningPoint } from "../../api/model";
import { SideBadge } from "../../eve-ui/SideBadge";

/** What changed the battle, in words, with the moment in EVE time. */
export function TurningPoints({ points }: { points: readonly TurningPoint[] }) {
  if (points.length === 0) return null;
  return (
    <section aria-label="Turning points" className="border-line border-t p-3">
      <h2 className="mb-2 font-semibold">Turning points</h2>
      <ol className="grid gap-x-6 gap-y-1 md:grid-cols-2">
        {points.map((point) => (
          <li
            key={`${point.at}-${point.kind}-${point.side}-${point.killmail_id ?? ""}`}
            className="flex min-w-0 items-center gap-2"
          >
            <time dateTime={point.at} className="shrink-0 text-muted text-xs tabular-nums">
              {point.at.slice(11, 16)}
            </time>
            <SideBadge side={point.side} />
            <span className="min-w-0 truncate" title={point.text}>
              {point.text}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
