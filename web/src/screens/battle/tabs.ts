/** Tabs of the battle page, in the order and words of the other tools. */
export const TABS = [
  ["summary", "Summary"],
  ["involved", "Involved"],
  ["timeline", "Timeline"],
  ["damage", "Damage"],
  ["composition", "Composition"],
] as const;

export type Tab = (typeof TABS)[number][0];

/** The tab an address names, or null when there is no such tab. */
export function parseTab(text: string): Tab | null {
  return TABS.find(([key]) => key === text)?.[0] ?? null;
}
