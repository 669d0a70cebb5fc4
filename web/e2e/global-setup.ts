/**
 * Starts the binary on a data folder with killmails in it, reading a feed of ours.
 *
 *   BATTLESCOPE_BIN      the binary, built with the page inside; required
 *   BATTLESCOPE_FIXTURE  a .jsonl file of killmails to import; default: a made-up fight
 *   BATTLESCOPE_E2E_PORT port to serve on, the next one is for the feed; default 18080
 *   CHROMIUM             the browser; default /usr/bin/chromium
 */

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startFeed } from "./feed";
import { elsewhere, FROM_START, fight } from "./fixture";
import { adminLink, baseURL, binary, feedPort, givenFixture, listen } from "./server";

/** Patience with a server that does not answer. */
const START_MS = 120_000;

export default async function setup(): Promise<() => Promise<void>> {
  if (!binary)
    throw new Error(
      "BATTLESCOPE_BIN is not set: name the built binary, e.g. BATTLESCOPE_BIN=../bin/battlescope",
    );
  const data = mkdtempSync(join(tmpdir(), "battlescope-e2e-"));
  // Recent, because the live stream only tells of what just happened.
  const start = Date.now() - 2 * 3_600_000;
  let fixture = givenFixture;
  if (!fixture) {
    fixture = join(data, "fixture.jsonl");
    writeFileSync(
      fixture,
      [...fight(start, 0, FROM_START), ...elsewhere(start)]
        .map((line) => `${JSON.stringify(line)}\n`)
        .join(""),
    );
  }
  const feed = await startFeed(start, FROM_START);
  // What the tests are set by is none of the program's settings.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith("BATTLESCOPE_")),
  );
  execFileSync(binary, ["import", "--data", data, fixture], { stdio: "inherit", env });

  const feedUrl = `http://127.0.0.1:${feedPort}`;
  const flags = [
    "--ops-listen",
    "",
    "--feed-url",
    feedUrl,
    "--feed-idle",
    "200ms",
    "--feed-max-rate",
    "50",
    "--esi-url",
    feedUrl,
  ];
  const server = spawn(binary, ["serve", "--data", data, "--listen", listen, ...flags], {
    stdio: ["ignore", "ignore", "pipe"],
    env,
  });
  readAdminLink(server);
  try {
    await answering(server);
  } catch (error) {
    await stop(server);
    feed.close();
    throw error;
  }
  return async () => {
    await stop(server);
    feed.close();
    rmSync(data, { recursive: true, force: true });
  };
}

/** Passes on what the server prints, and keeps the link that makes a browser the administrator's, once. */
function readAdminLink(server: ChildProcess): void {
  let printed = "";
  server.stderr?.setEncoding("utf8").on("data", (text: string) => {
    process.stderr.write(text);
    if (adminLink()) return;
    printed += text;
    const path = /(\/auth\/admin\?token=\w+) /.exec(printed)?.[1];
    if (path) process.env.BATTLESCOPE_E2E_ADMIN = path;
  });
}

async function answering(server: ChildProcess): Promise<void> {
  const until = Date.now() + START_MS;
  while (Date.now() < until) {
    if (server.exitCode !== null) throw new Error(`battlescope serve ended with code ${server.exitCode}`);
    const ready = await fetch(`${baseURL}/readyz`).catch(() => null);
    if (ready?.ok && adminLink()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`battlescope serve did not answer on ${baseURL} within ${START_MS / 1000} s`);
}

async function stop(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null) return;
  const ended = new Promise((resolve) => server.once("exit", resolve));
  server.kill("SIGTERM");
  await ended;
}
