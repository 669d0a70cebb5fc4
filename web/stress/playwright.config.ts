import { defineConfig } from "@playwright/test";
import { baseURL } from "../e2e/server";

/**
 * What the page does when there is very much, or very much happens: figures are
 * printed, and only what must be right is asserted.
 *
 *   --project live    starts a server of its own for each test; see site.ts
 *   --project giant   works on the battle of BATTLESCOPE_FIXTURE, on a server as
 *                     that of the end-to-end tests; see e2e/global-setup.ts
 */
export default defineConfig({
  testDir: ".",
  outputDir: "../test-results/stress",
  globalSetup: process.env.BATTLESCOPE_FIXTURE ? "../e2e/global-setup.ts" : undefined,
  // Figures of two at once would be of neither.
  workers: 1,
  timeout: 300_000,
  forbidOnly: Boolean(process.env.CI),
  reporter: [["list"]],
  use: {
    baseURL,
    browserName: "chromium",
    viewport: { width: 1440, height: 900 },
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: ["--no-sandbox"],
    },
  },
  projects: [
    { name: "live", testMatch: "live.spec.ts" },
    { name: "giant", testMatch: "giant.spec.ts" },
  ],
});
