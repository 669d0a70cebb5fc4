/**
 * A battle page and the feed page while 20 killmails a second come in, for a minute
 * (BATTLESCOPE_STRESS_SECONDS: another time). Figures are printed; asserted is that the
 * page ends with exactly what the API has, that nothing moved under a reader, and that
 * nothing was thrown.
 */

import { test as base, expect, type Page } from "@playwright/test";
import { loss } from "./fight";
import { type Figures, Meter, mb, ms, percentile, print, type Row } from "./meter";
import { type Site, startSite } from "./site";

const SECONDS = Number(process.env.BATTLESCOPE_STRESS_SECONDS ?? "60");
const PER_SECOND = 20;
/** Killmails that are there before, one every six seconds until now. */
const STORED = 300;
/** What the page may jump in all. */
const CLS = 0.02;

let site: Site;

const test = base.extend({
  page: async ({ page }, use) => {
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(String(error)));
    page.on("console", (message) => {
      if (message.type() === "error" && !message.text().startsWith("Failed to load resource"))
        errors.push(message.text());
    });
    // Nothing leaves the machine; pictures fail.
    await page.route(/^https:\/\//, (route) => route.abort());
    await use(page);
    expect(errors, "errors in the console").toEqual([]);
  },
});

test.beforeEach(async () => {
  const now = Date.now();
  site = await startSite(Array.from({ length: STORED }, (_, n) => loss(n, now - (STORED - n) * 6_000)));
});

test.afterEach(() => site.close());

/** Publishes PER_SECOND killmails a second for SECONDS; the result ends with the last. */
async function burn(): Promise<void> {
  const start = Date.now();
  for (let n = 0; n < SECONDS * PER_SECOND; n++) {
    const due = start + (n * 1_000) / PER_SECOND;
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - Date.now())));
    site.publish(loss(STORED + n, Date.now()));
  }
}

/** The one battle of the site. */
async function theBattle(): Promise<number> {
  const { items } = await site.json<{ items: { id: number; kills: number }[] }>(
    "/api/v1/battles?sort=-kills",
  );
  if (!items[0]) throw new Error("there is no battle");
  return items[0].id;
}

interface Step {
  name: string;
  run: () => Promise<void>;
}

/** What a reader does on a battle page, again and again. */
function* reading(page: Page): Generator<Step> {
  const parts = page.getByRole("navigation", { name: "Parts of the report" });
  const to = (name: string): Step => ({
    name: `tab ${name}`,
    run: () => parts.getByRole("link", { name, exact: true }).click(),
  });
  const order = (name: string): Step => ({
    name: "sort",
    run: () => page.getByRole("button", { name, exact: true }).click(),
  });
  const field = page.getByRole("searchbox");
  const end = page.getByRole("slider", { name: "End of the time shown" });
  const wheel = (by: number): Step => ({
    name: "scroll",
    run: async () => {
      await page.mouse.move(500, 700);
      await page.mouse.wheel(0, by);
    },
  });
  const key = (name: string, key: string): Step => ({ name, run: () => page.keyboard.press(key) });
  for (;;) {
    yield to("Involved");
    for (const name of ["Damage", "Kills", "ISK lost", "Class"]) yield order(name);
    yield { name: "type", run: () => field.click() };
    for (const letter of "eagle") yield key("type", letter);
    for (const _ of "eagle") yield key("type", "Backspace");
    yield wheel(900);
    yield wheel(-900);
    yield to("Timeline");
    for (let i = 0; i < 3; i++) yield wheel(700);
    yield wheel(-2_100);
    yield to("Damage");
    yield to("Composition");
    yield to("Summary");
    yield { name: "brush", run: () => end.focus() };
    for (let i = 0; i < 3; i++) yield key("brush", "ArrowLeft");
    yield { ...to("Involved"), name: "tab Involved, brushed" };
    yield { name: "brush", run: () => end.focus() };
    yield key("brush", "Escape");
    yield to("Summary");
  }
}

/** How far most of the rows in view ever moved from one frame to the next while nobody touched anything, pixels. */
function drift(page: Page, selector: string, time: number): Promise<number> {
  return page.evaluate(
    ([selector, time]) =>
      new Promise<number>((resolve) => {
        const until = performance.now() + time;
        const inView = (top: number) => top > window.innerHeight * 0.3 && top < window.innerHeight;
        let places = new Map<Element, number>();
        let rows = 0;
        let worst = 0;
        const look = () => {
          const now = new Map<Element, number>();
          const moved: number[] = [];
          for (const row of document.querySelectorAll(selector)) {
            const { top } = row.getBoundingClientRect();
            const before = places.get(row);
            now.set(row, top);
            if (before !== undefined && inView(before)) moved.push(top - before);
          }
          places = now;
          rows = Math.max(rows, moved.length);
          const most = moved.sort((a, b) => a - b)[moved.length >> 1] ?? 0;
          if (Math.abs(most) > Math.abs(worst)) worst = most;
          if (performance.now() < until) requestAnimationFrame(look);
          else resolve(rows > 3 ? worst : Number.NaN);
        };
        requestAnimationFrame(look);
      }),
    [selector, time] as const,
  );
}

function interactionRows(figures: Figures): Row[] {
  const all = figures.interactions.map(({ duration }) => duration);
  const rows: Row[] = [
    ["interactions", `${figures.count}, ${all.length} of them longer than 16 ms`],
    ["INP", ms(figures.inp), "< 200 ms"],
    ["slowest interaction", ms(Math.max(0, ...all)), "< 200 ms"],
  ];
  for (const name of new Set(figures.interactions.map((each) => each.name))) {
    const own = figures.interactions.filter((each) => each.name === name);
    const worst = own.reduce((a, b) => (b.duration > a.duration ? b : a));
    rows.push([
      `  ${name}`,
      `${own.length} × median ${ms(
        percentile(
          own.map(({ duration }) => duration),
          0.5,
        ),
      )}, ` + `slowest ${ms(worst.duration)} (waited ${ms(worst.delay)}, worked ${ms(worst.work)})`,
    ]);
  }
  const { tasks } = figures;
  rows.push(
    [
      "long tasks",
      `${tasks.length}, longest ${ms(Math.max(0, ...tasks))}, together ${ms(tasks.reduce((a, b) => a + b, 0))}`,
    ],
    ["layout shift", figures.cls.toFixed(4), `≤ ${CLS}`],
  );
  return rows;
}

function lagRow(lags: readonly number[]): Row {
  return [
    "published → on the page",
    `median ${ms(percentile(lags, 0.5))}, 95 % ${ms(percentile(lags, 0.95))}, slowest ${ms(Math.max(...lags))}`,
    "95 % < 2 s",
  ];
}

/** Where most of the jumping was, for whoever has to mend it. */
const jumps = ({ shifts }: Figures) =>
  [...shifts]
    .sort((a, b) => b.value - a.value)
    .slice(0, 3)
    .map(({ value, what }) => `${value.toFixed(4)} ${what.join(", ")}`)
    .join("; ");

/** The killmails of the list, which holds only those in view, by scrolling through it. */
async function killsOnPage(page: Page): Promise<number[]> {
  const seen = new Set<number>();
  await page.evaluate(() => window.scrollTo({ top: 0, behavior: "instant" }));
  for (let still = 0; still < 2; ) {
    const hrefs = await page
      .locator("ul[aria-label='Kills in order'] a[href^='/kills/']")
      .evaluateAll((links) => links.map((link) => link.getAttribute("href") ?? ""));
    for (const href of hrefs) seen.add(Number(/\d+/.exec(href)?.[0]));
    still = await page.evaluate(
      ([still]) =>
        new Promise<number>((resolve) => {
          const before = window.scrollY;
          window.scrollBy({ top: window.innerHeight / 2, behavior: "instant" });
          requestAnimationFrame(() =>
            requestAnimationFrame(() => resolve(window.scrollY === before ? (still ?? 0) + 1 : 0)),
          );
        }),
      [still],
    );
  }
  return [...seen].sort((a, b) => a - b);
}

interface Answer {
  kills: number;
  pilot_count: number;
  killmails: { id: number }[];
}

test("an open battle", async ({ page }) => {
  const id = await theBattle();
  const address = `/api/v1/battles/${id}`;
  const stored = (await site.json<Answer>(address)).kills;
  const meter = await Meter.on(page);
  await page.goto(`${site.url}/battles/${id}`);
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Jorund");
  await page.waitForTimeout(3_000);
  await meter.reset();
  const before = await meter.heap();

  let over = false;
  const burning = burn().then(() => {
    over = true;
  });
  const held: number[] = [];
  const steps = reading(page);
  let told = "";
  while (!over) {
    const step = steps.next().value as Step;
    if (step.name !== told) await meter.action(step.name);
    told = step.name;
    await step.run();
    await page.waitForTimeout(150);
    // Now and then nothing is touched for a while, as by one who reads.
    const rows = READ[step.name];
    if (rows) {
      await page.mouse.move(400, 700);
      await page.mouse.wheel(0, 1_200);
      await page.waitForTimeout(700);
      held.push(await drift(page, rows, 4_000));
      await page.mouse.wheel(0, -1_200);
    }
  }
  await burning;

  const all = stored + SECONDS * PER_SECOND;
  await expect.poll(async () => (await site.json<Answer>(address)).kills, { timeout: 30_000 }).toBe(all);
  if (new URL(page.url()).search.includes("to=")) {
    await page.getByRole("slider", { name: "End of the time shown" }).press("Escape");
  }
  await expect.poll(() => figure(page, "Kills"), { timeout: 30_000 }).toBe(all);
  const figures = await meter.read();
  const after = await meter.heap();
  const published = [...site.publishedAt.values()].slice(1); // the first was there
  print(`An open battle, ${PER_SECOND} kills a second for ${SECONDS} s`, [
    ...interactionRows(figures),
    lagRow(lags(figures, published)),
    ["heap", `${mb(before)} → ${mb(after)}`],
    ["moved under the reader", held.map((by) => `${by.toFixed(0)} px`).join(", "), "0 px"],
    ["jumps", jumps(figures)],
  ]);

  const want = await site.json<Answer>(address);
  await page.getByRole("link", { name: "Involved", exact: true }).click();
  await expect(page.locator("search output")).toHaveText(
    `${want.pilot_count.toLocaleString("en-US")} pilots`,
  );
  await page.getByRole("link", { name: "Timeline", exact: true }).click();
  await expect(page.getByRole("list", { name: "Kills in order" })).toBeVisible();
  expect(await killsOnPage(page)).toEqual(want.killmails.map((kill) => kill.id).sort((a, b) => a - b));
  for (const by of held) expect(Math.abs(by), "pixels moved under the reader").toBeLessThanOrEqual(1);
  expect(figures.cls, `layout shift: ${jumps(figures)}`).toBeLessThanOrEqual(CLS);
});

/** Rows to read after a step, by its name. */
const READ: Record<string, string> = {
  "tab Timeline": "ul[aria-label='Kills in order'] li",
  "tab Involved": "[data-pilots]:hover li",
};

/** A figure of the head of the report. */
async function figure(page: Page, name: string): Promise<number> {
  const text = await page
    .locator("dl > div", { has: page.getByText(name, { exact: true }) })
    .first()
    .locator("dd")
    .textContent();
  return Number(text?.replace(/\D/g, ""));
}

/** From publishing to the moment the page first knew of that many. */
function lags(figures: Figures, published: readonly number[]): number[] {
  return published.flatMap((at, n) => {
    const shown = figures.kills.find(({ count }) => count > n);
    return shown ? [shown.at - at] : [];
  });
}

/** The first killmails of the feed page, newest first. */
const newest = (page: Page) =>
  page
    .getByRole("list", { name: "Killmails, newest first" })
    .locator("a[href^='/kills/']")
    .evaluateAll((links) => links.map((link) => Number(/\d+/.exec(link.getAttribute("href") ?? "")?.[0])));

test("the feed", async ({ page }) => {
  const meter = await Meter.on(page);
  await page.addInitScript(watchRows);
  await page.goto(`${site.url}/killmails`);
  await expect(page.getByText("Following")).toBeVisible();
  await page.waitForTimeout(3_000);
  await meter.reset();
  const before = await meter.heap();
  let over = false;
  const burning = burn().then(() => {
    over = true;
  });
  const isk = page.getByRole("group", { name: "Value, at least" }).getByRole("button").first();
  while (!over) {
    await meter.action("filter");
    await isk.click();
    await page.waitForTimeout(700);
    await isk.click();
    await page.waitForTimeout(700);
    await meter.action("pause");
    for (let i = 0; i < 2; i++) {
      await page.keyboard.press(".");
      await page.waitForTimeout(700);
    }
    await meter.action("hold by scrolling");
    await page.mouse.move(700, 600);
    await page.mouse.wheel(0, 900);
    await page.waitForTimeout(1_000);
    await page.mouse.wheel(0, -2_000);
    await page.mouse.move(700, 20);
    await meter.action("walk");
    for (const key of ["j", "j", "k"]) await page.keyboard.press(key);
    await page.waitForTimeout(2_000);
  }
  await burning;
  await page.evaluate(() => window.scrollTo({ top: 0, behavior: "instant" }));

  const last = [...site.publishedAt.keys()].at(-1);
  await expect.poll(async () => (await newest(page))[0], { timeout: 30_000 }).toBe(last);
  const figures = await meter.read();
  const after = await meter.heap();
  const shown = new Map(await page.evaluate(() => [...(window as unknown as Rows).rows]));
  const lag = [...site.publishedAt].flatMap(([id, at]) => {
    const seen = shown.get(id);
    return seen === undefined || seen < at ? [] : [seen - at];
  });
  const ring = Number(
    await page.locator("ul[aria-label='Killmails, newest first'] li").first().getAttribute("aria-setsize"),
  );
  print(`The feed, ${PER_SECOND} kills a second for ${SECONDS} s`, [
    ...interactionRows(figures),
    [...lagRow(lag), ""].slice(0, 3) as unknown as Row,
    ["heap", `${mb(before)} → ${mb(after)}`, "flat"],
    ["rows kept", String(ring), "≤ 500"],
    ["jumps", jumps(figures)],
  ]);
  const { items } = await site.json<{ items: { id: number }[] }>("/api/v1/killmails/recent?limit=20");
  expect((await newest(page)).slice(0, 20)).toEqual(items.map(({ id }) => id));
  expect(ring).toBeLessThanOrEqual(500);
  expect(figures.cls, `layout shift: ${jumps(figures)}`).toBeLessThanOrEqual(CLS);
});

interface Rows {
  rows: Map<number, number>;
}

/** Notes when each killmail first had a row, which not all have: some come while it is held still. */
function watchRows(): void {
  const rows = new Map<number, number>();
  Object.assign(window, { rows });
  const look = () => {
    for (const link of document.querySelectorAll(
      "ul[aria-label='Killmails, newest first'] a[href^='/kills/']",
    )) {
      const id = Number(/\d+/.exec(link.getAttribute("href") ?? "")?.[0]);
      if (!rows.has(id)) rows.set(id, performance.timeOrigin + performance.now());
    }
  };
  document.addEventListener("DOMContentLoaded", () =>
    new MutationObserver(look).observe(document, { childList: true, attributes: true, subtree: true }),
  );
}
