/** A made-up fight that burns now: two fleets of 560 pilots in Jorund, in the form of ESI killmails. */

const SYSTEM = 30001046; // Jorund
const CAPSULE = 670;
/** Hulls of many classes, Eagle to Revelation. */
const HULLS = [12011, 12015, 11985, 22456, 11371, 24702, 19720, 17738, 29990, 11963, 12003, 33470];
const WEAPON = 3186;
const ATTACKERS = 15;

export interface EsiParty {
  character_id: number;
  corporation_id: number;
  alliance_id: number;
  ship_type_id: number;
}

export interface EsiKillmail {
  killmail_id: number;
  killmail_hash: string;
  killmail_time: string;
  solar_system_id: number;
  victim: EsiParty & { damage_taken: number };
  attackers: (EsiParty & {
    weapon_type_id: number;
    damage_done: number;
    final_blow: boolean;
    security_status: number;
  })[];
}

interface Fleet {
  first: number;
  pilots: number;
  alliances: number;
}

const RED: Fleet = { first: 1, pilots: 300, alliances: 6 };
const BLUE: Fleet = { first: 1_001, pilots: 260, alliances: 4 };

/** Pilot number `n` of a fleet; a pilot keeps its hull, its corporation and its alliance. */
function pilot({ first, pilots, alliances }: Fleet, n: number, ship?: number): EsiParty {
  const own = n % pilots;
  const alliance = own % alliances;
  return {
    character_id: 2_112_000_000 + first + own,
    corporation_id: 98_000_000 + first + alliance * 10 + (own % 30 < 20 ? 0 : 1),
    alliance_id: 99_000_000 + first + alliance,
    ship_type_id: ship ?? HULLS[own % HULLS.length] ?? CAPSULE,
  };
}

/** Loss number `n` of the fight, at a time. */
export function loss(n: number, at: number): EsiKillmail {
  const [winners, losers] = n % 5 < 2 ? [BLUE, RED] : [RED, BLUE];
  const id = 131_000_000 + n;
  return {
    killmail_id: id,
    killmail_hash: id.toString(16).padStart(40, "0"),
    killmail_time: new Date(at).toISOString().replace(/\.\d+Z/, "Z"),
    solar_system_id: SYSTEM,
    victim: { ...pilot(losers, n * 7, n % 4 === 3 ? CAPSULE : undefined), damage_taken: 12_000 },
    attackers: Array.from({ length: ATTACKERS }, (_, i) => ({
      ...pilot(winners, n * 3 + i * 11),
      weapon_type_id: WEAPON,
      damage_done: 800,
      final_blow: i === 0,
      security_status: -1.2,
    })),
  };
}

/** What a killmail is worth, as zKillboard would say. */
export function worth({ killmail_id }: EsiKillmail): number {
  return 50_000_000 + (killmail_id % 97) * 7_000_000;
}

/** Names in the ranges above, in the form of ESI. */
export function name(id: number): { id: number; name: string; category: string } {
  if (id >= 99_000_000 && id < 100_000_000)
    return { id, name: `Alliance of ${id % 10_000}`, category: "alliance" };
  if (id >= 98_000_000 && id < 99_000_000)
    return { id, name: `Corporation of ${id % 10_000}`, category: "corporation" };
  return { id, name: `Capsuleer ${id % 10_000}`, category: "character" };
}
