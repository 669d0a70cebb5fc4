/** Colours of the sides, as class names, so that one table says which side looks how. */

interface SideColor {
  text: string;
  fill: string;
  stroke: string;
  bg: string;
  border: string;
}

const NONE: SideColor = {
  text: "text-side-none",
  fill: "fill-side-none",
  stroke: "stroke-side-none",
  bg: "bg-side-none",
  border: "border-side-none",
};

const COLORS: Record<string, SideColor> = {
  A: {
    text: "text-side-a",
    fill: "fill-side-a",
    stroke: "stroke-side-a",
    bg: "bg-side-a",
    border: "border-side-a",
  },
  B: {
    text: "text-side-b",
    fill: "fill-side-b",
    stroke: "stroke-side-b",
    bg: "bg-side-b",
    border: "border-side-b",
  },
  C: {
    text: "text-side-c",
    fill: "fill-side-c",
    stroke: "stroke-side-c",
    bg: "bg-side-c",
    border: "border-side-c",
  },
  D: {
    text: "text-side-d",
    fill: "fill-side-d",
    stroke: "stroke-side-d",
    bg: "bg-side-d",
    border: "border-side-d",
  },
  E: {
    text: "text-side-e",
    fill: "fill-side-e",
    stroke: "stroke-side-e",
    bg: "bg-side-e",
    border: "border-side-e",
  },
  F: {
    text: "text-side-f",
    fill: "fill-side-f",
    stroke: "stroke-side-f",
    bg: "bg-side-f",
    border: "border-side-f",
  },
  G: {
    text: "text-side-g",
    fill: "fill-side-g",
    stroke: "stroke-side-g",
    bg: "bg-side-g",
    border: "border-side-g",
  },
  H: {
    text: "text-side-h",
    fill: "fill-side-h",
    stroke: "stroke-side-h",
    bg: "bg-side-h",
    border: "border-side-h",
  },
};

export function sideColor(side: string): SideColor {
  return COLORS[side] ?? NONE;
}

/** The side of bystanders and of victims nobody can place. */
export const UNASSIGNED = "unassigned";

/** "A", or "–" for the unassigned. */
export function sideLetter(side: string): string {
  return side === UNASSIGNED ? "–" : side;
}

/** "Side A", or "Unassigned". */
export function sideWord(side: string): string {
  return side === UNASSIGNED ? "Unassigned" : `Side ${side}`;
}
