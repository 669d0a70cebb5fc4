import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  notFound,
  redirect,
} from "@tanstack/react-router";
import { parseTab } from "./screens/battle/tabs";
import { parseFilters, type RawSearch } from "./screens/battles/filters";
import { parseFeedFilters } from "./screens/killmails/filters";
import { NotFound } from "./screens/shell/NotFound";
import { RouteError } from "./screens/shell/RouteError";
import { Shell } from "./screens/shell/Shell";

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
  validateSearch: (raw: RawSearch) => parseFilters(raw),
  component: lazyRouteComponent(() => import("./screens/battles/Battles"), "Battles"),
});

const battle = createRoute({
  getParentRoute: () => root,
  path: "/battles/$id/{-$tab}",
  beforeLoad: ({ params }) => {
    const known = params.tab === undefined || parseTab(params.tab) !== null;
    if (!/^[1-9]\d{0,15}$/.test(params.id) || !known) throw notFound();
  },
  component: lazyRouteComponent(() => import("./screens/battle/Battle"), "Battle"),
});

const killmails = createRoute({
  getParentRoute: () => root,
  path: "/killmails",
  validateSearch: (raw: RawSearch) => parseFeedFilters(raw),
  component: lazyRouteComponent(() => import("./screens/killmails/Killmails"), "Killmails"),
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
  const text = params.toString();
  return text === "" ? "" : `?${text}`;
}

export const router = createRouter({
  routeTree: root.addChildren([start, battles, battle, killmails]),
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
