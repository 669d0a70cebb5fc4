/**
 * A made-up fight for the tests: two alliances in Jorund, 90 pilots, a loss every
 * 20 seconds. Documents have the form of ESI killmails.
 */

const SYSTEM = 30001046; // Jorund
const HULLS = [12011, 12015, 11985, 22456, 11371, 24702, 19720]; // Eagle to Revelation
const CAPSULE = 670;
const SWAP = 150; // killmails

interface Team {
  alliance: number;
  corporation: number;
  firstPilot: number;
  size: number;
}

const RED: Team = { alliance: 99000001, corporation: 98000001, firstPilot: 2112000001, size: 50 };
const BLUE: Team = { alliance: 99000002, corporation: 98000002, firstPilot: 2112001001, size: 40 };

const party = (team: Team, pilot: number, ship: number) => ({
  character_id: team.firstPilot + (pilot % team.size),
  corporation_id: team.corporation,
  alliance_id: team.alliance,
  ship_type_id: ship,
});

/** A pilot keeps its hull, so that every class has about as many; one in ten changes it after `SWAP`. */
function hull(team: Team, pilot: number, n: number): number {
  const own = pilot % team.size;
  const swapped = own % 10 === 9 && n >= SWAP ? 1 : 0;
  return HULLS[(own + swapped) % HULLS.length] ?? CAPSULE;
}

const attacker = (team: Team, pilot: number, n: number, i: number) => ({
  ...party(team, pilot, hull(team, pilot, n)),
  weapon_type_id: 3186,
  damage_done: 1_500,
  final_blow: i === 0,
  security_status: -1.2,
});

/** Killmail number `n` of the fight that began at `start` (ms), as ESI writes it, with its hash. */
function killmail(start: number, n: number) {
  const [winners, losers] = n % 3 === 0 ? [BLUE, RED] : [RED, BLUE];
  const victim = Math.floor(n / 2);
  const pod = n % 4 === 3;
  return {
    killmail_id: 131_000_000 + n,
    killmail_hash: n.toString(16).padStart(40, "0"),
    killmail_time: new Date(start + n * 20_000).toISOString().replace(/\.\d+Z/, "Z"),
    solar_system_id: SYSTEM,
    victim: { ...party(losers, victim, pod ? CAPSULE : hull(losers, victim, n)), damage_taken: 12_000 },
    attackers: Array.from({ length: 8 }, (_, i) => attacker(winners, n + i * 5, n, i)),
  };
}

/** Killmails number `from` up to `to`. */
export function fight(start: number, from: number, to: number) {
  return Array.from({ length: to - from }, (_, i) => killmail(start, from + i));
}

/** How many killmails are there from the start; the feed brings those that follow. */
export const FROM_START = 240;
