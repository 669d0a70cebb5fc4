/** The timeline of a report: window, replay, and staying put while the battle grows. */

import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { publish } from "./feed";
import {
  biggestBattle,
  expect,
  expectSound,
  grown,
  kills,
  leaveFocus,
  open,
  restingAddress,
  scrollTo,
  test,
} from "./page";
import { givenFixture } from "./server";

const slider = (page: Page, name: string) => page.getByRole("slider", { name });

test("the keyboard alone draws a window, walks through it, and lets go", async ({ page }, info) => {
  test.skip(info.project.name === "phone", "phones have no keys");
  const battle = await biggestBattle(page);
  await open(page, battle);
  const whole = await kills(page);
  await slider(page, "Start of the time shown").focus();
  for (let i = 0; i < 4; i++) await page.keyboard.press("ArrowRight");
  await expect(page).toHaveURL(/[?&]from=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/);
  const { search } = new URL(await restingAddress(page));
  const answer = await page.request.get(`/api/v1${battle}${search}`);
  const { kills: part } = (await answer.json()) as { kills: number };
  expect(part).toBeLessThan(whole);
  await expect.poll(() => kills(page)).toBe(part);
  await expect(page.getByText(/every figure below counts these killmails/)).toBeVisible();

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
  const address = await restingAddress(page);
  const count = Number((await page.getByText(/^\d+\/\d+$/).textContent())?.split("/")[0]);
  await expect.poll(() => kills(page)).toBe(count);
  const first = page.getByRole("list", { name: "Kills, newest first" }).getByRole("link").first();
  const newest = await first.getAttribute("href");
  await page.goto("/killmails");
  await page.goto(address);
  await expect.poll(() => kills(page)).toBe(count);
  await expect(first).toHaveAttribute("href", newest ?? "");
  await page.getByRole("button", { name: "End the replay" }).first().click();
  await expect(page).not.toHaveURL(/[?&]at=/);
});

test("a replay steps, changes its speed, and ends with the whole battle", async ({ page }, info) => {
  test.skip(info.project.name === "phone", "phones have no keys");
  await open(page, `${await biggestBattle(page)}/involved`);
  const whole = await kills(page);
  const [on, back] = [
    page.getByRole("button", { name: "One kill on" }),
    page.getByRole("button", { name: "One kill back" }),
  ];
  await expect(back).toBeDisabled();
  await on.click();
  await expect.poll(() => kills(page)).toBe(1);
  await on.click();
  await on.click();
  await back.click();
  await expect.poll(() => kills(page)).toBe(2);
  await expect(page).toHaveURL(/[?&]at=/);

  // Nearly at the end by its link, it plays to the end, and shows everything again.
  const time = await page.request.get(`/api/v1${new URL(page.url()).pathname.replace("/involved", "")}`);
  const { killmails } = (await time.json()) as { killmails: { id: number; occurred_at: string }[] };
  await page.goto(`${new URL(page.url()).pathname}?at=${killmails.at(-3)?.id}`);
  await expect.poll(() => kills(page)).toBe(whole - 2);
  const speed = page.getByRole("combobox", { name: "Speed of the replay" });
  await expect(speed.getByRole("option")).toHaveText(["1×", "5×", "15×", "30×", "60×"]);
  await speed.selectOption("60×");
  await leaveFocus(page);
  await page.keyboard.press("Space");
  await expect.poll(() => kills(page)).toBe(whole);
  await expect(
    page.getByRole("button", { name: "Replay", exact: true }),
    "it rests at the end",
  ).toBeVisible();
});

test("a finger draws a window, and the page does not scroll away under it", async ({ page }, info) => {
  test.skip(info.project.name !== "phone", "for fingers");
  await open(page, await biggestBattle(page));
  const whole = await kills(page);
  const chart = await page.locator("figure svg").boundingBox();
  if (!chart) throw new Error("no timeline");
  const finger = await page.context().newCDPSession(page);
  const touch = (type: "touchStart" | "touchMove" | "touchEnd", share?: number) =>
    finger.send("Input.dispatchTouchEvent", {
      type,
      touchPoints:
        share === undefined ? [] : [{ x: chart.x + chart.width * share, y: chart.y + chart.height / 3 }],
    });
  await touch("touchStart", 0.3);
  for (const share of [0.35, 0.4, 0.5, 0.6]) await touch("touchMove", share);
  // A finger that rests before it lifts throws nothing; a tap on what flies would only stop it.
  await page.waitForTimeout(300);
  await touch("touchMove", 0.6);
  await touch("touchEnd");
  await expect(page).toHaveURL(/from=.*&to=/);
  await expect.poll(() => kills(page)).toBeLessThan(whole);
  expect(await page.evaluate(() => window.scrollY)).toBe(0);
  await expectSound(page);

  // A tap beside it puts the replay there.
  await page.getByRole("button", { name: "Show the whole battle" }).tap();
  await expect(page).not.toHaveURL(/from=/);
  await page.touchscreen.tap(chart.x + chart.width / 2, chart.y + chart.height / 3);
  await expect(page).toHaveURL(/[?&]at=/);
});

test("the ways out are there", async ({ page, context }, info) => {
  test.skip(info.project.name === "phone", "the same menu");
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const battle = await biggestBattle(page);
  const answer = await page.request.get(`/api/v1${battle}`);
  const view = (await answer.json()) as { systems: { id: number }[]; started_at: string; kills: number };
  await open(page, battle);
  const share = page.getByRole("button", { name: "Share" });
  await share.focus();
  await page.keyboard.press("Enter");
  const menu = page.getByRole("dialog", { name: "Share" });
  await expectSound(page);
  const copied = () => page.evaluate(() => navigator.clipboard.readText());

  await menu.getByRole("button", { name: "Copy link to what is shown" }).click();
  await expect.poll(copied).toBe(page.url());
  await menu.getByRole("button", { name: "Copy text for Discord" }).click();
  await expect.poll(copied).toContain("Jorund");
  const text = await copied();
  expect(text).toContain("ISK destroyed");
  expect(text).toContain(battle);
  expect(text.length).toBeLessThanOrEqual(2_000);

  const file = async (name: RegExp) => {
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      menu.getByRole("link", { name }).click(),
    ]);
    return { name: download.suggestedFilename(), text: await readFile(await download.path(), "utf8") };
  };
  const json = await file(/JSON/);
  expect(json.name).toMatch(/\.json$/);
  expect((JSON.parse(json.text) as { kills: number }).kills).toBe(view.kills);
  const csv = await file(/CSV/);
  expect(csv.name).toMatch(/\.csv$/);
  const rows = csv.text.trim().split("\n");
  expect(rows).toHaveLength(view.kills + 1);
  expect(rows[0]).toContain("killmail_id");

  const system = view.systems[0]?.id;
  // A related page is of the hour that is nearest.
  const hour = new Date(Math.round(Date.parse(view.started_at) / 3_600_000) * 3_600_000);
  const at = hour.toISOString().slice(0, 13).replace(/\D/g, "");
  await expect(menu.getByRole("link", { name: "zKillboard related" })).toHaveAttribute(
    "href",
    `https://zkillboard.com/related/${system}/${at}00/`,
  );
  await expect(menu.getByRole("link", { name: "Dotlan" })).toHaveAttribute(
    "href",
    /^https:\/\/evemaps\.dotlan\.net\/.*Jorund/,
  );
  await page.keyboard.press("Escape");
  await expect(menu).toBeHidden();
  await expect(share).toBeFocused();
});

test("a growing battle moves nothing the reader holds", async ({ page }, info) => {
  test.skip(
    givenFixture !== undefined || info.project.name === "phone",
    "the feed continues the made-up fight",
  );
  const battle = await biggestBattle(page);
  await open(page, `${battle}/timeline`);
  await scrollTo(page, 1_500);
  const inView = async () =>
    page
      .getByRole("list", { name: /^Kills/ })
      .getByRole("link")
      .evaluateAll((links) => {
        const link = links.find((each) => each.getBoundingClientRect().top > 350);
        return link && [link.getAttribute("href"), Math.round(link.getBoundingClientRect().top)];
      });
  await expect.poll(inView).toBeDefined();
  const held = await inView();
  await page
    .getByRole("button", { name: "Share" })
    .evaluate((button) => button.focus({ preventScroll: true }));
  await publish(3);
  await expect(grown(page)).toBeAttached();
  expect(await inView()).toEqual(held);
  await expect(page.getByRole("button", { name: "Share" })).toBeFocused();

  // Rows that come above those in view, as in a replay, do not move them either.
  const late = await page.locator("li time").last().getAttribute("datetime");
  await open(page, `${battle}/timeline?at=${late}`);
  await scrollTo(page, 1_200);
  await expect.poll(inView).toBeDefined();
  const still = await inView();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await restingAddress(page);
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
  const address = await restingAddress(page);
  await expect.poll(() => kills(page)).toBe(5);
  await publish(2);
  await expect(grown(page)).toBeAttached();
  expect([await restingAddress(page), await kills(page)]).toEqual([address, 5]);
});
