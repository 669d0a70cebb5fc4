/** What players do, on the real binary. */

import type { Page } from "@playwright/test";
import { publish } from "./feed";
import {
  biggestBattle,
  expect,
  expectSameByLink,
  expectSound,
  gist,
  grown,
  kills,
  leaveFocus,
  open,
  scrollTo,
  tabTo,
  test,
} from "./page";
import { givenFixture } from "./server";

/** Why some of it is done once. */
const ALIKE = "the same on a wide window";

test("the start leads to the battles, and a row to its report", async ({ page }) => {
  await open(page, "/");
  await expect(page).toHaveURL(/\/battles$/);
  const row = page.getByRole("list", { name: "Battles" }).getByRole("link").first();
  const system = (await row.textContent()) ?? "";
  await row.click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText(system);
  for (const tab of ["Involved", "Timeline", "Damage", "Composition", "Summary"]) {
    await page
      .getByRole("navigation", { name: "Parts of the report" })
      .getByRole("link", { name: tab })
      .click();
    await expect(page).toHaveURL(
      tab === "Summary" ? /\/battles\/\d+$/ : new RegExp(`/${tab.toLowerCase()}$`),
    );
  }
});

test("filters are the address", async ({ page }, info) => {
  await open(page, "/battles?min_kills=2&kind=battle");
  await expect(page.getByRole("button", { name: "Remove filter 2+ kills" })).toBeVisible();
  if (info.project.name === "phone") await page.getByText("Filters", { exact: false }).first().click();
  await page.getByRole("button", { name: "Nullsec" }).click();
  await expect(page).toHaveURL(/space_type=nullsec/);
  await page.getByRole("button", { name: "Remove filter 2+ kills" }).click();
  await expect(page).not.toHaveURL(/min_kills/);
  await page.goBack();
  await expect(page).toHaveURL(/min_kills=2/);
});

test("an empty list names the filters to drop", async ({ page }, info) => {
  test.skip(info.project.name === "phone", ALIKE);
  await open(page, "/battles?min_kills=100000&kind=battle");
  await page.getByRole("button", { name: "Drop “100000+ kills”" }).click();
  await expect(page.getByRole("list", { name: "Battles" }).getByRole("link").first()).toBeVisible();
});

test("a mistyped amount says how to write it", async ({ page }, info) => {
  test.skip(info.project.name === "phone", "the same rail, folded away");
  await open(page, "/battles");
  const field = page.getByRole("textbox", { name: "ISK, at least" });
  await field.fill("lots");
  await field.press("Enter");
  await expect(page.getByRole("main").getByRole("alert")).toContainText("Write it like");
  await field.fill("1.5b");
  await field.press("Enter");
  await expect(page).toHaveURL(/min_isk=1500000000/);
});

/** Presses two keys that belong together. They must follow soon, so a machine too busy for that tries again. */
async function pair(page: Page, first: string, second: string, leadsTo: RegExp): Promise<void> {
  await expect(async () => {
    await page.keyboard.press(first);
    await page.keyboard.press(second);
    await expect(page).toHaveURL(leadsTo, { timeout: 3_000 });
  }).toPass();
}

test("keyboard alone", async ({ page }, info) => {
  test.skip(info.project.name === "phone", "phones have no keys");
  await open(page, "/battles");
  await page.keyboard.press("?");
  const help = page.getByRole("dialog", { name: "Keyboard" });
  await expect(help).toBeVisible();
  await expectSound(page);
  await page.keyboard.press("Escape");
  await expect(help).toBeHidden();

  await pair(page, "g", "k", /\/killmails$/);
  await pair(page, "g", "b", /\/battles$/);

  const first = page.getByRole("list", { name: "Battles" }).getByRole("link").first();
  await expect(first).toBeVisible();
  await page.keyboard.press("j");
  await expect(first).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/battles\/\d+$/);
  await expect(page.getByRole("navigation", { name: "Parts of the report" })).toBeVisible();
  await page.keyboard.press("]");
  await expect(page).toHaveURL(/\/involved$/);
});

test("every part of a report is reached by keyboard alone, and again by its link", async ({ page }, info) => {
  test.skip(info.project.name === "phone", "phones have no keys");
  await open(page, "/battles?sort=-kills");
  const first = page.getByRole("list", { name: "Battles" }).getByRole("link").first();
  await expect(first).toBeVisible();
  await page.keyboard.press("j");
  await expect(first).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/battles\/\d+$/);
  const parts = page.getByRole("navigation", { name: "Parts of the report" });
  const seen = new Map<string, string[]>();
  for (const tab of ["Involved", "Timeline", "Damage", "Composition", "Summary"]) {
    const link = parts.getByRole("link", { name: tab });
    await tabTo(page, link);
    await page.keyboard.press("Enter");
    await expect(link).toHaveAttribute("aria-current", "page");
    await expect(link, "the focus stays").toBeFocused();
    seen.set(page.url(), await gist(page));
  }
  expect(seen.size).toBe(5);
  for (const [address, shown] of seen) {
    await page.goto(address);
    await expect.poll(() => gist(page)).toEqual(shown);
  }

  // What is chosen on the way is in the link as well: window, order, search, replay, sides.
  await page.keyboard.press("]");
  await expect(page).toHaveURL(/\/involved$/);
  await tabTo(page, page.getByRole("slider", { name: "End of the time shown" }));
  for (let i = 0; i < 5; i++) await page.keyboard.press("ArrowLeft");
  await expect(page).toHaveURL(/[?&]to=/);
  await tabTo(page, page.getByRole("searchbox"));
  await page.keyboard.type("Alliance of 1");
  await tabTo(page, page.getByRole("button", { name: "Damage", exact: true }));
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/q=Alliance/);
  await expect(page).toHaveURL(/by=damage/);
  await leaveFocus(page);
  for (let i = 0; i < 6; i++) await page.keyboard.press("ArrowRight");
  await expect.poll(() => kills(page)).toBe(6);
  await expect(page).toHaveURL(/[?&]at=/);
  await expectSameByLink(page);
  await expect(page.getByRole("searchbox")).toHaveValue("Alliance of 1");
  await expect(page.getByRole("button", { name: "Damage", exact: true })).toHaveAttribute(
    "aria-pressed",
    "true",
  );
});

test("what makes no sense in an address is left out", async ({ page }, info) => {
  test.skip(info.project.name === "phone", ALIKE);
  const battle = await biggestBattle(page);
  await open(page, `${battle}?from=yesterday&at=soon`);
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Jorund");
  await open(page, "/battles?min_kills=lots&kind=brawl");
  await expect(page.getByRole("list", { name: "Battles" }).getByRole("link").first()).toBeVisible();
});

test("the theme stays chosen", async ({ page }, info) => {
  test.skip(info.project.name === "phone", ALIKE);
  await page.goto("/battles");
  await expect(page.locator("html")).not.toHaveAttribute("data-theme", "light");
  await page.getByRole("button", { name: /^Theme: dark/ }).click();
  await page.reload();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "light");
});

test("pilots are found by name or number", async ({ page }) => {
  await open(page, `${await biggestBattle(page)}/involved`);
  const all = await page.locator("output").first().textContent();
  await page.getByRole("searchbox").fill("Basilisk");
  await expect(page.locator("output").first()).not.toHaveText(all ?? "");
  await page.getByRole("searchbox").fill("nobody of this name");
  await expect(page.locator("output").first()).toHaveText("0 pilots");
});

test("a missing battle says why and which request it was", async ({ page }, info) => {
  test.skip(info.project.name === "phone", ALIKE);
  await open(page, "/battles/9007199254740000");
  await expect(page.getByRole("main").getByRole("alert")).toContainText("not known");
  await expect(page.getByRole("main").getByRole("alert")).toContainText(/request \S+/);
});

test("a battle grows without a reload", async ({ page }) => {
  test.skip(givenFixture !== undefined, "the feed continues the made-up fight");
  await open(page, `${await biggestBattle(page)}/timeline`);
  await page.evaluate(() => {
    document.body.dataset.sameDocument = "yes";
  });
  await scrollTo(page, 600);
  await publish(4);
  await expect(grown(page)).toBeAttached();
  expect(await page.evaluate(() => [document.body.dataset.sameDocument, window.scrollY])).toEqual([
    "yes",
    600,
  ]);
});

test("new killmails come into the feed, and a pointer holds it still", async ({ page }, info) => {
  test.skip(
    givenFixture !== undefined || info.project.name === "phone",
    "needs the made-up fight and a pointer",
  );
  await open(page, "/killmails");
  await expect(page.getByText("Following")).toBeVisible();
  const list = page.getByRole("list", { name: "Killmails, newest first" });
  const first = list.getByRole("listitem").first().locator("a[href^='/kills/']").first();
  const newest = () => first.getAttribute("href");
  const published = await publish(2);
  await expect(first).toHaveAttribute("href", `/kills/${published}`);

  await list.getByRole("listitem").nth(3).hover();
  await expect(page.getByText("Held still")).toBeVisible();
  const held = await newest();
  await publish(3);
  const release = page.getByRole("button", { name: "▲ 3 new" });
  await expect(release).toBeVisible();
  expect(await newest()).toBe(held);
  await release.click();
  await expect.poll(newest).not.toBe(held);
});
