/** The page of a killmail, and what other programs read of pages. */

import type { Page } from "@playwright/test";
import { biggestBattle, expect, open, test } from "./page";

/** Ids of the killmails of the biggest battle, by time. */
async function killmails(page: Page): Promise<{ battle: string; ids: number[] }> {
  const battle = await biggestBattle(page);
  const answer = await page.request.get(`/api/v1${battle}`);
  const view = (await answer.json()) as { killmails: { id: number }[] };
  return { battle, ids: view.killmails.map(({ id }) => id) };
}

test("a killmail says who, what and where, and leads through its battle", async ({ page }) => {
  const { battle, ids } = await killmails(page);
  await open(page, `/kills/${ids[0]}`);
  await expect(page.getByRole("heading", { level: 1 })).not.toBeEmpty();
  await expect(page.getByText(`Kill 1 of ${ids.length}`)).toBeVisible();
  await expect(page.getByRole("list", { name: "Attackers, most damage first" })).toContainText("Final blow");
  await expect(page.getByRole("link", { name: "Fit on zKillboard" })).toHaveAttribute(
    "href",
    `https://zkillboard.com/kill/${ids[0]}/`,
  );
  await expect(page.getByRole("link", { name: "Previous killmail" })).toHaveAttribute(
    "aria-disabled",
    "true",
  );

  // By pointer, by Enter on the same link, and by the arrow keys.
  await page.getByRole("link", { name: "Next killmail" }).click();
  await expect(page).toHaveURL(new RegExp(`/kills/${ids[1]}$`));
  await expect(page.getByText(`Kill 2 of ${ids.length}`)).toBeVisible();
  await page.getByRole("link", { name: "Next killmail" }).focus();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`/kills/${ids[2]}$`));
  await expect(page.getByRole("link", { name: "Next killmail" })).toBeFocused();
  await page.keyboard.press("ArrowLeft");
  await expect(page).toHaveURL(new RegExp(`/kills/${ids[1]}$`));

  await page.getByRole("region", { name: "The battle" }).getByRole("link").first().click();
  await expect(page).toHaveURL(new RegExp(`${battle}$`));
});

test("a killmail that is slow to come leaves the focus and the former one where they are", async ({
  page,
}) => {
  const { ids } = await killmails(page);
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route(`**/api/v1/killmails/${ids[1]}`, async (route) => {
    await held;
    await route.continue();
  });
  await open(page, `/kills/${ids[0]}`);
  const next = page.getByRole("link", { name: "Next killmail" });
  await next.focus();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`/kills/${ids[1]}$`));
  await expect(page.locator("[aria-busy=true]").getByText(`Kill 1 of ${ids.length}`)).toBeVisible();
  await page.keyboard.press("ArrowRight");
  release();
  await expect(page.getByText(`Kill 2 of ${ids.length}`)).toBeVisible();
  await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
  await expect(next).toBeFocused();
  await expect(page).toHaveURL(new RegExp(`/kills/${ids[1]}$`));
});

test("a row of the feed leads to the killmail", async ({ page }) => {
  await open(page, "/killmails");
  const row = page.getByRole("list", { name: "Killmails, newest first" }).getByRole("link").first();
  const ship = (await row.textContent()) ?? "";
  await row.click();
  await expect(page).toHaveURL(/\/kills\/\d+$/);
  await expect(page.getByRole("heading", { level: 1 })).toContainText(ship);
});

test("j walks through the attackers", async ({ page }, info) => {
  test.skip(info.project.name === "phone", "phones have no keys");
  const { ids } = await killmails(page);
  await open(page, `/kills/${ids[0]}`);
  const rows = page.getByRole("list", { name: "Attackers, most damage first" }).getByRole("link");
  await page.keyboard.press("j");
  await expect(rows.first()).toBeFocused();
  await page.keyboard.press("j");
  await expect(rows.nth(1)).toBeFocused();
});

test("pages tell chats what they are about", async ({ page }, info) => {
  test.skip(info.project.name === "phone", "asks the server alone");
  const { battle, ids } = await killmails(page);
  const read = async (path: string) => {
    const answer = await page.request.get(path);
    const html = await answer.text();
    const of = (name: string) =>
      new RegExp(`<meta property="og:${name}" content="([^"]*)">`).exec(html)?.[1] ?? "";
    return { status: answer.status(), title: of("title"), image: of("image"), html };
  };
  const seen = await read(battle);
  expect(seen.title).toContain("Jorund");
  const card = await page.request.get(seen.image);
  expect(card.headers()["content-type"]).toBe("image/png");
  expect((await card.body()).length).toBeGreaterThan(20_000);

  expect((await read(`/kills/${ids[0]}`)).image).toContain("images.evetech.net");
  expect((await read("/battles/9007199254740000")).status).toBe(404);
  expect((await read("/kills/9007199254740000")).status).toBe(404);

  // The page names itself in the browser as the server did.
  await open(page, battle);
  const named = /<title>([^<]*)<\/title>/.exec(seen.html)?.[1];
  await expect(page).toHaveTitle(named ?? "");
});

test("a battle can be taken away as a table and as a text", async ({ page }, info) => {
  test.skip(info.project.name === "phone", "asks the server alone");
  const { battle, ids } = await killmails(page);
  const table = await (await page.request.get(`/api/v1${battle}/export.csv`)).text();
  expect(table.trim().split("\n")).toHaveLength(ids.length + 1);
  const text = await (await page.request.get(`/api/v1${battle}/text`)).text();
  expect(text).toContain(`${battle}\n`);
  expect(text.length).toBeLessThanOrEqual(2_000);
});
