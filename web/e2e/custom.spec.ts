/** Custom reports: from pasted links, from systems and times, and the addresses of other boards. */

import type { Page } from "@playwright/test";
import { JITA, JORUND, TAMA } from "./fixture";
import { battleIn, biggestBattle, expect, expectSameByLink, expectSound, kills, open, test } from "./page";
import { givenFixture } from "./server";

test.skip(givenFixture !== undefined, "names the systems of the made-up fights");

/** Why most of it is done once. */
const ALIKE = "the same form on a wide window";

interface Span {
  started_at: string;
  ended_at: string;
  kills: number;
  killmails: { occurred_at: string }[];
}

async function spanOf(page: Page, battle: string): Promise<Span> {
  return (await (await page.request.get(`/api/v1${battle}`)).json()) as Span;
}

/** "2021-11-28T10:41:07Z" as "202111281041", for links, and as "2021-11-28 10:41", for people. */
const stamp = (instant: string) => instant.slice(0, 16).replace(/\D/g, "");
const written = (instant: string) => instant.slice(0, 16).replace("T", " ");

/** An instant some minutes later. */
const later = (instant: string, minutes: number) =>
  new Date(Date.parse(instant) + minutes * 60_000).toISOString();

const paste = async (page: Page, text: string) => {
  await page.getByRole("textbox", { name: "Paste a link" }).fill(text);
  await page.keyboard.press("Enter");
};

test("what a link means is not said of another one", async ({ page }, info) => {
  test.skip(info.project.name === "phone", ALIKE);
  const battle = await biggestBattle(page);
  let answer = () => {};
  await page.route("**/api/v1/links?*", async (route) => {
    await new Promise<void>((asked) => {
      answer = asked;
    });
    await route.continue();
  });
  await open(page, "/reports/new");
  const asked = page.waitForRequest("**/api/v1/links?*");
  await paste(page, battle);
  await asked;
  await page.getByRole("textbox", { name: "Paste a link" }).fill("Tama 2021-11-28 10:21");
  const answered = page.waitForResponse("**/api/v1/links?*");
  answer();
  await answered;
  await expect(page.getByRole("button", { name: "Look" })).toBeEnabled();
  await expect(page.getByRole("link", { name: /^Open/ })).toHaveCount(0);
});

test("pasted links of other boards lead to the battle or a report of it", async ({ page }, info) => {
  test.skip(info.project.name === "phone", ALIKE);
  const battle = await biggestBattle(page);
  const { started_at } = await spanOf(page, battle);
  const at = stamp(later(started_at, 30)).replace(/..$/, "00");
  await open(page, "/reports/new");
  for (const link of [
    `https://zkillboard.com/related/${JORUND}/${at}/`,
    `https://br.evetools.org/related/${JORUND}/${at}`,
    `https://warbeacon.net/br/related/${JORUND}/${at}/`,
  ]) {
    await paste(page, link);
    const first = page.getByRole("link", { name: `Open battle ${battle.split("/").at(-1)}` });
    await expect(first, link).toBeFocused();
    await expect(page.getByRole("link", { name: "Report of everything there and then" })).toBeVisible();
  }
  await expectSound(page);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`${battle}$`));

  await page.goBack();
  await paste(page, `https://zkillboard.com/kill/${131_000_000}/`);
  await expect(page.getByRole("link", { name: /^Open its battle/ })).toBeVisible();
  await page.getByRole("link", { name: "Open the kill" }).click();
  await expect(page).toHaveURL(/\/kills\/131000000$/);
});

test("a link that leads nowhere says what can be read", async ({ page }, info) => {
  test.skip(info.project.name === "phone", ALIKE);
  await open(page, "/reports/new");
  for (const [text, words] of [
    ["gf gf o7", /link/i],
    ["https://br.evetools.org/br/5f1a2b3c4d5e6f7a8b9c0d1e", /Only its own site knows/],
    [`https://zkillboard.com/kill/999999999/`, /Killmail .*is not known/],
  ] as const) {
    await paste(page, text);
    const field = page.getByRole("textbox", { name: "Paste a link" });
    await expect(field).toHaveAttribute("aria-invalid", "true");
    await expect(field).toHaveAccessibleDescription(words);
  }
  await expectSound(page);
});

test("two systems and a killmail left out are one report, and its link is the report", async ({ page }) => {
  const great = await spanOf(page, await biggestBattle(page));
  const small = await spanOf(page, `/battles/${await battleIn(page, TAMA)}`);
  await open(page, "/reports/new");
  const row = (n: number) => page.getByRole("group", { name: `System ${n}` });

  // What is missing is said where it is missing.
  await page.getByRole("button", { name: "Make the report" }).click();
  await expect(page.getByRole("main").getByRole("alert")).toContainText("The report is of nothing yet.");
  await row(1).getByRole("textbox", { name: "System" }).fill("Jorundd");
  await row(1).getByLabel("From (EVE time)").fill("tomorrow");
  await page.getByRole("button", { name: "Make the report" }).click();
  await expect(row(1).getByLabel("From (EVE time)")).toBeFocused();
  await row(1).getByLabel("From (EVE time)").fill(written(great.started_at));
  await row(1)
    .getByLabel("To (EVE time)")
    .fill(written(later(great.started_at, 20)));
  await page.getByRole("button", { name: "Make the report" }).click();
  await expect(row(1).getByRole("textbox", { name: "System" })).toHaveAccessibleDescription(/Jorundd/);
  await expectSound(page);
  await row(1).getByRole("textbox", { name: "System" }).fill("jorund");

  await page.getByRole("button", { name: "Add a system" }).click();
  await expect(row(2).getByRole("textbox", { name: "System" })).toBeFocused();
  await row(2).getByRole("textbox", { name: "System" }).fill(String(TAMA));
  await row(2).getByLabel("From (EVE time)").fill(written(small.started_at));
  await row(2)
    .getByLabel("To (EVE time)")
    .fill(written(later(small.ended_at, 1)));
  await page.getByLabel("Killmails left out").fill("https://zkillboard.com/kill/131000001/ 131000002");
  await page.getByRole("button", { name: "Make the report" }).click();

  await expect(page).toHaveURL(new RegExp(`/reports\\?window=${JORUND}:\\d{12}-\\d{12}&window=${TAMA}:`));
  await expect(page).toHaveURL(/exclude=131000001&exclude=131000002/);
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Jorund");
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Tama");
  // Of Jorund all until the last second of the last minute; all of Tama.
  const last = written(later(great.started_at, 20));
  const early = great.killmails.filter(({ occurred_at }) => written(occurred_at) <= last);
  expect(early.length).toBeGreaterThan(50);
  await expect.poll(() => kills(page)).toBe(small.kills + early.length - 2);
  await expectSameByLink(page);

  // Back to what it is made of, with everything filled in.
  await page.getByRole("link", { name: "Systems and times" }).click();
  await expect(row(2).getByRole("textbox", { name: "System" })).toHaveValue("Tama");
  await expect(page.getByLabel("Killmails left out")).toHaveValue("131000001 131000002");
});

test("stored battles together are one report", async ({ page }, info) => {
  test.skip(info.project.name === "phone", ALIKE);
  const [one, two] = [await battleIn(page, JORUND), await battleIn(page, TAMA)];
  const sum = (await spanOf(page, `/battles/${one}`)).kills + (await spanOf(page, `/battles/${two}`)).kills;
  await open(page, `/reports/new?battle=${one}`);
  const field = page.getByLabel("Stored battles taken in");
  await expect(field).toHaveValue(String(one));
  await field.fill(`${one} /battles/${two}/damage`);
  await page.getByRole("button", { name: "Make the report" }).click();
  await expect(page).toHaveURL(new RegExp(`/reports\\?battle=${one}&battle=${two}$`));
  await expect.poll(() => kills(page)).toBe(sum);
});

test("the address of a related page leads to the battle", async ({ page }, info) => {
  test.skip(info.project.name === "phone", ALIKE);
  const battle = await biggestBattle(page);
  const { started_at } = await spanOf(page, battle);
  await open(page, `/related/${JORUND}/${stamp(started_at).replace(/..$/, "00")}`);
  await expect(page).toHaveURL(new RegExp(`${battle}$`));
});

test("where no battle is stored, it leads to a report of the kills there", async ({ page }, info) => {
  test.skip(info.project.name === "phone", ALIKE);
  const kill = (await (await page.request.get("/api/v1/killmails/134000000")).json()) as {
    occurred_at: string;
  };
  await open(page, `/related/${JITA}/${stamp(kill.occurred_at)}`);
  await expect(page).toHaveURL(new RegExp(`/reports\\?window=${JITA}:`));
  await expect.poll(() => kills(page)).toBe(1);
  await expectSameByLink(page);
});

test("where nothing happened, it says so and leads on", async ({ page }, info) => {
  test.skip(info.project.name === "phone", ALIKE);
  await open(page, `/related/${JITA}/202001011200`);
  await expect(page.getByText("No kills stored there and then")).toBeVisible();
  await page.getByRole("link", { name: "Choose another time" }).click();
  await expect(
    page.getByRole("group", { name: "System 1" }).getByRole("textbox", { name: "System" }),
  ).toHaveValue("Jita");
  await open(page, `/related/${JITA}/yesterday`);
  await expect(page.getByRole("main").getByRole("alert")).toContainText("The address leads nowhere");
});
