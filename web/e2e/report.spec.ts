/** The timeline of a report: window, replay, and staying put while the battle grows. */

import type { Page } from "@playwright/test";
import { publish } from "./feed";
import { biggestBattle, expect, expectSound, open, test } from "./page";
import { givenFixture } from "./server";

const kills = async (page: Page) =>
  Number(((await page.locator("dt:text-is('Kills') + dd").textContent()) ?? "").replace(/\D/g, ""));

/** Gives the keys back to the page. */
const leaveFocus = (page: Page) =>
  page.evaluate(() => document.activeElement instanceof HTMLElement && document.activeElement.blur());

const slider = (page: Page, name: string) => page.getByRole("slider", { name });

test("the keyboard alone draws a window, walks through it, and lets go", async ({ page }, info) => {
  test.skip(info.project.name === "phone", "phones have no keys");
  await open(page, await biggestBattle(page));
  const whole = await kills(page);
  await slider(page, "Start of the time shown").focus();
  for (let i = 0; i < 4; i++) await page.keyboard.press("ArrowRight");
  await expect(page).toHaveURL(/[?&]from=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/);
  await expect.poll(() => kills(page)).toBeLessThan(whole);
  await expect(page.getByText(/every figure below counts these killmails/)).toBeVisible();
  const part = await kills(page);

  // The window holds on every tab, and by its link alone.
  await leaveFocus(page);
  await page.keyboard.press("]");
  await page.keyboard.press("]");
  await expect(page).toHaveURL(/\/timeline\?.*from=/);
  await page.reload();
  await expect.poll(() => kills(page)).toBe(part);

  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await expect(page).toHaveURL(/[?&]at=/);
  await expect.poll(() => kills(page)).toBe(2);
  await page.keyboard.press("ArrowLeft");
  await expect.poll(() => kills(page)).toBe(1);
  await expect(page.getByText(/Replay, as it stood at/)).toBeVisible();
  await expectSound(page);

  await page.keyboard.press("Escape");
  await expect(page).not.toHaveURL(/[?&]at=/);
  await page.keyboard.press("Escape");
  await expect(page).not.toHaveURL(/[?&]from=/);
  await expect.poll(() => kills(page)).toBe(whole);
});

test("a pointer draws a window, and its figures replace the old ones without a gap", async ({
  page,
}, info) => {
  test.skip(info.project.name === "phone", "a finger does the same");
  await open(page, await biggestBattle(page));
  const chart = await page.locator("figure svg").boundingBox();
  if (!chart) throw new Error("no timeline");
  await page.evaluate(() => {
    const watch = () => {
      if (document.querySelector("main .skeleton")) document.body.dataset.flickered = "yes";
      requestAnimationFrame(watch);
    };
    watch();
  });
  const y = chart.y + chart.height / 3;
  await page.mouse.move(chart.x + chart.width * 0.3, y);
  await page.mouse.down();
  await page.mouse.move(chart.x + chart.width * 0.6, y, { steps: 5 });
  await page.mouse.up();
  await expect(page).toHaveURL(/from=.*&to=/);
  await expect(page.getByText(/every figure below counts these killmails/)).toBeVisible();
  expect(await page.evaluate(() => document.body.dataset.flickered)).toBeUndefined();
  await page.getByRole("button", { name: "Show the whole battle" }).click();
  await expect(page).not.toHaveURL(/from=/);
});

test("a replay plays, rests where its link says, and opens there", async ({ page }) => {
  await open(page, `${await biggestBattle(page)}/timeline`);
  await page.getByRole("combobox", { name: "Speed of the replay" }).selectOption("60×");
  await page.getByRole("button", { name: "Replay", exact: true }).click();
  await expect.poll(() => kills(page)).toBeGreaterThan(1);
  await page.getByRole("button", { name: "Pause", exact: true }).click();
  await expect(page).toHaveURL(/[?&]at=/);
  const [count, address] = [await kills(page), page.url()];
  const first = page.getByRole("list", { name: "Kills, newest first" }).getByRole("link").first();
  const newest = await first.getAttribute("href");
  await page.goto("/killmails");
  await page.goto(address);
  await expect.poll(() => kills(page)).toBe(count);
  await expect(first).toHaveAttribute("href", newest ?? "");
  await page.getByRole("button", { name: "End the replay" }).first().click();
  await expect(page).not.toHaveURL(/[?&]at=/);
});

test("the ways out are there", async ({ page, context }, info) => {
  test.skip(info.project.name === "phone", "the same menu");
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await open(page, await biggestBattle(page));
  await page.getByRole("button", { name: "Share" }).click();
  const menu = page.getByRole("dialog", { name: "Share" });
  await expect(menu.getByRole("link", { name: "zKillboard related" })).toHaveAttribute(
    "href",
    /\/related\/\d+\/\d{12}\//,
  );
  await expect(menu.getByRole("link", { name: "Dotlan" })).toBeVisible();
  const download = page.waitForEvent("download");
  await menu.getByRole("link", { name: /CSV/ }).click();
  expect((await download).suggestedFilename()).toMatch(/\.csv$/);
  await menu.getByRole("button", { name: "Copy text for Discord" }).click();
  await expect(page.getByText("Text copied")).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain("ISK destroyed");
});

test("a growing battle moves nothing the reader holds", async ({ page }, info) => {
  test.skip(
    givenFixture !== undefined || info.project.name === "phone",
    "the feed continues the made-up fight",
  );
  const battle = await biggestBattle(page);
  await open(page, `${battle}/timeline`);
  await page.evaluate(() => window.scrollTo(0, 1_500));
  const inView = async () =>
    page
      .getByRole("list", { name: /^Kills/ })
      .getByRole("link")
      .evaluateAll((links) => {
        const link = links.find((each) => each.getBoundingClientRect().top > 350);
        return link && [link.getAttribute("href"), Math.round(link.getBoundingClientRect().top)];
      });
  const held = await inView();
  await page
    .getByRole("button", { name: "Share" })
    .evaluate((button) => button.focus({ preventScroll: true }));
  await publish(3);
  await expect(page.getByText(/^\+\d+ kills? since you opened it$/)).toBeAttached({ timeout: 15_000 });
  expect(await inView()).toEqual(held);
  await expect(page.getByRole("button", { name: "Share" })).toBeFocused();

  // Rows that come above those in view, as in a replay, do not move them either.
  const late = await page.locator("li time").last().getAttribute("datetime");
  await open(page, `${battle}/timeline?at=${late}`);
  await page.evaluate(() => window.scrollTo(0, 1_200));
  const still = await inView();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await expect(page).toHaveURL(/at=/);
  expect(await inView()).toEqual(still);

  // A replay and a window stay where they are, too.
  await open(page, battle);
  await page.evaluate(() => window.scrollTo(0, 0));
  await slider(page, "Start of the time shown").focus();
  for (let i = 0; i < 3; i++) await page.keyboard.press("ArrowRight");
  await expect(page).toHaveURL(/from=/);
  await expect(page.getByText(/every figure below counts these killmails/)).toBeVisible();
  await leaveFocus(page);
  for (let i = 0; i < 5; i++) await page.keyboard.press("ArrowRight");
  await expect(page).toHaveURL(/at=/);
  const [address, count] = [page.url(), await kills(page)];
  await publish(2);
  await expect(page.getByText(/^\+\d+ kills? since you opened it$/)).toBeAttached({ timeout: 15_000 });
  expect([page.url(), await kills(page)]).toEqual([address, count]);
});
