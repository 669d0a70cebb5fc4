import { useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type ReportPart, type ReportSource, reportPartQuery } from "../../api/queries/report";
import { TABS, type Tab } from "./tabs";

/** Where a tab of a report is; the search of the address is kept. */
export function tabLink(source: ReportSource, tab: Tab) {
  const param = tab === "summary" ? undefined : tab;
  return source.kind === "battle"
    ? ({ to: "/battles/$id/{-$tab}", params: { id: String(source.id), tab: param } } as const)
    : ({ to: "/reports/{-$tab}", params: { tab: param } } as const);
}

/** What a tab asks for by itself. */
const PARTS: Partial<Record<Tab, ReportPart>> = { damage: "damage", composition: "presence" };

/** The way from tab to tab. */
export function ReportTabs({ source, tab }: { source: ReportSource; tab: Tab }) {
  const client = useQueryClient();
  // In a large battle these take a while: asked for when the pointer or the focus comes, not at the click.
  const ahead = (key: Tab) => {
    const part = PARTS[key];
    if (part && key !== tab) client.prefetchQuery(reportPartQuery(source, part));
  };
  return (
    <nav
      aria-label="Parts of the report"
      className="flex min-w-0 overflow-x-auto border-line bg-ground px-2 max-lg:w-full max-lg:border-b max-sm:text-xs sm:gap-1"
    >
      {TABS.map(([key, label]) => (
        <Link
          key={key}
          {...tabLink(source, key)}
          search={true}
          resetScroll={false}
          replace
          aria-current={key === tab ? "page" : undefined}
          onPointerEnter={() => ahead(key)}
          onFocus={() => ahead(key)}
          className={
            key === tab
              ? "flex h-9 items-center border-accent border-b-2 px-2 font-semibold sm:px-2.5 md:h-10"
              : "flex h-9 items-center border-transparent border-b-2 px-2 text-muted sm:px-2.5 md:h-10 hover:text-text"
          }
        >
          {label}
        </Link>
      ))}
    </nav>
  );
}
