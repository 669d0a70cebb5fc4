/** Security status as the game shows it, and the bands players speak of. Kept equal to internal/eve. */

/** Rounded to one decimal, half up; just above zero still shows 0.1, because it is lowsec. */
export function displayedSecurity(trueSecurity: number): number {
  if (trueSecurity > 0 && trueSecurity < 0.05) return 0.1;
  const rounded = Math.floor(trueSecurity * 10 + 0.5) / 10;
  return rounded === 0 ? 0 : rounded; // never -0
}

/** The displayed security with its one decimal: "0.5", "-0.3". */
export function formatSecurity(trueSecurity: number): string {
  return displayedSecurity(trueSecurity).toFixed(1);
}

/**
 * Name of the tint token for text, "sec-10" to "sec-0". Everything at or below
 * 0.0 shares one tint. The tokens are lifted from the in-game ramp for contrast.
 */
export function securityTint(trueSecurity: number): string {
  const tenth = Math.round(displayedSecurity(trueSecurity) * 10);
  return `sec-${Math.min(10, Math.max(0, tenth))}`;
}

/** Bands of internal/eve.Space in the order players expect, with their words. */
export const SPACES = [
  ["highsec", "Highsec"],
  ["lowsec", "Lowsec"],
  ["nullsec", "Nullsec"],
  ["wormhole", "Wormhole"],
  ["pochven", "Pochven"],
  ["abyssal", "Abyssal"],
  ["void", "Void"],
  ["other", "Other"],
] as const;

/** True where a number says nothing: security there is always -1.0, players go by the name. */
export function hasOwnName(band: string): boolean {
  return band !== "highsec" && band !== "lowsec" && band !== "nullsec";
}

/** Short word for a band where the number says nothing: "J-space", "Pochven". */
export function bandWord(band: string): string {
  if (band === "wormhole") return "J-space";
  return SPACES.find(([key]) => key === band)?.[1] ?? band;
}
