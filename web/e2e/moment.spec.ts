/** What is shown of a report, and of which moment: heads that stay, replay at rest, ways out of a part. */

import type { Locator, Page } from "@playwright/test";
import {
  biggestBattle,
  expect,
  expectSound,
  expectSteady,
  expectStill,
  forgetShifts,
  open,
  scrollTo,
  test,
} from "./page";

interface Loss {
  id: number;
  system_id: number;
  occurred_at: string;
}

interface View {
  kills: number;
  started_at: string;
  ended_at: string;
  systems: { id: number; name: string }[];
  sides: { id: string; members: { entity: { type: string; id: number } }[] }[];
  killmails: Loss[];
}

async function viewOf(page: Page, battle: string, query = ""): Promise<View> {
  return (await page.request.get(`/api/v1${battle}${query}`)).json();
}

const copied = (page: Page) => page.evaluate(() => navigator.clipboard.readText());

/** The lowest edge of what stays in view at the top, pixels. */
const covered = (page: Page) =>
  page.evaluate(() => {
    let edge = 0;
    for (const element of document.querySelectorAll<HTMLElement>("header, .report *")) {
      if (getComputedStyle(element).position !== "sticky") continue;
      const { top } = element.getBoundingClientRect();
      if (top > 300) continue;
      for (const part of [element, ...element.querySelectorAll<HTMLElement>("*")]) {
        if (!part.checkVisibility({ visibilityProperty: true })) continue;
        const painted = getComputedStyle(part).backgroundColor !== "rgba(0, 0, 0, 0)";
        if (painted) edge = Math.max(edge, part.getBoundingClientRect().bottom);
      }
    }
    return edge;
  });

test("scrolled, the heads leave room for the list, and nothing shifts", async ({ page }) => {
  await open(page, `${await biggestBattle(page)}/involved`);
  for (const y of [120, 240, 360, 700, 1_400, 700, 300, 200, 100, 0, 900]) {
    await scrollTo(page, y);
  }
  await expectStill(page);
  const edge = await covered(page);
  expect(edge, "pixels that stay covered").toBeGreaterThan(100);
  expect(edge, "pixels that stay covered").toBeLessThan(235);
  await expect(page.locator("[data-strip]")).toBeVisible();
});

for (const tab of ["", "/involved", "/timeline", "/damage"]) {
  test(`what has the focus is never under the heads: ${tab || "summary"}`, async ({ page }) => {
    await open(page, `${await biggestBattle(page)}${tab}`);
    await scrollTo(page, 1_000);
    const links = page.locator(".report :is(a, button):below(:text('Composition'))");
    await links.nth(Math.min(60, (await links.count()) - 1)).focus();
    let seen = 0;
    for (let i = 0; i < 25; i++) {
      await page.keyboard.press("Shift+Tab");
      const top = await page.evaluate(() => {
        const held = document.activeElement;
        if (!held || held.closest("nav, [role=slider], figure, fieldset")) return null;
        let parent: Element | null = held;
        while (parent) {
          if (getComputedStyle(parent).position === "sticky") return null;
          parent = parent.parentElement;
        }
        return held.getBoundingClientRect().top;
      });
      if (top === null) continue;
      seen++;
      expect(top, "the top of what has the focus").toBeGreaterThanOrEqual((await covered(page)) - 1);
    }
    expect(seen).toBeGreaterThan(5);
  });
}

test("a killmail leads to its moment in the battle, and back", async ({ page }) => {
  const battle = await biggestBattle(page);
  const { killmails } = await viewOf(page, battle);
  const kill = killmails[40];
  if (!kill) throw new Error("the fixture has too few killmails");
  await open(page, `/kills/${kill.id}`);
  await page.getByRole("link", { name: "The battle at this moment" }).click();
  await expect(page).toHaveURL(new RegExp(`${battle}/timeline\\?at=${kill.id}$`));
  await expect(page.getByText("41/", { exact: false })).toBeVisible();
  const newest = page.getByRole("list", { name: "Kills, newest first" }).getByRole("link").first();
  await expect(newest).toHaveAttribute("href", `/kills/${kill.id}`);
  await page.getByRole("note").getByRole("link", { name: / of / }).click();
  await expect(page).toHaveURL(new RegExp(`/kills/${kill.id}$`));
});

test("where a replay rests, every figure is of the moment", async ({ page }) => {
  const battle = await biggestBattle(page);
  const whole = await viewOf(page, battle);
  const at = whole.killmails[60]?.occurred_at;
  if (!at) throw new Error("the fixture has too few killmails");
  const then = await (await page.request.get(`/api/v1${battle}?to=${at}`)).json();
  await open(page, `${battle}?at=${at}`);
  const note = page.getByRole("note").first();
  await expect(note).toContainText("Every figure below is of this moment.");
  const efficiency = Math.round(then.sides[0].efficiency * 100);
  await expect(page.getByTitle(`Efficiency ${efficiency}%:`).first()).toBeVisible();
  await expect(page.getByText("Most kills").first()).toBeVisible();

  await page.goto(`${battle}/damage?at=${at}`);
  await expect(page.getByText("The damage is that of the moment of the replay.")).toBeVisible();

  await page.goto(`${battle}/composition?at=${at}`);
  const fielded = (view: { composition: { side: string; class: string; fielded: number }[] }) =>
    view.composition
      .filter(
        (hull) =>
          hull.side === "A" &&
          !["capsule", "shuttle", "corvette", "structure", "deployable"].includes(hull.class),
      )
      .reduce((sum, hull) => sum + hull.fielded, 0);
  const row = page.getByRole("region", { name: "Fleet in short" }).getByRole("row", { name: /^All ships/ });
  await expect(row).toContainText(`/ ${fielded(then)}`);
  const all = await (await page.request.get(`/api/v1${battle}`)).json();
  expect(fielded(then)).toBeLessThan(fielded(all));
  const presence = page.getByRole("region", { name: "Presence over time" });
  await expect(presence.locator("[data-cursor]").first()).toBeAttached();
  await expectSound(page);
});

test("text and files are of the part that is shown", async ({ page, context }, info) => {
  test.skip(info.project.name === "phone", "the same menu");
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const battle = await biggestBattle(page);
  const { killmails } = await viewOf(page, battle);
  const [from, left] = [killmails[30]?.occurred_at, killmails[50]?.id];
  await open(page, `${battle}?from=${from}&exclude=${left}`);
  await page.getByRole("button", { name: "Share" }).click();
  const menu = page.getByRole("dialog", { name: "Share" });
  await expect(menu).toContainText("Text and files are of what is shown:");
  await menu.getByRole("button", { name: "Copy text for Discord" }).click();
  await expect.poll(() => copied(page)).toMatch(/Only what is shown: from .* EVE, 1 killmail left out/);
  expect(await copied(page)).toContain(`from=${from}`);
  for (const name of [/JSON/, /CSV/]) {
    const href = await menu.getByRole("link", { name }).getAttribute("href");
    expect(href).toContain(`from=${from}`);
    expect(href).toContain(`exclude=${left}`);
  }
  const href = (await menu.getByRole("link", { name: /CSV/ }).getAttribute("href")) ?? "";
  const table = await (await page.request.get(href)).text();
  expect(table.trim().split("\n")).toHaveLength(killmails.length - 30 - 1 + 1);
});

test("however long the title, the ways out stay beside it", async ({ page }, info) => {
  test.skip(info.project.name === "phone", "a phone has no room beside it");
  await page.setViewportSize({ width: 1360, height: 900 });
  const { items } = await (await page.request.get("/api/v1/battles?sort=-kills&limit=3")).json();
  await open(page, `/reports?${items.map(({ id }: { id: number }) => `battle=${id}`).join("&")}`);
  const top = async (what: Locator) => (await what.boundingBox())?.y ?? Number.NaN;
  const away = (await top(page.getByRole("button", { name: "Share" }))) - (await top(page.locator("h1")));
  expect(Math.abs(away)).toBeLessThan(20);
});

test("a custom report has all ways out, for each of its systems", async ({ page, context }, info) => {
  test.skip(info.project.name === "phone", "the same menu");
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const { items } = await (await page.request.get("/api/v1/battles?sort=-kills&limit=2")).json();
  await open(page, `/reports?battle=${items[0].id}&battle=${items[1].id}`);
  await page.getByRole("button", { name: "Share" }).click();
  const menu = page.getByRole("dialog", { name: "Share" });
  for (const { systems } of items) {
    const name = systems[0].name;
    await expect(menu.getByRole("link", { name: `zKillboard related of ${name}` })).toHaveAttribute(
      "href",
      new RegExp(`/related/${systems[0].id}/\\d{12}/`),
    );
    await expect(menu.getByRole("link", { name: `Dotlan of ${name}` })).toBeVisible();
  }
  const download = page.waitForEvent("download");
  await menu.getByRole("link", { name: /CSV/ }).click();
  expect((await download).suggestedFilename()).toMatch(/^report-.*\.csv$/);
  await menu.getByRole("button", { name: "Copy text for Discord" }).click();
  await expect.poll(() => copied(page)).toContain("**report in ");
  await expectSound(page);
});

test("the copied link has the moment of a replay that plays", async ({ page, context }, info) => {
  test.skip(info.project.name === "phone", "the same button");
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await open(page, await biggestBattle(page));
  await page.getByRole("button", { name: "Replay", exact: true }).click();
  await page.getByRole("button", { name: "Copy link" }).click();
  await expect.poll(() => copied(page)).toMatch(/[?&]at=/);
  await page.getByRole("button", { name: "Pause", exact: true }).click();
});

for (const count of [4, 8]) {
  test(`${count} sides: beside each other, or one at a time`, async ({ page }, info) => {
    const battle = await biggestBattle(page);
    const pilots: { character: { id: number } | null }[] = (
      await (await page.request.get(`/api/v1${battle}`)).json()
    ).pilots;
    const letters = "ABCDEFGH".slice(0, count);
    const sides = pilots
      .filter((pilot) => pilot.character)
      .map((pilot, i) => `side=${letters[i % count]}:character-${pilot.character?.id}`)
      .join("&");
    await open(page, `${battle}?${sides}`);
    await expectSound(page);
    const phone = info.project.name === "phone";
    const last = letters.at(-1) ?? "";
    const region = page.getByRole("region", { name: `Side ${last}`, exact: true });
    const button = page
      .getByRole("group", { name: "Side shown" })
      .getByRole("button")
      .nth(count - 1);
    if (phone) await expect(region).toBeHidden();
    if (phone || count > 4) {
      await button.click();
      await expect(page).toHaveURL(new RegExp(`[?&]show=${last}`));
      await expect(button).toBeInViewport({ ratio: 1 });
    }
    await expect(region).toBeInViewport();
    for (const tab of ["involved", "damage", "composition"]) {
      await page.goto(`${battle}/${tab}?${sides}`);
      await expect(page.locator(".skeleton")).toHaveCount(0);
      const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(over, `pixels wider than the window: ${tab}`).toBeLessThanOrEqual(0);
    }
  });
}

for (const tab of ["", "/composition"]) {
  test(`a replay that plays and rests moves nothing by itself: ${tab || "summary"}`, async ({ page }) => {
    await open(page, `${await biggestBattle(page)}${tab}`);
    await page.getByRole("combobox", { name: "Speed of the replay" }).selectOption("60×");
    await page.getByRole("button", { name: "Replay", exact: true }).click();
    // That a note of it comes is wanted.
    await expect(page.getByRole("note").first()).toBeVisible();
    await forgetShifts(page);
    const position = page.getByText(/^\d+\/\d+$/);
    await expect.poll(async () => Number((await position.textContent())?.split("/")[0])).toBeGreaterThan(9);
    await page.getByRole("button", { name: "Pause", exact: true }).click();
    await expect(page.getByText("Every figure below is of this moment.")).toBeVisible();
    await expectSteady(page);
  });
}
