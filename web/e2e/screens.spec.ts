/**
 * Every screen at every width in both themes: sound, still while it loads, and pictured
 * in test-results for a human eye. The phone has the narrow width, the desktop the others.
 */

import { join } from "node:path";
import type { Page, TestInfo } from "@playwright/test";
import { publish } from "./feed";
import { JORUND, TAMA } from "./fixture";
import { battleIn, biggestBattle, expect, expectSound, expectStill, grown, open, test } from "./page";
import { givenFixture } from "./server";

const PHONE = [{ width: 360, height: 780 }];
const DESKTOP = [
  { width: 1440, height: 900 },
  { width: 768, height: 1024 },
];

const sizesOf = ({ project }: TestInfo) => (project.name === "phone" ? PHONE : DESKTOP);

/** A report of two battles, seen from the middle of a replay of a part of it, with sides changed. */
async function customReport(page: Page): Promise<string> {
  const ids = [await battleIn(page, JORUND), await battleIn(page, TAMA)];
  return `/reports?${ids.map((id) => `battle=${id}`).join("&")}&side=B:alliance-99000003&at=131000040`;
}

const SCREENS: Record<string, (battle: string, page: Page) => string | Promise<string>> = {
  battles: () => "/battles?sort=-kills",
  "battles-empty": () => "/battles?min_kills=100000&system_id=30000142",
  "battle-summary": (battle) => battle,
  "battle-involved": (battle) => `${battle}/involved`,
  "battle-timeline": (battle) => `${battle}/timeline`,
  "battle-damage": (battle) => `${battle}/damage`,
  "battle-composition": (battle) => `${battle}/composition`,
  "battle-editor": (battle) => `${battle}?edit=sides&side=B:alliance-99000003&exclude=131000005`,
  "battle-missing": () => "/battles/9007199254740000",
  "report-new": () => "/reports/new",
  "report-custom": (_, page) => customReport(page),
  "related-nothing": () => "/related/30000142/202001011200",
  killmails: () => "/killmails",
  kill: () => "/kills/131000000",
  "kill-missing": () => "/kills/9007199254740000",
  "not-found": () => "/nowhere",
};

/** Pictures the window at the top of the page, and once more further down where there is more to see. */
async function picture(page: Page, info: TestInfo, name: string): Promise<void> {
  const path = (part: string) => join(info.project.outputDir, "screens", `${name}${part}.png`);
  await page.screenshot({ path: path("") });
  const further = await page.evaluate(() => {
    if (document.documentElement.scrollHeight < window.innerHeight * 1.3) return false;
    window.scrollTo(0, window.innerHeight * 0.8);
    return true;
  });
  if (!further) return;
  await page.screenshot({ path: path("-further") });
  await page.evaluate(() => window.scrollTo(0, 0));
}

for (const [name, address] of Object.entries(SCREENS)) {
  test(`screen ${name}`, async ({ page }, info) => {
    test.skip(
      givenFixture !== undefined && /kill$|custom/.test(name),
      "names killmails of the made-up fight",
    );
    for (const size of sizesOf(info).slice(0, 1)) await page.setViewportSize(size);
    await open(page, await address(await biggestBattle(page), page));
    await expectStill(page, name);
    for (const size of sizesOf(info)) {
      await page.setViewportSize(size);
      for (const theme of ["dark", "light"]) {
        await page.evaluate((chosen) => {
          document.documentElement.dataset.theme = chosen;
        }, theme);
        await picture(page, info, `${name}-${size.width}-${theme}`);
        await expectSound(page, `${name} at ${size.width} in ${theme}`, theme === "light");
      }
    }
  });
}

test("nothing moves by itself as a battle grows and its parts are looked at", async ({ page }, info) => {
  test.skip(givenFixture !== undefined, "the feed continues the made-up fight");
  for (const size of sizesOf(info)) {
    await page.setViewportSize(size);
    await open(page, await biggestBattle(page));
    await publish(1);
    await expect(grown(page)).toBeAttached();
    await expectStill(page, `a growing battle at ${size.width}`);
    const parts = page.getByRole("navigation", { name: "Parts of the report" });
    for (const tab of ["Involved", "Timeline", "Damage", "Composition", "Summary"]) {
      // By script: what moves after a press would count as wanted.
      await parts.getByRole("link", { name: tab }).evaluate((link: HTMLElement) => link.click());
      await expect(parts.getByRole("link", { name: tab })).toHaveAttribute("aria-current", "page");
      await expect(page.locator(".skeleton, [aria-busy=true]")).toHaveCount(0);
      await expectStill(page, `${tab} at ${size.width}`);
    }
  }
});

test("lists take in what is new without moving what is read", async ({ page }, info) => {
  test.skip(givenFixture !== undefined, "the feed continues the made-up fight");
  for (const path of ["/battles?sort=-kills", "/killmails"]) {
    for (const size of sizesOf(info)) {
      await page.setViewportSize(size);
      await open(page, path);
      const first = page.getByRole("main").getByRole("listitem").first();
      const before = await first.textContent();
      await publish(1);
      await expect(first).not.toHaveText(before ?? "");
      await expectStill(page, `${path} at ${size.width}`);
    }
  }
});
