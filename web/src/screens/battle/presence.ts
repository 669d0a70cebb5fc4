/** Who was there over time, put together for the chart of the composition. */

import type { PresenceView } from "../../api/model";
import { plural } from "../../eve/count";
import { hullOrder } from "../../eve/hulls";
import { eveHour } from "../../eve/time";
import { sideWord } from "../../eve-ui/sides";

/** One band of the chart: a class, or all that have none of their own. */
export interface Layer {
  key: string;
  label: string;
  /** Pilots present, by bucket. */
  values: number[];
  /** Losses up to the end of each bucket. */
  lost: number[];
}

export interface SidePresence {
  side: string;
  /** The same layers for every side, in players' order; absent ones are all 0. */
  layers: Layer[];
  /** All layers together, by bucket. */
  total: number[];
  lost: number[];
}

/** Stands for all classes too small for a band. */
export const OTHER = "other classes";

/** Bands beyond this cannot be told apart. */
const BANDS = 7;

const peak = (numbers: readonly number[]) => numbers.reduce((most, n) => Math.max(most, n), 0);

const added = (rows: readonly (readonly number[])[], length: number): number[] =>
  Array.from({ length }, (_, i) => rows.reduce((sum, row) => sum + (row[i] ?? 0), 0));

/** The classes that get a band: those with the highest peaks on any side, in players' order. */
function bands({ rows }: PresenceView): string[] {
  const peaks = new Map<string, number>();
  for (const row of rows) peaks.set(row.class, Math.max(peaks.get(row.class) ?? 0, peak(row.present)));
  return [...peaks]
    .filter(([, most]) => most > 0)
    .sort(([a, x], [b, y]) => y - x || hullOrder(a) - hullOrder(b))
    .slice(0, BANDS)
    .map(([key]) => key)
    .sort((a, b) => hullOrder(a) - hullOrder(b));
}

/** Presence of the given sides under shared layers; sides nobody was seen on are left out. */
export function sidePresence(view: PresenceView, sides: readonly string[]): SidePresence[] {
  const keys = bands(view);
  const labels = new Map(view.rows.map((row) => [row.class, row.class_label]));
  const length = view.buckets.length;
  const rest = view.rows.some((row) => !keys.includes(row.class) && peak(row.present) > 0);
  return sides.flatMap((side) => {
    const own = view.rows.filter((row) => row.side === side);
    const layer = (key: string, label: string, of: typeof own): Layer => ({
      key,
      label,
      values: added(
        of.map((row) => row.present),
        length,
      ),
      lost: added(
        of.map((row) => row.lost),
        length,
      ),
    });
    const layers = keys.map((key) =>
      layer(
        key,
        labels.get(key) ?? key,
        own.filter((row) => row.class === key),
      ),
    );
    if (rest) {
      layers.push(
        layer(
          OTHER,
          "Other classes",
          own.filter((row) => !keys.includes(row.class)),
        ),
      );
    }
    const total = added(
      layers.map(({ values }) => values),
      length,
    );
    if (peak(total) === 0) return [];
    const lost = added(
      layers.map((each) => each.lost),
      length,
    );
    return [{ side, layers, total, lost }];
  });
}

/** The first bucket in which most were there. */
export function peakOf(values: readonly number[]): number {
  return Math.max(0, values.indexOf(peak(values)));
}

/** The bucket a moment (milliseconds) falls into; null outside of all. */
export function bucketAt({ buckets, bucket_s }: PresenceView, at: number): number | null {
  const index = Math.floor((at - Date.parse(buckets[0] ?? "")) / (bucket_s * 1000));
  return index >= 0 && index < buckets.length ? index : null;
}

/** What the chart shows, side by side, in a sentence each. */
export function presenceSentence(view: PresenceView, sides: readonly SidePresence[]): string {
  if (sides.length === 0) return "No killmail here shows who was there.";
  return sides
    .map(({ side, layers, total }) => {
      const at = peakOf(total);
      const main = layers.reduce<Layer | null>(
        (best, layer) => ((layer.values[at] ?? 0) > (best?.values[at] ?? 0) ? layer : best),
        null,
      );
      const when = eveHour(new Date(view.buckets[at] ?? 0));
      const most = total[at] ?? 0;
      const of =
        main && main.key !== OTHER ? `; largest class: ${main.label.toLowerCase()}, ${main.values[at]}` : "";
      return `${sideWord(side)} was strongest around ${when} EVE with ${plural(most, "pilot")}${of}.`;
    })
    .join(" ");
}
