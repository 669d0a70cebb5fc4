/**
 * A server of its own for a spec: the real binary on a data folder with killmails in
 * it, reading a feed that the spec fills.
 *
 *   BATTLESCOPE_BIN         the binary, built with the page inside; required
 *   BATTLESCOPE_STRESS_PORT port to serve on, the next one is for the feed; default 18180
 *   CHROMIUM                the browser; default /usr/bin/chromium
 */

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type EsiKillmail, name, worth } from "./fight";

const START_MS = 20_000;
/** Number of the feed's first document. */
const FIRST = 1_000;

export interface Site {
  url: string;
  /** Adds a killmail to the feed and notes when. */
  publish: (killmail: EsiKillmail) => void;
  /** When a killmail was published, milliseconds since 1970. */
  publishedAt: ReadonlyMap<number, number>;
  json: <T>(path: string) => Promise<T>;
  close: () => Promise<void>;
}

/** Starts a server that has these killmails: documents, or a file to import. */
export async function startSite(stored: readonly EsiKillmail[] | string): Promise<Site> {
  const binary = process.env.BATTLESCOPE_BIN;
  if (!binary) throw new Error("BATTLESCOPE_BIN is not set: name the built binary");
  const port = Number(process.env.BATTLESCOPE_STRESS_PORT ?? "18180");
  const [url, feedUrl] = [`http://127.0.0.1:${port}`, `http://127.0.0.1:${port + 1}`];

  const documents: string[] = [];
  const publishedAt = new Map<number, number>();
  const feed = createServer(async (request, response) => {
    const path = request.url ?? "";
    const answer = (status: number, body: string) =>
      response.writeHead(status, { "Content-Type": "application/json" }).end(body);
    if (path === "/ephemeral/sequence.json")
      return answer(200, `{"sequence":${FIRST - 1 + documents.length}}`);
    const document = documents[Number(/^\/ephemeral\/(\d+)\.json$/.exec(path)?.[1] ?? Number.NaN) - FIRST];
    if (document) return answer(200, document);
    if (path.startsWith("/universe/names")) {
      const ids = JSON.parse(await text(request)) as number[];
      return answer(200, JSON.stringify(ids.map(name)));
    }
    return answer(404, '{"error":"not found"}');
  });
  await new Promise<void>((resolve, reject) => {
    feed.once("error", reject);
    feed.listen(port + 1, "127.0.0.1", resolve);
  });
  const publish = (killmail: EsiKillmail) => {
    const { killmail_hash: hash, ...esi } = killmail;
    documents.push(
      JSON.stringify({
        killmail_id: esi.killmail_id,
        hash,
        esi,
        zkb: {
          hash,
          totalValue: worth(killmail),
          points: 1,
          npc: false,
          solo: false,
          awox: false,
          labels: [],
        },
        uploaded_at: Math.floor(Date.now() / 1000),
        sequence_id: FIRST + documents.length,
      }),
    );
    publishedAt.set(killmail.killmail_id, Date.now());
  };

  const data = mkdtempSync(join(tmpdir(), "battlescope-stress-"));
  // What the tests are set by is none of the program's settings.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([key]) => !key.startsWith("BATTLESCOPE_")),
  );
  let file = stored;
  if (typeof file !== "string") {
    file = join(data, "stored.jsonl");
    writeFileSync(file, (stored as EsiKillmail[]).map((each) => `${JSON.stringify(each)}\n`).join(""));
  }
  execFileSync(binary, ["import", "--data", data, file], { stdio: "ignore", env });
  const flags = [
    "--log-level",
    "error",
    "--ops-listen",
    "",
    "--feed-url",
    feedUrl,
    "--feed-idle",
    "100ms",
    "--feed-max-rate",
    "200",
  ];
  const server = spawn(
    binary,
    ["serve", "--data", data, "--listen", `127.0.0.1:${port}`, "--esi-url", feedUrl, ...flags],
    { stdio: ["ignore", "ignore", "inherit"], env },
  );
  const close = async () => {
    await stop(server);
    feed.close();
    rmSync(data, { recursive: true, force: true });
  };
  const json = async <T>(path: string): Promise<T> => (await (await fetch(url + path)).json()) as T;
  try {
    // The feed begins with what it finds; one document is there from the start.
    if (typeof stored !== "string" && stored.length > 0) publish(stored[stored.length - 1] as EsiKillmail);
    await answering(server, url);
  } catch (error) {
    await close();
    throw error;
  }
  return { url, publish, publishedAt, json, close };
}

async function answering(server: ChildProcess, url: string): Promise<void> {
  const until = Date.now() + START_MS;
  while (Date.now() < until) {
    if (server.exitCode !== null) throw new Error(`battlescope serve ended with code ${server.exitCode}`);
    const ready = await fetch(`${url}/readyz`).catch(() => null);
    if (ready?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`battlescope serve did not answer on ${url} within ${START_MS / 1000} s`);
}

async function stop(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null) return;
  const ended = new Promise((resolve) => server.once("exit", resolve));
  server.kill("SIGTERM");
  await ended;
}

async function text(stream: AsyncIterable<Buffer>): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts).toString("utf8");
}
