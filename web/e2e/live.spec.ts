/** How an open battle grows: in parts, on one connection, under the reader's hands. */

import type { Page } from "@playwright/test";
import { publish } from "./feed";
import { biggestBattle, expect, expectStill, open, scrollTo, test } from "./page";
import { givenFixture } from "./server";

/** Notes the addresses of the API that the page asks for. */
function asked(page: Page): string[] {
  const paths: string[] = [];
  page.on("request", (request) => {
    const { pathname } = new URL(request.url());
    if (pathname.startsWith("/api/")) paths.push(pathname);
  });
  return paths;
}

const streams = (paths: readonly string[]) => paths.filter((path) => path.endsWith("/stream"));

const killsOf = async (page: Page, battle: string): Promise<number> => {
  const answer = await page.request.get(`/api/v1${battle}?view=summary`);
  return ((await answer.json()) as { kills: number }).kills;
};

test("a burning battle comes in parts, and what the reader holds stays", async ({ page }, info) => {
  test.skip(
    givenFixture !== undefined || info.project.name === "phone",
    "needs the made-up fight; the same on every width",
  );
  const battle = await biggestBattle(page);
  const paths = asked(page);
  await open(page, `${battle}/timeline`);
  await expect.poll(() => streams(paths)).toEqual([`/api/v1${battle}/stream`]);
  const before = await killsOf(page, battle);

  // Somewhere in the middle, with a row in focus and its words selected.
  await scrollTo(page, 900);
  const rows = page.locator("ul[aria-label='Kills in order'] li");
  const link = rows
    .filter({ has: page.locator("a") })
    .nth(14)
    .locator("a")
    .first();
  const href = (await link.getAttribute("href")) ?? "";
  const held = page.locator(`ul[aria-label='Kills in order'] a[href='${href}']`);
  await held.evaluate((element) => {
    element.focus({ preventScroll: true });
    getSelection()?.selectAllChildren(element);
    Object.assign(window, { held: element });
  });
  const place = await page.evaluate(() => window.scrollY);

  for (let i = 0; i < 40; i++) {
    await publish(1);
    await page.waitForTimeout(50); // 20 a second
  }
  await expect.poll(() => killsOf(page, battle)).toBe(before + 40);
  const kills = page.locator("dt", { hasText: "Kills" }).first().locator("xpath=following-sibling::dd");
  await expect(kills).toHaveText(String(before + 40));

  await expect(held).toBeFocused();
  expect(
    await page.evaluate(() => [
      getSelection()?.toString() === (window as unknown as { held: Element }).held.textContent,
      (window as unknown as { held: Element }).held.isConnected,
      window.scrollY,
    ]),
    "selection, the very same row, and the place on the page",
  ).toEqual([true, true, place]);
  await expectStill(page);
  expect(paths.filter((path) => path === `/api/v1${battle}`)).toHaveLength(1);
  expect(streams(paths)).toHaveLength(1);
  await page.keyboard.press("End");
  const answer = await page.request.get(`/api/v1${battle}`);
  const { killmails } = (await answer.json()) as { killmails: { id: number }[] };
  await expect(page.locator(`a[href='/kills/${killmails.at(-1)?.id}']`).last()).toBeInViewport();
});

test("a narrowed report is asked for again while the battle burns", async ({ page }, info) => {
  test.skip(givenFixture !== undefined || info.project.name === "phone", "as above");
  const battle = await biggestBattle(page);
  const view = (await (await page.request.get(`/api/v1${battle}?view=summary`)).json()) as {
    ended_at: string;
  };
  const from = new Date(Date.parse(view.ended_at) - 600_000).toISOString().replace(/\.\d+Z/, "Z");
  await open(page, `${battle}?from=${from}`);
  const kills = page.locator("dt", { hasText: "Kills" }).first().locator("xpath=following-sibling::dd");
  const before = Number(await kills.textContent());
  await publish(3);
  await expect(kills).toHaveText(String(before + 3));
});

test("leaving a battle takes the connection back to what happens everywhere", async ({ page }) => {
  const battle = await biggestBattle(page);
  const paths = asked(page);
  await open(page, "/battles");
  await expect.poll(() => streams(paths)).toEqual(["/api/v1/killmails/stream"]);
  await page.locator(`a[href='${battle}']`).first().click();
  await expect.poll(() => streams(paths).at(-1)).toBe(`/api/v1${battle}/stream`);
  await page.goBack();
  await expect.poll(() => streams(paths).at(-1)).toBe("/api/v1/killmails/stream");
  expect(streams(paths)).toHaveLength(3);
});
