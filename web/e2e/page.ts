import AxeBuilder from "@axe-core/playwright";
import { test as base, expect, type Page } from "@playwright/test";

/** A page that never leaves the machine and fails its test on any error in the console. */
export const test = base.extend({
  page: async ({ page }, use) => {
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(String(error)));
    page.on("console", (message) => {
      // The browser reports answers such as 404 itself; the tests look at those.
      if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) {
        errors.push(message.text());
      }
    });
    // Pictures fail, so that the tests also see what stands in for them.
    await page.route(/^https:\/\//, (route) => route.abort());
    await use(page);
    expect(errors, "errors in the console").toEqual([]);
  },
});

export { expect };

/** Opens an address with a theme chosen before. */
export async function open(page: Page, path: string, theme = "dark"): Promise<void> {
  await page.addInitScript((chosen) => localStorage.setItem("battlescope.theme", chosen), theme);
  await page.goto(path);
  await expect(page.getByRole("main")).not.toBeEmpty();
  await expect(page.locator(".skeleton")).toHaveCount(0);
}

/** No accessibility rule broken, and nothing wider than the window. */
export async function expectSound(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
    .analyze();
  expect(
    violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 200)).join(" | ")}`),
  ).toEqual([]);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(overflow, "pixels wider than the window").toBeLessThanOrEqual(0);
}

/** The address of the battle with most kills. */
export async function biggestBattle(page: Page): Promise<string> {
  const answer = await page.request.get("/api/v1/battles?sort=-kills&limit=1");
  const { items } = (await answer.json()) as { items: { id: number }[] };
  const id = items[0]?.id;
  if (id === undefined) throw new Error("the server has no battle: is the fixture empty?");
  return `/battles/${id}`;
}
