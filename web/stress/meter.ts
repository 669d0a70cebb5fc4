/** What the browser itself says of how the page felt. */

import type { CDPSession, Page } from "@playwright/test";

interface Raw {
  /** Interactions in all, also those that were too quick to be told. */
  count: number;
  events: { id: number; name: string; start: number; duration: number; delay: number; work: number }[];
  tasks: number[];
  shifts: { value: number; at: number; what: string[] }[];
  actions: { name: string; at: number }[];
  /** When the battle page first said of so many kills that they are new. */
  kills: { count: number; at: number }[];
}

declare global {
  interface Window {
    meter: Raw;
  }
}

/** Runs in the page before its own code. */
function install(): void {
  const meter: Raw = { count: 0, events: [], tasks: [], shifts: [], actions: [], kills: [] };
  window.meter = meter;
  const watch = (type: string, more: object, take: (entry: PerformanceEntry) => void) =>
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) take(entry);
    }).observe({ type, buffered: true, ...more });
  watch("event", { durationThreshold: 16 }, (entry) => {
    const event = entry as PerformanceEventTiming & { interactionId: number };
    if (event.interactionId === 0) return;
    meter.events.push({
      id: event.interactionId,
      name: event.name,
      start: event.startTime,
      duration: event.duration,
      delay: event.processingStart - event.startTime,
      work: event.processingEnd - event.processingStart,
    });
  });
  watch("longtask", {}, (entry) => meter.tasks.push(entry.duration));
  watch("layout-shift", {}, (entry) => {
    const shift = entry as PerformanceEntry & {
      value: number;
      hadRecentInput: boolean;
      sources: { node?: Node; previousRect: DOMRect; currentRect: DOMRect }[];
    };
    if (shift.hadRecentInput) return;
    const what = shift.sources.map(({ node, previousRect, currentRect }) => {
      const by = Math.round(currentRect.top - previousRect.top);
      const element = node instanceof Element ? node : node?.parentElement;
      const words = (element?.textContent ?? "").slice(0, 30);
      return `${element?.tagName.toLowerCase()} “${words}” ${by} px`;
    });
    meter.shifts.push({ value: shift.value, at: shift.startTime, what });
  });
  const figure = () => {
    const count = Number(document.querySelector<HTMLElement>("[data-fresh]")?.dataset.fresh ?? 0);
    if (count > (meter.kills.at(-1)?.count ?? 0))
      meter.kills.push({ count, at: performance.timeOrigin + performance.now() });
  };
  document.addEventListener("DOMContentLoaded", () =>
    new MutationObserver(figure).observe(document, {
      attributeFilter: ["data-fresh"],
      childList: true,
      subtree: true,
    }),
  );
}

export class Meter {
  #page: Page;
  #cdp: CDPSession;

  private constructor(page: Page, cdp: CDPSession) {
    this.#page = page;
    this.#cdp = cdp;
  }

  /** Begins to measure a page that has not been opened yet. */
  static async on(page: Page): Promise<Meter> {
    await page.addInitScript(install);
    const cdp = await page.context().newCDPSession(page);
    await cdp.send("Performance.enable");
    return new Meter(page, cdp);
  }

  /** Says what is being done from here on. */
  async action(name: string): Promise<void> {
    await this.#page.evaluate((name) => window.meter.actions.push({ name, at: performance.now() }), name);
  }

  /** Forgets what was measured until now, such as the opening of the page. */
  async reset(): Promise<void> {
    await this.#page.evaluate(() => {
      const { events, tasks, shifts } = window.meter;
      for (const list of [events, tasks, shifts]) list.length = 0;
      const { interactionCount } = performance as Performance & { interactionCount?: number };
      window.meter.count = interactionCount ?? 0;
    });
  }

  /** Bytes of JavaScript objects that are in use. */
  async heap(): Promise<number> {
    await this.#cdp.send("HeapProfiler.collectGarbage");
    const { metrics } = await this.#cdp.send("Performance.getMetrics");
    return metrics.find(({ name }) => name === "JSHeapUsedSize")?.value ?? Number.NaN;
  }

  async read(): Promise<Figures> {
    // Events of the last frames are told a little later.
    await this.#page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 500)));
    return new Figures(
      await this.#page.evaluate(() => {
        const { interactionCount } = performance as Performance & { interactionCount?: number };
        return { ...window.meter, count: (interactionCount ?? 0) - window.meter.count };
      }),
    );
  }
}

/** Figures of one page. Times in milliseconds. */
export class Figures {
  #raw: Raw;

  constructor(raw: Raw) {
    this.#raw = raw;
  }

  /** How long each interaction took until the next paint, as INP counts: its slowest event. */
  get interactions(): { name: string; duration: number; delay: number; work: number }[] {
    const by = new Map<number, Raw["events"][number]>();
    for (const event of this.#raw.events) {
      const slowest = by.get(event.id);
      if (!slowest || event.duration > slowest.duration) by.set(event.id, event);
    }
    return [...by.values()].map(({ start, duration, delay, work }) => ({
      name: this.#raw.actions.findLast(({ at }) => at <= start)?.name ?? "",
      duration,
      delay,
      work,
    }));
  }

  /** How many there were, with those that took less than 16 ms. */
  get count(): number {
    return Math.max(this.#raw.count, this.interactions.length);
  }

  /** Interaction to next paint: the slowest, leaving out one of every fifty. */
  get inp(): number {
    const slowest = this.interactions.map(({ duration }) => duration).sort((a, b) => b - a);
    return slowest[Math.min(slowest.length - 1, Math.floor(this.count / 50))] ?? 0;
  }

  get tasks(): number[] {
    return this.#raw.tasks;
  }

  get shifts(): Raw["shifts"] {
    return this.#raw.shifts;
  }

  get kills(): Raw["kills"] {
    return this.#raw.kills;
  }

  /** Cumulative layout shift as the metric is defined: the worst five seconds without a second's pause. */
  get cls(): number {
    let [worst, sum, first, last] = [0, 0, 0, Number.NEGATIVE_INFINITY];
    for (const { value, at } of this.#raw.shifts) {
      if (at - last >= 1_000 || at - first >= 5_000) [sum, first] = [0, at];
      sum += value;
      last = at;
      worst = Math.max(worst, sum);
    }
    return worst;
  }
}

/** The value that a share of them does not exceed. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

export type Row = [what: string, figure: string, target?: string];

/** Prints figures with what they should be. */
export function print(title: string, rows: readonly Row[]): void {
  const first = Math.max(...rows.map(([what]) => what.length));
  console.log(`\n${title}`);
  for (const [what, figure, target] of rows)
    console.log(`  ${what.padEnd(first)}  ${figure}${target ? `   (target ${target})` : ""}`);
}

export const ms = (value: number): string => `${Math.round(value)} ms`;
export const mb = (value: number): string => `${(value / 1e6).toFixed(1)} MB`;
