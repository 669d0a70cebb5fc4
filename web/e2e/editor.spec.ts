/** The sides editor: by pointer, by keyboard alone, and what its link shows. */

import type { Page } from "@playwright/test";
import {
  biggestBattle,
  expect,
  expectSameByLink,
  expectSound,
  kills,
  leaveFocus,
  open,
  tabTo,
  test,
} from "./page";
import { givenFixture } from "./server";

/** The smaller alliance of one side of the made-up fight. */
const WHO = "alliance-99000003";

const member = (page: Page) => page.locator(`[data-member="${WHO}"]`);
const column = (page: Page, side: string) => page.locator(`[data-drop="${side}"]`);

/** The side it stands on. */
const standsOn = (page: Page) =>
  member(page).evaluate((row) => row.closest<HTMLElement>("[data-drop]")?.dataset.drop ?? "");

test.skip(givenFixture !== undefined, "moves an alliance of the made-up fight");

test("a pointer drags an alliance to the other side, and the link alone shows it", async ({
  page,
  context,
}, info) => {
  test.skip(info.project.name === "phone", "the keys and menus of the same editor");
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const battle = await biggestBattle(page);
  await open(page, battle);
  await page.getByRole("button", { name: "Edit sides" }).click();
  await expect(member(page)).toBeVisible();
  const home = await standsOn(page);
  const other = home === "A" ? "B" : "A";
  const header = column(page, other).getByRole("heading");
  const before = await header.textContent();

  const grip = await member(page).getByTitle("Drag to another side").boundingBox();
  const target = await column(page, other).boundingBox();
  if (!grip || !target) throw new Error("nothing to drag");
  await page.mouse.move(grip.x + 8, grip.y + 8);
  await page.mouse.down();
  await page.mouse.move(target.x + target.width / 2, target.y + 60, { steps: 6 });
  await page.mouse.up();

  await expect(page).toHaveURL(new RegExp(`[?&]side=${other}:${WHO}`));
  await expect.poll(() => standsOn(page)).toBe(other);
  await expect(header, "the figures are computed anew").not.toHaveText(before ?? "");
  await expect(page.getByText(`Alliance of 3 moved from side ${home} to side ${other}.`)).toBeVisible();

  await page.getByRole("region", { name: "Sides editor" }).getByRole("button", { name: "Copy link" }).click();
  const copied = () => page.evaluate(() => navigator.clipboard.readText());
  await expect.poll(copied).toMatch(new RegExp(`${battle}\\?side=${other}:${WHO}$`));
  const fork = await copied();
  await page.goto(fork);
  await expect(page.getByText("This link shows 1 party put on another side by hand.")).toBeVisible();
  await expect(
    page
      .getByRole("region", { name: `Side ${other}` })
      .getByText("Alliance of 3")
      .first(),
  ).toBeVisible();
  await page.getByRole("button", { name: "show it as found" }).click();
  await expect(page).not.toHaveURL(/side=/);
});

test("a drag that is given up moves nobody", async ({ page }, info) => {
  test.skip(info.project.name === "phone", "phones have no Escape");
  await open(page, `${await biggestBattle(page)}?edit=sides`);
  const grip = await member(page).getByTitle("Drag to another side").boundingBox();
  if (!grip) throw new Error("nothing to drag");
  await page.mouse.move(grip.x + 8, grip.y + 8);
  await page.mouse.down();
  await page.mouse.move(grip.x + 400, grip.y + 30, { steps: 4 });
  await page.keyboard.press("Escape");
  await page.mouse.up();
  await expect(page).not.toHaveURL(/side=/);
  await expect(page, "the editor stays open").toHaveURL(/edit=sides/);
});

test("the keyboard alone moves, leaves out, and takes back", async ({ page }, info) => {
  test.skip(info.project.name === "phone", "phones have no keys");
  await open(page, await biggestBattle(page));
  const whole = await kills(page);
  await tabTo(page, page.getByRole("button", { name: "Edit sides" }));
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/edit=sides/);
  await expect(member(page)).toBeVisible();
  const home = await standsOn(page);
  const [key, other] = home === "A" ? ["ArrowRight", "B"] : ["ArrowLeft", "A"];

  // Moves, and the focus goes along.
  const menu = page.getByRole("combobox", { name: "Side of Alliance of 3" });
  await tabTo(page, menu);
  await page.keyboard.press(key);
  await expect(page).toHaveURL(new RegExp(`side=${other}:${WHO}`));
  await expect(menu).toBeFocused();
  await expect.poll(() => standsOn(page)).toBe(other);
  await page.keyboard.press("c");
  await expect(page).toHaveURL(new RegExp(`side=C:${WHO}`));
  await expect(menu).toBeFocused();

  // Leaves a killmail out.
  await tabTo(page, page.getByRole("textbox", { name: "Leave out a killmail" }));
  await page.keyboard.type("https://zkillboard.com/kill/131000005/");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/exclude=131000005/);
  await expect.poll(() => kills(page)).toBe(whole - 1);
  await expectSound(page);
  await leaveFocus(page);
  await expectSameByLink(page);

  // Takes both back.
  await tabTo(page, page.getByRole("button", { name: "Put Alliance of 3 back" }));
  await page.keyboard.press("Enter");
  await expect(page).not.toHaveURL(/side=/);
  await expect.poll(() => standsOn(page)).toBe(home);
  await tabTo(page, page.getByRole("button", { name: "Take killmail 131000005 in again" }));
  await page.keyboard.press("Enter");
  await expect(page).not.toHaveURL(/exclude=/);
  await expect.poll(() => kills(page)).toBe(whole);
});

test("a single pilot is found and put on no side", async ({ page }) => {
  await open(page, `${await biggestBattle(page)}?edit=sides`);
  await page.getByRole("searchbox", { name: "Place a single corporation or pilot" }).fill("Corporation of 4");
  const found = page.getByRole("list", { name: "Found" }).getByRole("combobox");
  await found.selectOption("unassigned");
  await expect(page).toHaveURL(/side=none:corporation-98000004/);
  await expect(column(page, "unassigned")).toContainText("Corporation of 4");
  await page.getByRole("button", { name: "Reset" }).click();
  await expect(page).not.toHaveURL(/side=/);
});

test("a finger drags as well", async ({ page }, info) => {
  test.skip(info.project.name !== "phone", "for fingers");
  await open(page, `${await biggestBattle(page)}?edit=sides`);
  const grip = await member(page).getByTitle("Drag to another side").boundingBox();
  const home = await standsOn(page);
  test.skip(home !== "A", "the next side must peek in from the right");
  if (!grip) throw new Error("nothing to drag");
  const finger = await page.context().newCDPSession(page);
  const touch = (type: "touchStart" | "touchMove" | "touchEnd", x?: number) =>
    finger.send("Input.dispatchTouchEvent", {
      type,
      touchPoints: x === undefined ? [] : [{ x, y: grip.y + 10 }],
    });
  await touch("touchStart", grip.x + 10);
  for (const x of [60, 140, 240, 330, 360]) await touch("touchMove", x);
  await touch("touchEnd");
  await expect(page).toHaveURL(new RegExp(`side=B:${WHO}`));
});
