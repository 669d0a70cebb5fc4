/** Corrections for everybody: whose they are, that they last, and that they can be taken back. */

import type { BrowserContext, Page } from "@playwright/test";
import { publishLate } from "./feed";
import { LXQ, TAMA } from "./fixture";
import { battleIn, biggestBattle, expect, expectSound, kills, open, test } from "./page";
import { adminLink, givenFixture } from "./server";

// The link works once: one test opens it, the others use what it gave.
test.describe.configure({ mode: "serial" });
let session: Awaited<ReturnType<BrowserContext["storageState"]>>;

test.beforeEach(({ page: _ }, info) => {
  test.skip(
    givenFixture !== undefined || info.project.name === "phone",
    "corrects the made-up fights, and those once",
  );
});

/** Makes the browser the administrator's. */
async function administrate(page: Page): Promise<void> {
  await page.context().addCookies(session.cookies);
}

const panel = (page: Page) => page.getByRole("region", { name: "Sides editor" });

/** Opens the panel of corrections of a battle, with what the query says done by hand. */
async function correcting(page: Page, battle: string, query = ""): Promise<void> {
  await open(page, `${battle}?edit=sides${query}`);
  await panel(page).getByText("Correct it for everybody").click();
}

async function save(page: Page, note: string): Promise<void> {
  await panel(page).getByLabel("Why (everybody can read it)").fill(note);
  await panel(page).getByRole("button", { name: "Save as correction" }).click();
  await expect(panel(page).getByLabel("Why (everybody can read it)"), "saved").toHaveValue("");
}

/** Takes back the correction with a note. */
async function takeBack(page: Page, note: string): Promise<void> {
  const item = panel(page).getByRole("listitem").filter({ hasText: note });
  await item.getByRole("button", { name: "Take back" }).click();
  await item.getByRole("button", { name: /^Press again/ }).click();
  await expect(item).toContainText("Taken back by administrator");
}

/**
 * The alliance of the other two that Alliance of 3 stands with in the stored battle, and the
 * letter of their side. Letters go by size, and may change with a correction.
 */
async function companyOfThree(page: Page, battle: string): Promise<{ with: number; side: string }> {
  const view = (await (await page.request.get(`/api/v1${battle}`)).json()) as {
    sides: { id: string; members: { entity: { id: number } }[] }[];
  };
  for (const { id, members } of view.sides) {
    const ids = members.map(({ entity }) => entity.id);
    if (!ids.includes(99_000_003)) continue;
    return { with: ids.find((each) => each === 99_000_001 || each === 99_000_002) ?? 0, side: id };
  }
  return { with: 0, side: "" };
}

test("without the link the page says why, and the server refuses", async ({ page }) => {
  const battle = await biggestBattle(page);
  await correcting(page, battle);
  await expect(panel(page).getByText("this browser has to be the administrator's")).toBeVisible();
  await expect(panel(page).getByRole("button", { name: "Save as correction" })).toHaveCount(0);
  await expect(panel(page).getByText("Nobody has corrected this battle.")).toBeVisible();
  await expectSound(page);
  const answer = await page.request.post(`/api/v1${battle}/corrections`, { data: { note: "no" } });
  expect(answer.status()).toBe(401);
});

test("the link works once", async ({ page }) => {
  await page.goto(adminLink());
  await expect(page).toHaveURL(/\/battles$/);
  session = await page.context().storageState();
  await page.context().clearCookies();
  expect((await page.request.get(adminLink())).status()).toBe(403);
});

test("sides corrected for everybody outlast late kills, until the correction is taken back", async ({
  page,
}) => {
  await administrate(page);
  const battle = await biggestBattle(page);
  const home = await companyOfThree(page, battle);
  expect(home.with).toBe(99_000_001);
  const other = home.side === "A" ? "B" : "A";
  await correcting(page, battle, `&side=${other}:alliance-99000003`);
  await save(page, "They changed sides at the station.");
  await expect(page, "it is no longer the link's").not.toHaveURL(/side=/);

  // Everybody sees it, and who did it, why and what.
  const company = async () => (await companyOfThree(page, battle)).with;
  await expect.poll(company).toBe(99_000_002);
  await expect(panel(page).getByText("1 in force")).toBeVisible();
  const item = panel(page).getByRole("listitem").filter({ hasText: "They changed sides" });
  await expect(item).toContainText(/Correction \d+administrator, /);
  await expect(item).toContainText(/Alliance of 3 with (Alliance|Corporation) of /);
  await page.context().clearCookies();
  await open(page, battle);
  const { side } = await companyOfThree(page, battle);
  const region = page.getByRole("region", { name: `Side ${side}` });
  await expect(region.getByRole("link", { name: "Alliance of 2" })).toBeVisible();
  await expect(region.getByRole("link", { name: "Alliance of 3" })).toBeVisible();
  await page.getByRole("button", { name: /^Revision/ }).click();
  await expect(page.getByRole("dialog", { name: /^Revision/ })).toContainText(
    "corrected by an administrator",
  );
  await page.keyboard.press("Escape");

  const before = await kills(page);
  const id = await publishLate(150);
  await expect.poll(() => kills(page)).toBe(before + 1);
  expect(await company()).toBe(99_000_002);
  expect((await (await page.request.get(`/api/v1${battle}`)).text()).includes(String(id))).toBe(true);

  await administrate(page);
  await correcting(page, battle);
  await takeBack(page, "They changed sides");
  await expect.poll(company).toBe(99_000_001);
  await expect(panel(page).getByText("no corrections")).toBeVisible();
  await expect(panel(page).getByRole("listitem").filter({ hasText: "They changed sides" })).toBeVisible();
});

test("a part leaves the battle, and comes back", async ({ page }) => {
  await administrate(page);
  const id = await battleIn(page, TAMA);
  const view = (await (await page.request.get(`/api/v1/battles/${id}`)).json()) as {
    killmails: { id: number; occurred_at: string }[];
  };
  const whole = view.killmails.length;
  const from = view.killmails[whole - 8]?.occurred_at;
  await correcting(page, `/battles/${id}`, `&from=${from}`);
  await panel(page)
    .getByRole("checkbox", { name: /^Split off the 8 kills of the time shown/ })
    .check();
  await save(page, "Two fights on one gate.");
  await expect(page).not.toHaveURL(/from=/);
  await expect.poll(() => kills(page)).toBe(whole - 8);
  await expect(panel(page).getByText("8 killmails split off as a battle of their own")).toBeVisible();

  // The part is a battle, with the same correction.
  const last = view.killmails.at(-1)?.id;
  const part = (await (await page.request.get(`/api/v1/killmails/${last}`)).json()) as {
    battle: { id: number };
  };
  expect(part.battle.id).not.toBe(id);
  await open(page, `/battles/${part.battle.id}?edit=sides`);
  await expect.poll(() => kills(page)).toBe(8);
  await panel(page).getByText("Correct it for everybody").click();
  await expect(panel(page).getByText("Two fights on one gate.")).toBeVisible();

  await correcting(page, `/battles/${id}`);
  await takeBack(page, "Two fights on one gate.");
  await expect.poll(() => kills(page)).toBe(whole);
});

test("two battles become one, and two again", async ({ page }) => {
  await administrate(page);
  const [one, two] = [await battleIn(page, TAMA), await battleIn(page, LXQ)];
  await correcting(page, `/battles/${one}`);
  const whole = await kills(page);
  await panel(page).getByRole("textbox", { name: "Merge with another battle" }).fill("that one");
  await expect(panel(page).getByText("“that one” is no battle.", { exact: false })).toBeVisible();
  await panel(page)
    .getByRole("textbox", { name: "Merge with another battle" })
    .fill(`${new URL(page.url()).origin}/battles/${two}/timeline`);
  await save(page, "One campaign.");
  await expect.poll(() => kills(page)).toBe(whole + 12);
  await expect(panel(page).getByText(`One with battle ${two}`)).toBeVisible();

  // The other's address leads to the one.
  await open(page, `/battles/${two}/involved`);
  await expect(page).toHaveURL(new RegExp(`/battles/${one}/involved$`));
  await expect.poll(() => kills(page)).toBe(whole + 12);

  await correcting(page, `/battles/${one}`);
  await takeBack(page, "One campaign.");
  await expect.poll(() => kills(page)).toBe(whole);
  await open(page, `/battles/${two}`);
  await expect.poll(() => kills(page)).toBe(12);
});
