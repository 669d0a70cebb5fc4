/**
 * A feed under the tests' hand: serves made-up killmails in the form of R2Z2 as
 * the tests publish them, and names for everybody on them in the form of ESI. It
 * runs in the process of the global setup; tests reach it by publish().
 */

import { createServer, type Server } from "node:http";
import { fight, late } from "./fixture";
import { baseURL, feedPort } from "./server";

/** Number of the first document; it is there from the start, as in a feed that has run before. */
const FIRST = 1_000;

/** Makes the next `count` killmails available. Called by tests. */
export function publish(count: number): Promise<number> {
  return post(`publish/${count}`);
}

/** Makes a killmail available that happened as loss number `at`, long ago; its id. Called by tests. */
export function publishLate(at: number): Promise<number> {
  return post(`late/${at}`);
}

/** The last killmail of each call, until it has its battle. */
const travelling = new Set<number>();

async function post(path: string): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${feedPort}/${path}`, { method: "POST" });
  if (!answer.ok) throw new Error(`the feed answered ${answer.status} to ${path}`);
  const { last } = (await answer.json()) as { last: number };
  travelling.add(last);
  return last;
}

/** Whether everything that was published is stored and has its battle. Called by tests. */
export async function settled(): Promise<boolean> {
  for (const id of travelling) {
    const answer = await fetch(`${baseURL}/api/v1/killmails/${id}`);
    if (!answer.ok || ((await answer.json()) as { battle: unknown }).battle === null) return false;
    travelling.delete(id);
  }
  return true;
}

/** Numbers from here on are those of late killmails, far from any other. */
const LATE = 50_000;

/** Starts the feed; `from` is the number of the first killmail that is not stored yet. */
export function startFeed(start: number, from: number): Promise<Server> {
  const documents = fight(start, from - 1, from);
  let next = from;
  let tardy = LATE;
  const server = createServer(async (request, response) => {
    const answer = (status: number, body: unknown) => {
      response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
    };
    const path = request.url ?? "";
    const [, what, number] = /^\/(publish|late)\/(\d+)$/.exec(path) ?? [];
    if (what) {
      if (what === "late") documents.push(late(start, tardy++, Number(number)));
      else documents.push(...fight(start, next, next + Number(number)));
      if (what === "publish") next += Number(number);
      return answer(200, { last: documents.at(-1)?.killmail_id });
    }
    if (path === "/ephemeral/sequence.json") return answer(200, { sequence: FIRST });
    const sequence = Number(/^\/ephemeral\/(\d+)\.json$/.exec(path)?.[1] ?? Number.NaN);
    const esi = documents[sequence - FIRST];
    if (esi) return answer(200, document(esi, sequence));
    if (path.startsWith("/universe/names")) {
      const ids = JSON.parse(await text(request)) as number[];
      return answer(200, ids.map(named));
    }
    return answer(404, { error: "not found" });
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(Number(feedPort), "127.0.0.1", () => resolve(server));
  });
}

function document(esi: ReturnType<typeof late>, sequence: number): unknown {
  const { killmail_hash: hash, ...killmail } = esi;
  return {
    killmail_id: killmail.killmail_id,
    hash,
    esi: killmail,
    zkb: {
      hash,
      totalValue: 250_000_000 + (killmail.killmail_id % 100_000),
      points: 1,
      npc: false,
      solo: false,
      awox: false,
      labels: [],
    },
    uploaded_at: Math.floor(Date.now() / 1000),
    sequence_id: sequence,
  };
}

/** Names in the ranges of the made-up fight. */
function named(id: number): { id: number; name: string; category: string } {
  if (id >= 99_000_000 && id < 100_000_000)
    return { id, name: `Alliance of ${id % 100}`, category: "alliance" };
  if (id >= 98_000_000 && id < 99_000_000)
    return { id, name: `Corporation of ${id % 100}`, category: "corporation" };
  return { id, name: `Capsuleer ${id % 10_000}`, category: "character" };
}

async function text(stream: AsyncIterable<Buffer>): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts).toString("utf8");
}
