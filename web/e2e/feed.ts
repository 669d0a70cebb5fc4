/**
 * A feed under the tests' hand: serves made-up killmails in the form of R2Z2 as
 * the tests publish them, and names for everybody on them in the form of ESI. It
 * runs in the process of the global setup; tests reach it by publish().
 */

import { createServer, type Server } from "node:http";
import { fight } from "./fixture";
import { feedPort } from "./server";

/** Number of the first document; it is there from the start, as in a feed that has run before. */
const FIRST = 1_000;

/** Makes the next `count` killmails available. Called by tests. */
export async function publish(count: number): Promise<void> {
  const answer = await fetch(`http://127.0.0.1:${feedPort}/publish/${count}`, { method: "POST" });
  if (!answer.ok) throw new Error(`the feed answered ${answer.status} to publish`);
}

/** Starts the feed; `from` is the number of the first killmail that is not stored yet. */
export function startFeed(start: number, from: number): Promise<Server> {
  let published = 0;
  const server = createServer(async (request, response) => {
    const answer = (status: number, body: unknown) => {
      response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
    };
    const path = request.url ?? "";
    const count = /^\/publish\/(\d+)$/.exec(path)?.[1];
    if (count) {
      published += Number(count);
      return answer(200, { published });
    }
    if (path === "/ephemeral/sequence.json") return answer(200, { sequence: FIRST });
    const sequence = Number(/^\/ephemeral\/(\d+)\.json$/.exec(path)?.[1] ?? Number.NaN);
    if (sequence >= FIRST && sequence <= FIRST + published) {
      return answer(200, document(start, from - 1 + sequence - FIRST, sequence));
    }
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

function document(start: number, n: number, sequence: number): unknown {
  const [esi] = fight(start, n, n + 1);
  if (!esi) throw new Error(`the fight has no killmail ${n}`);
  const { killmail_hash: hash, ...killmail } = esi;
  return {
    killmail_id: killmail.killmail_id,
    hash,
    esi: killmail,
    zkb: { hash, totalValue: 250_000_000 + n, points: 1, npc: false, solo: false, awox: false, labels: [] },
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
