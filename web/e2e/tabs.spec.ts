/** What the tabs of a report keep in the address, and what they tell on demand. */

import { biggestBattle, expect, expectSound, open, test } from "./page";

test("the order of the pilots and the search are the address", async ({ page }, info) => {
  test.skip(info.project.name === "phone", "the same on a wide window");
  const battle = await biggestBattle(page);
  await open(page, `${battle}/involved`);
  await page.getByRole("button", { name: "Kills", exact: true }).click();
  await expect(page).toHaveURL(/[?&]by=kills/);
  await expect(page.getByText("1.", { exact: true }).first()).toBeVisible();
  await page.getByRole("button", { name: "Losses only" }).click();
  await expect(page).toHaveURL(/[?&]lost=1/);
  await page.getByRole("searchbox").fill("Eagle");
  await expect(page).toHaveURL(/[?&]q=Eagle/);

  await page.reload();
  await expect(page.getByRole("searchbox")).toHaveValue("Eagle");
  await expect(page.getByRole("button", { name: "Kills", exact: true })).toHaveAttribute(
    "aria-pressed",
    "true",
  );
  await page
    .getByRole("navigation", { name: "Parts of the report" })
    .getByRole("link", { name: "Damage" })
    .click();
  await expect(page, "another tab keeps it").toHaveURL(/\/damage\?.*by=kills/);
});

test("the class in view stays under the head of its side", async ({ page }) => {
  await open(page, `${await biggestBattle(page)}/involved`);
  const line = page.locator("[data-class-in-view]").first();
  await expect(line).not.toBeEmpty();
  // Scrolls until the heading of the next class has just passed under the line.
  const next = await line.evaluate(async (still) => {
    const first = still.textContent;
    for (let tries = 0; tries < 60; tries++) {
      const headings = [...(document.querySelector("[data-pilots]")?.querySelectorAll("h3") ?? [])];
      const heading = headings.find((each) => each.textContent !== first);
      const away = heading
        ? heading.getBoundingClientRect().top - still.getBoundingClientRect().top
        : Number.POSITIVE_INFINITY;
      if (heading && away <= 0) return heading.textContent;
      window.scrollBy(0, Math.min(away + 1, window.innerHeight / 2));
      await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
    }
    return null;
  });
  expect(next, "a second class comes").not.toBeNull();
  await expect(line).toHaveText(next ?? "");
  await expect(line).toBeInViewport();
});

test("why a member stands on its side, by keyboard", async ({ page }, info) => {
  test.skip(info.project.name === "phone", "phones have no keys");
  await open(page, await biggestBattle(page));
  const why = page.getByRole("button", { name: /on Side A: .*Why$/ }).first();
  await why.focus();
  await page.keyboard.press("Enter");
  const panel = page.getByRole("dialog", { name: /Why$/ });
  await expect(panel).toContainText("inferred from who shot whom");
  await expectSound(page);
  await page.keyboard.press("Tab");
  await expect(panel.getByRole("link").first()).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(panel).toBeHidden();
  await expect(why).toBeFocused();
});

test("an alliance opens to its corporations", async ({ page }) => {
  await open(page, await biggestBattle(page));
  const side = page.getByRole("region", { name: "Side A" });
  await side
    .getByRole("button", { name: /^Corporations of/ })
    .first()
    .click();
  await expect(side.getByRole("link", { name: /^Corporation / })).toHaveCount(1);
});

test("on a phone the arrows lead from side to side", async ({ page }, info) => {
  test.skip(info.project.name !== "phone", "wide windows show the sides beside each other");
  await open(page, await biggestBattle(page));
  const sides = page.getByRole("group", { name: "Side shown" }).getByRole("button");
  await sides.first().focus();
  await page.keyboard.press("ArrowRight");
  await expect(page).toHaveURL(/[?&]show=B/);
  await expect(page.getByRole("region", { name: "Side B" })).toBeVisible();
  await expect(page.getByRole("region", { name: "Side A" })).toBeHidden();
});

test("damage: every figure of the matrix belongs to a side that shot", async ({ page }, info) => {
  test.skip(info.project.name === "phone", "the same on a wide window");
  await open(page, `${await biggestBattle(page)}/damage`);
  const matrix = page.getByRole("table", { name: /Damage by side/ });
  await expect(matrix.getByRole("row", { name: /^Side A/ })).toContainText(/\d/);
  await expect(page.getByText(/^Of .* damage to ships, Side A did/)).toBeVisible();
  await expect(page.getByRole("heading", { name: "Top damage" }).first()).toBeVisible();
});

test("composition: the chart says its sentence and shows its table", async ({ page }, info) => {
  test.skip(info.project.name === "phone", "the same on a wide window");
  await open(page, `${await biggestBattle(page)}/composition`);
  const chart = page.getByRole("region", { name: "Presence over time" });
  await expect(chart.getByRole("img", { name: /Side A was strongest around/ }).first()).toBeVisible();
  await chart.getByText("Show as table").click();
  await expect(chart.getByRole("table", { name: /Pilots present/ })).toBeVisible();
  await expectSound(page);
});

test("a part that is slow to come is lit at once, and what still stands is said to be the old", async ({
  page,
}, info) => {
  test.skip(info.project.name === "phone", "the same on a wide window");
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route("**/assets/Damage-*.js", async (route) => {
    await held;
    await route.continue();
  });
  await open(page, await biggestBattle(page));
  const link = page.getByRole("navigation", { name: "Parts of the report" }).getByRole("link", {
    name: "Damage",
  });
  await link.click();
  await expect(link).toHaveAttribute("aria-current", "page");
  const old = page.locator("[aria-busy=true]");
  await expect(old.getByRole("heading", { name: "How it went" })).toBeVisible();
  release();
  await expect(page.getByRole("table", { name: /Damage by side/ })).toBeVisible();
  await expect(old).toHaveCount(0);
});

test("a part that is still to be written into the address does not undo what comes first", async ({
  page,
}, info) => {
  test.skip(info.project.name === "phone", "phones have no keys");
  const battle = await biggestBattle(page);
  await open(page, `${battle}/involved`);
  await page.getByRole("slider", { name: "Start of the time shown" }).first().focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("]");
  await page.getByRole("button", { name: "Edit sides" }).click();
  await expect(page).toHaveURL(/\/timeline\?(?=.*edit=sides)(?=.*from=)/);
});

test("who lost more than one has all killmails", async ({ page }, info) => {
  await open(page, `${await biggestBattle(page)}/involved?lost=1`);
  const pilot = page.getByRole("button", { name: / lost .* \+ pod$/ }).first();
  await pilot.click();
  const panel = page.getByRole("dialog", { name: / lost .* \+ pod$/ });
  await expect(panel.getByRole("link", { name: "Capsule" })).toBeInViewport();
  expect(await panel.getByRole("link").count()).toBeGreaterThan(1);
  // On a phone the panel lies over a part of what is under it.
  if (info.project.name !== "phone") await expectSound(page);
  await panel.getByRole("link").first().click();
  await expect(page).toHaveURL(/\/kills\/\d+$/);
});
