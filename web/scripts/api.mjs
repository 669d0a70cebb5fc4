// Generates src/api/schema.d.ts from the committed API description. The
// generator lives in tools/openapi with its own TypeScript, because it does not
// run beside the TypeScript that checks this page.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const tool = at("../tools/openapi");
const spec = at("../../api/openapi.yaml");

if (!existsSync(spec)) {
  console.error(`api: ${spec} is missing; generate the API description first`);
  process.exit(2);
}
if (!existsSync(at("../tools/openapi/node_modules"))) {
  execFileSync("npm", ["ci", "--no-audit", "--no-fund"], { cwd: tool, stdio: "inherit" });
}
execFileSync(
  process.execPath,
  [
    at("../tools/openapi/node_modules/openapi-typescript/bin/cli.js"),
    spec,
    "-o",
    at("../src/api/schema.d.ts"),
  ],
  { cwd: tool, stdio: "inherit" },
);
