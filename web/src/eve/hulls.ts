/**
 * Hull classes in the order in which players read a fleet: by role and class,
 * never by mass. Keys, order and labels are those of internal/eve.HullClasses;
 * golden.json holds the two together.
 */

const CLASSES: readonly (readonly [key: string, label: string])[] = [
  ["titan", "Titan"],
  ["supercarrier", "Supercarrier"],
  ["lancer-dreadnought", "Lancer dreadnought"],
  ["dreadnought", "Dreadnought"],
  ["carrier", "Carrier"],
  ["force-auxiliary", "Force auxiliary"],
  ["capital-industrial", "Capital industrial"],
  ["freighter", "Freighter"],
  ["jump-freighter", "Jump freighter"],
  ["marauder", "Marauder"],
  ["black-ops", "Black ops"],
  ["battleship", "Battleship"],
  ["command-ship", "Command ship"],
  ["battlecruiser", "Battlecruiser"],
  ["strategic-cruiser", "Strategic cruiser"],
  ["heavy-assault-cruiser", "Heavy assault cruiser"],
  ["logistics", "Logistics"],
  ["recon", "Recon"],
  ["heavy-interdictor", "Heavy interdictor"],
  ["flag-cruiser", "Flag cruiser"],
  ["cruiser", "Cruiser"],
  ["tactical-destroyer", "Tactical destroyer"],
  ["command-destroyer", "Command destroyer"],
  ["interdictor", "Interdictor"],
  ["destroyer", "Destroyer"],
  ["assault-frigate", "Assault frigate"],
  ["logistics-frigate", "Logistics frigate"],
  ["electronic-attack-frigate", "Electronic attack frigate"],
  ["interceptor", "Interceptor"],
  ["covert-ops", "Covert ops"],
  ["stealth-bomber", "Stealth bomber"],
  ["frigate", "Frigate"],
  ["industrial", "Industrial"],
  ["mining", "Mining"],
  ["other-ship", "Other ship"],
  ["shuttle", "Shuttle"],
  ["corvette", "Corvette"],
  ["capsule", "Capsule"],
  ["structure", "Structure"],
  ["deployable", "Deployable"],
];

/** Every class key in players' order. */
export const HULL_CLASSES: readonly string[] = CLASSES.map(([key]) => key);

const ORDER = new Map(CLASSES.map(([key], i) => [key, i]));

/** Place in players' order, 0 for titans; an unknown class sorts behind all of them. */
export function hullOrder(key: string): number {
  return ORDER.get(key) ?? CLASSES.length;
}

/** The class as shown to people: "Heavy assault cruiser". An unknown key shows as itself. */
export function hullLabel(key: string): string {
  return CLASSES[hullOrder(key)]?.[1] ?? (key === "" ? "Unknown hull" : key);
}
