import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  notFound,
  redirect,
} from "@tanstack/react-router";
import { parseReportSearch } from "./screens/battle/search";
import { parseTab } from "./screens/battle/tabs";
import { parseFilters, type RawSearch } from "./screens/battles/filters";
import { parseFeedFilters } from "./screens/killmails/filters";
import { NotFound } from "./screens/shell/NotFound";
import { RouteError } from "./screens/shell/RouteError";
import { Shell } from "./screens/shell/Shell";

/** The router keeps what a parser leaves out of the search; what makes no sense here shall be gone. */
function only<S extends object>(parse: (raw: RawSearch) => S, raw: RawSearch): S {
  return { ...Object.fromEntries(Object.keys(raw).map((key) => [key, undefined])), ...parse(raw) };
}

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound });

const start = createRoute({
  getParentRoute: () => root,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/battles", replace: true });
  },
});

const battles = createRoute({
  getParentRoute: () => root,
  path: "/battles",
  validateSearch: (raw: RawSearch) => only(parseFilters, raw),
  component: lazyRouteComponent(() => import("./screens/battles/Battles"), "Battles"),
});

const battle = createRoute({
  getParentRoute: () => root,
  path: "/battles/$id/{-$tab}",
  beforeLoad: ({ params }) => {
    const known = params.tab === undefined || parseTab(params.tab) !== null;
    if (!/^[1-9]\d{0,15}$/.test(params.id) || !known) throw notFound();
  },
  validateSearch: (raw: RawSearch) => only(parseReportSearch, raw),
  component: lazyRouteComponent(() => import("./screens/battle/Battle"), "BattlePage"),
});

const report = createRoute({
  getParentRoute: () => root,
  path: "/reports/{-$tab}",
  beforeLoad: ({ params, search }) => {
    if (params.tab !== undefined && parseTab(params.tab) === null) throw notFound();
    // A report of nothing is one that has yet to be made.
    if (!search.window && !search.battle) throw redirect({ to: "/reports/new", replace: true });
  },
  validateSearch: (raw: RawSearch) => only(parseReportSearch, raw),
  component: lazyRouteComponent(() => import("./screens/battle/Battle"), "ReportPage"),
});

const newReport = createRoute({
  getParentRoute: () => root,
  path: "/reports/new",
  validateSearch: (raw: RawSearch) => only(parseReportSearch, raw),
  component: lazyRouteComponent(() => import("./screens/reports/NewReport"), "NewReport"),
});

/** The address zKillboard, br.evetools and WarBeacon have for a fight. */
const related = createRoute({
  getParentRoute: () => root,
  path: "/related/$system/$time",
  beforeLoad: ({ params }) => {
    if (!/^[1-9]\d{0,9}$/.test(params.system)) throw notFound();
  },
  component: lazyRouteComponent(() => import("./screens/related/Related"), "Related"),
});

const killmails = createRoute({
  getParentRoute: () => root,
  path: "/killmails",
  validateSearch: (raw: RawSearch) => only(parseFeedFilters, raw),
  component: lazyRouteComponent(() => import("./screens/killmails/Killmails"), "Killmails"),
});

const kill = createRoute({
  getParentRoute: () => root,
  path: "/kills/$id",
  beforeLoad: ({ params }) => {
    if (!/^[1-9]\d{0,15}$/.test(params.id)) throw notFound();
  },
  component: lazyRouteComponent(() => import("./screens/kill/Kill"), "Kill"),
});

/** Repeated plain keys, as the API reads them: ?kind=battle&kind=camp */
function parseSearch(search: string): RawSearch {
  const raw: RawSearch = {};
  for (const [key, value] of new URLSearchParams(search)) {
    const before = raw[key];
    raw[key] = before === undefined ? value : Array.isArray(before) ? [...before, value] : [before, value];
  }
  return raw;
}

function stringifySearch(search: Record<string, unknown>): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(search)) {
    if (value === undefined || value === null || value === "") continue;
    for (const each of Array.isArray(value) ? value : [value]) params.append(key, String(each));
  }
  // A colon needs no escape in a query, and addresses are read by people.
  const text = params.toString().replaceAll("%3A", ":");
  return text === "" ? "" : `?${text}`;
}

export const router = createRouter({
  routeTree: root.addChildren([start, battles, battle, report, newReport, related, killmails, kill]),
  parseSearch,
  stringifySearch,
  defaultPreload: "intent",
  defaultErrorComponent: RouteError,
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
