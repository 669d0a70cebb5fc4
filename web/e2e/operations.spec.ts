/** The chain of battles that a crew fought, on the page of each of them. */

import { biggestBattle, expect, expectSound, open, test } from "./page";

test("a crew's other fights are told and led to", async ({ page }) => {
  const address = await biggestBattle(page);
  const here = await (await page.request.get(`/api/v1${address}?view=summary`)).json();
  // The made-up fight stands alone, so the answer is made up as well.
  const after = { ...here, id: here.id + 1_000_000, kills: 3, started_at: here.ended_at };
  const crew = { crew_side: "A", shared_pilots: 7, shared_share: 0.875 };
  await page.route("**/operations", (route) =>
    route.fulfill({
      json: {
        items: [
          {
            side: "A",
            pilots: 9,
            total: 2,
            battles: [
              { ...here, ...crew, follows: null, shared_pilots: 0, shared_share: 0 },
              { ...after, ...crew, follows: here.id },
            ],
          },
        ],
      },
    }),
  );
  await open(page, address);
  const chain = page.getByRole("region", { name: "Side A before and after" });
  await expect(chain).toContainText("9 pilots of Side A in 2 battles");
  await expect(chain.locator("[aria-current=page]")).toContainText("this battle");
  await expect(chain).toContainText("7 pilots of an earlier fight, 88% of both crews");
  await expectSound(page);
  await chain.getByRole("link").click();
  await expect(page).toHaveURL(`/battles/${after.id}`);
});

test("a battle that stands alone says nothing of it", async ({ page }) => {
  const address = await biggestBattle(page);
  const answered = page.waitForResponse(`**/api/v1${address}/operations`);
  await open(page, address);
  expect((await (await answered).json()).items).toEqual([]);
  await expect(page.getByRole("heading", { name: "The same crews before and after" })).toHaveCount(0);
});
