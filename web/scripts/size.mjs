// Holds the built page to its budgets and prints what it weighs. Exits 1 beyond
// a budget. Sizes are gzip -9 in kB (1000 bytes), as browsers count transfer.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";

const budget = { entry: 140, chunk: 30, js: 320, css: 15, fonts: 50, dist: 2500, firstVisit: 230 };

const dist = new URL("../dist/", import.meta.url).pathname;
const kB = (bytes) => Math.round(bytes / 100) / 10;
const gz = (path) => gzipSync(readFileSync(path), { level: 9 }).length;

let files;
try {
  readFileSync(join(dist, "index.html"));
  files = readdirSync(dist, { recursive: true, withFileTypes: true })
    .filter((f) => f.isFile())
    .map((f) => join(f.parentPath, f.name));
} catch {
  console.error("size: dist holds no page; run npm run build first");
  process.exit(2);
}

const html = readFileSync(join(dist, "index.html"), "utf8");
const of = (ext) => files.filter((f) => f.endsWith(ext));
const sum = (paths, weigh) => paths.reduce((total, path) => total + weigh(path), 0);

// What index.html names loads before anything shows: that is the entry.
const scripts = of(".js").filter((f) => f.includes("/assets/"));
const entry = scripts.filter((f) => html.includes(f.slice(dist.length)));
const chunks = scripts.filter((f) => !entry.includes(f));
const heaviest = chunks.map((f) => [kB(gz(f)), f.slice(dist.length)]).sort((a, b) => b[0] - a[0]);
// What the list imports comes with it; chunks of other routes stay away.
const imports = (f) =>
  [...readFileSync(f, "utf8").matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g)].map(([, name]) =>
    join(dirname(f), name),
  );
const battles = new Set(chunks.filter((f) => /\/Battles-/.test(f)));
for (const f of battles) for (const each of imports(f)) if (!entry.includes(each)) battles.add(each);
const fonts = sum(of(".woff2"), (f) => statSync(f).size);

const rows = [
  ["entry JS", kB(sum(entry, gz)), budget.entry],
  [`heaviest route (${heaviest[0]?.[1] ?? "none"})`, heaviest[0]?.[0] ?? 0, budget.chunk],
  ["all JS", kB(sum(of(".js"), gz)), budget.js],
  ["CSS", kB(sum(of(".css"), gz)), budget.css],
  ["fonts", kB(fonts), budget.fonts],
  [
    "first visit to /battles",
    kB(sum([...entry, ...battles, ...of(".css"), join(dist, "index.html")], gz) + fonts),
    budget.firstVisit,
  ],
  ["dist with .br and .gz", kB(sum(files, (f) => statSync(f).size)), budget.dist],
];

let over = false;
for (const [name, size, limit] of rows) {
  const bad = size > limit;
  over ||= bad;
  console.log(
    `${bad ? "OVER" : "ok  "} ${String(size).padStart(7)} kB of ${String(limit).padStart(5)}  ${name}`,
  );
}
const maps = of(".map");
if (maps.length > 0) {
  over = true;
  console.log(`OVER source maps in dist: ${maps.join(", ")}`);
}
process.exit(over ? 1 : 0);
