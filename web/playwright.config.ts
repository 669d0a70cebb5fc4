import { defineConfig } from "@playwright/test";
import { baseURL } from "./e2e/server";

/** Journeys through the real binary; e2e/global-setup.ts says what they need. */
export default defineConfig({
  testDir: "e2e",
  globalSetup: "./e2e/global-setup.ts",
  outputDir: "test-results",
  // One server with one store: a test that adds killmails must not disturb another.
  workers: 1,
  // Patience with what must come, on however busy a machine; no claim about speed.
  timeout: 180_000,
  expect: { timeout: 20_000 },
  forbidOnly: Boolean(process.env.CI),
  reporter: [["list"]],
  use: {
    baseURL,
    browserName: "chromium",
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      // No name is looked up: pictures fail, and the tests see what stands in for them.
      args: ["--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"],
    },
    // Animations would make screenshots and contrast checks depend on the moment.
    contextOptions: { reducedMotion: "reduce" },
  },
  projects: [
    { name: "desktop", use: { viewport: { width: 1440, height: 900 } } },
    { name: "phone", use: { viewport: { width: 390, height: 844 }, hasTouch: true } },
  ],
});
