/** Addresses on CCP's image server. Sizes are powers of two from 32 to 1024. */

/** "type" is the icon of a thing, "render" the picture of a hull. */
export type ImageKind = "character" | "corporation" | "alliance" | "faction" | "type" | "render";

const PATH: Record<ImageKind, (id: number) => string> = {
  character: (id) => `characters/${id}/portrait`,
  corporation: (id) => `corporations/${id}/logo`,
  alliance: (id) => `alliances/${id}/logo`,
  // The image server draws factions as the corporation of the same id.
  faction: (id) => `corporations/${id}/logo`,
  type: (id) => `types/${id}/icon`,
  render: (id) => `types/${id}/render`,
};

/** The smallest size the server has for `pixels` CSS pixels at `density`. */
export function imageSize(pixels: number, density: 1 | 2 = 1): number {
  let size = 32;
  while (size < pixels * density && size < 1024) size *= 2;
  return size;
}

export function imageUrl(kind: ImageKind, id: number, size: number): string {
  return `https://images.evetech.net/${PATH[kind](id)}?size=${size}`;
}

/** Up to two letters standing in for a picture: "GF" for Goonswarm Federation, "Mu" for Muninn. */
export function monogram(name: string | null | undefined): string {
  const words = (name ?? "").split(/[^\p{L}\p{N}]+/u).filter((w) => w !== "" && !/^(the|of|and)$/i.test(w));
  const [first, second] = words;
  if (!first) return "?";
  if (!second) return first.slice(0, 1).toUpperCase() + first.slice(1, 2).toLowerCase();
  return (first.slice(0, 1) + second.slice(0, 1)).toUpperCase();
}
