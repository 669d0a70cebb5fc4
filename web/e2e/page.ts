import AxeBuilder from "@axe-core/playwright";
import { test as base, expect, type Locator, type Page } from "@playwright/test";
import { settled } from "./feed";

/**
 * A page that never leaves the machine and fails its test on any error in the console.
 * The next test begins when all that this one published has its battle.
 */
export const test = base.extend({
  page: async ({ page }, use) => {
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(String(error)));
    page.on("console", (message) => {
      // The browser reports answers such as 404 itself; the tests look at those.
      if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) {
        errors.push(message.text());
      }
    });
    await use(page);
    expect(errors, "errors in the console").toEqual([]);
    await expect.poll(settled, "what was published has its battle").toBe(true);
  },
});

export { expect };

interface LayoutShift {
  value: number;
  hadRecentInput: boolean;
  sources: { node: Node | null }[];
}

/** Something that moved by itself, and how much of the window it was. */
interface Shift {
  value: number;
  what: string[];
}

/** More of the window than this is to speak of when it moves by itself. */
const MOVED = 0.02;

async function shiftsOf(page: Page): Promise<Shift[]> {
  return page.evaluate(async () => {
    await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
    return (window as unknown as { shifts: Shift[] }).shifts;
  });
}

/** Nothing to speak of has moved by itself since the page was opened. */
export async function expectStill(page: Page, what = ""): Promise<void> {
  const shifts = await shiftsOf(page);
  const sum = shifts.reduce((all, { value }) => all + value, 0);
  expect(sum, `${what} moved: ${JSON.stringify(shifts, null, 1)}`).toBeLessThanOrEqual(MOVED);
}

/** Nothing has jumped by itself. What plays moves cursors and bars a little at a time, for as long as it plays. */
export async function expectSteady(page: Page): Promise<void> {
  const jumps = (await shiftsOf(page)).filter(({ value }) => value > MOVED);
  expect(jumps, "jumped").toEqual([]);
}

/** Forgets what moved until now. */
export async function forgetShifts(page: Page): Promise<void> {
  await page.evaluate(() => {
    (window as unknown as { shifts: Shift[] }).shifts.length = 0;
  });
}

/** Scrolls, and waits until what comes into view is drawn. */
export async function scrollTo(page: Page, y: number): Promise<void> {
  await page.evaluate(
    (to) =>
      new Promise((drawn) => {
        window.scrollTo(0, to);
        requestAnimationFrame(() => requestAnimationFrame(drawn));
      }),
    y,
  );
}

/** The address that the page comes to rest at: what keys choose is written into it a moment later. */
export async function restingAddress(page: Page): Promise<string> {
  return page.evaluate(async () => {
    // The page's own delays began before this one, and are shorter.
    await new Promise((rested) => setTimeout(rested, 1_000));
    return location.href;
  });
}

/** Opens an address with a theme chosen before. */
export async function open(page: Page, path: string, theme = "dark"): Promise<void> {
  await page.addInitScript((chosen) => {
    localStorage.setItem("battlescope.theme", chosen);
    const seen: Shift[] = [];
    Object.assign(window, { shifts: seen });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & LayoutShift)[]) {
        if (entry.hadRecentInput) continue;
        const what = entry.sources.map(({ node }) =>
          (node instanceof Element ? node.outerHTML : "").slice(0, 120),
        );
        seen.push({ value: entry.value, what });
      }
    }).observe({ type: "layout-shift", buffered: true });
  }, theme);
  await page.goto(path);
  await expect(page.getByRole("main")).not.toBeEmpty();
  await expect(page.locator(".skeleton")).toHaveCount(0);
}

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** What other colours can break. */
const COLOUR_RULES = ["color-contrast", "link-in-text-block"];

/**
 * No accessibility rule broken, and nothing wider than the window. `colours`: nothing
 * but the colours has changed since this was asked last.
 */
export async function expectSound(page: Page, what = "", colours = false): Promise<void> {
  const runOnly = colours ? { type: "rule" as const, values: COLOUR_RULES } : RULES;
  const { violations } = await new AxeBuilder({ page })
    .options({ runOnly, resultTypes: ["violations"] })
    .setLegacyMode() // the page has no frames, which the other mode is for
    .analyze();
  expect(
    violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 200)).join(" | ")}`),
    what,
  ).toEqual([]);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(overflow, `${what} pixels wider than the window`).toBeLessThanOrEqual(0);
}

/** Presses Tab until the element has the focus. */
export async function tabTo(page: Page, element: Locator): Promise<void> {
  await expect(element).toBeAttached();
  for (let presses = 0; presses < 150; presses++) {
    await page.keyboard.press("Tab");
    if (await element.evaluate((each) => each === document.activeElement)) return;
  }
  throw new Error("the Tab key does not lead there");
}

/** What says how many kills came since the report was opened. */
export function grown(page: Page): Locator {
  return page.getByRole("status").filter({ hasText: /^\+\d+ kills? since you opened it$/ });
}

/** How many killmails the report says it shows. */
export async function kills(page: Page): Promise<number> {
  return Number(((await page.locator("dt:text-is('Kills') + dd").textContent()) ?? "").replace(/\D/g, ""));
}

/** Gives the keys back to the page. */
export async function leaveFocus(page: Page): Promise<void> {
  await page.evaluate(() => document.activeElement instanceof HTMLElement && document.activeElement.blur());
}

/** What the page shows, in words that a reload must show again. */
export async function gist(page: Page): Promise<string[]> {
  await expect(page.locator(".skeleton, [aria-busy=true]")).toHaveCount(0);
  return page.evaluate(() => {
    const words = (selector: string) =>
      [...document.querySelectorAll(`main ${selector}`)].map((each) => each.textContent);
    return [...words("h1"), ...words("h2"), ...words("dl:first-of-type dd"), ...words("[aria-current=page]")];
  });
}

/** The link alone shows what is shown. */
export async function expectSameByLink(page: Page): Promise<void> {
  const address = await restingAddress(page);
  const before = await gist(page);
  await page.reload();
  await expect(page.getByRole("main")).not.toBeEmpty();
  await expect.poll(() => gist(page)).toEqual(before);
  expect(await restingAddress(page)).toBe(address);
}

/** The id of the battle that began first in a system. */
export async function battleIn(page: Page, system: number): Promise<number> {
  const answer = await page.request.get(`/api/v1/battles?system_id=${system}&limit=1`);
  const { items } = (await answer.json()) as { items: { id: number }[] };
  const id = items[0]?.id;
  if (id === undefined) throw new Error(`no battle in system ${system}: is the fixture another one?`);
  return id;
}

/** The address of the battle with most kills. */
export async function biggestBattle(page: Page): Promise<string> {
  const answer = await page.request.get("/api/v1/battles?sort=-kills&limit=1");
  const { items } = (await answer.json()) as { items: { id: number }[] };
  const id = items[0]?.id;
  if (id === undefined) throw new Error("the server has no battle: is the fixture empty?");
  return `/battles/${id}`;
}
