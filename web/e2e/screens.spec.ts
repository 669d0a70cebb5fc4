/** Every screen in both themes: sound, and pictured in test-results for a human eye. */

import { biggestBattle, expectSound, open, test } from "./page";

const SCREENS: Record<string, (battle: string) => string> = {
  battles: () => "/battles?sort=-kills",
  "battles-empty": () => "/battles?min_kills=100000&system_id=30000142",
  "battle-summary": (battle) => battle,
  "battle-involved": (battle) => `${battle}/involved`,
  "battle-timeline": (battle) => `${battle}/timeline`,
  "battle-damage": (battle) => `${battle}/damage`,
  "battle-composition": (battle) => `${battle}/composition`,
  "battle-editor": (battle) => `${battle}?edit=sides`,
  "report-new": () => "/reports/new",
  "related-nothing": () => "/related/30000142/202001011200",
  "battle-missing": () => "/battles/9007199254740000",
  killmails: () => "/killmails",
  "kill-missing": () => "/kills/9007199254740000",
  "not-found": () => "/nowhere",
};

for (const theme of ["dark", "light"]) {
  for (const [name, address] of Object.entries(SCREENS)) {
    test(`${name} in ${theme}`, async ({ page }, info) => {
      await open(page, address(await biggestBattle(page)), theme);
      await page.screenshot({ path: `test-results/screens/${name}-${theme}-${info.project.name}.png` });
      await expectSound(page);
    });
  }
}
