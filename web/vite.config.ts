import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

/** The API that `npm run dev` talks to; the page itself always asks its own origin. */
const api = process.env.BATTLESCOPE_API ?? "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [react(), tailwindcss()],
  build: {
    target: "es2023",
    sourcemap: false,
    // An inlined asset would need data: in every directive of the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The server reads which scripts a screen is made of, and names them in the head of its page.
    manifest: true,
  },
  server: { proxy: { "/api": api } },
  test: {
    environment: "happy-dom",
    include: ["src/**/*.test.{ts,tsx}"],
    setupFiles: ["src/test-setup.ts"],
    restoreMocks: true,
    // Patience with what must come, on however busy a machine; no claim about speed.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
