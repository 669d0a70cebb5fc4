/**
 * Made-up fights for the tests. The great one is in Jorund: 90 pilots of three
 * alliances and a corporation without one, a loss every 20 seconds. Two small ones
 * and a lone kill elsewhere have nothing to do with it. Documents have the form of
 * ESI killmails.
 */

export const JORUND = 30001046;
export const TAMA = 30002813;
export const LXQ = 30002355; // LXQ2-T
export const JITA = 30000142;

const HULLS = [12011, 12015, 11985, 22456, 11371, 24702, 19720]; // Eagle to Revelation
const CAPSULE = 670;
const SWAP = 150; // killmails

/** Pilots from number `from` on, who fly under one corporation. */
interface Wing {
  from: number;
  corporation: number;
  alliance?: number;
}

interface Team {
  firstPilot: number;
  size: number;
  wings: Wing[];
}

interface Fight {
  system: number;
  firstId: number;
  /** Seconds from the start of the great fight to this one's. */
  after: number;
  /** Seconds from loss to loss. */
  pace: number;
  attackers: number;
  teams: [Team, Team];
}

/** A team of one corporation in one alliance; both end in `n`. */
const team = (n: number, size: number): Team => ({
  firstPilot: 2_112_000_001 + n * 1_000,
  size,
  wings: [{ from: 0, corporation: 98_000_000 + n, alliance: 99_000_000 + n }],
});

const RED = team(1, 50);
RED.wings.push({ from: 35, corporation: 98_000_003, alliance: 99_000_003 });
const BLUE = team(2, 40);
BLUE.wings.push({ from: 32, corporation: 98_000_004 });

const GREAT: Fight = {
  system: JORUND,
  firstId: 131_000_000,
  after: 0,
  pace: 20,
  attackers: 8,
  teams: [RED, BLUE],
};

const SMALL: (Fight & { kills: number })[] = [
  {
    system: TAMA,
    firstId: 132_000_000,
    after: 1_200,
    pace: 15,
    attackers: 4,
    teams: [team(11, 9), team(12, 8)],
    kills: 24,
  },
  {
    system: LXQ,
    firstId: 133_000_000,
    after: 2_400,
    pace: 15,
    attackers: 3,
    teams: [team(21, 6), team(22, 5)],
    kills: 12,
  },
  {
    system: JITA,
    firstId: 134_000_000,
    after: 1_800,
    pace: 0,
    attackers: 1,
    teams: [team(31, 1), team(32, 1)],
    kills: 1,
  },
];

const party = (team: Team, pilot: number, ship: number) => {
  const own = pilot % team.size;
  const wing = team.wings.findLast(({ from }) => own >= from);
  return {
    character_id: team.firstPilot + own,
    corporation_id: wing?.corporation,
    alliance_id: wing?.alliance,
    ship_type_id: ship,
  };
};

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

/** Killmail number `n` of a fight, as ESI writes it, with its hash; `start` (ms) is that of the great fight. */
function killmail(fight: Fight, start: number, n: number, at = n) {
  const [red, blue] = fight.teams;
  const [winners, losers] = n % 3 === 0 ? [blue, red] : [red, blue];
  const victim = Math.floor(n / 2);
  const pod = n % 4 === 3;
  const id = fight.firstId + n;
  return {
    killmail_id: id,
    killmail_hash: id.toString(16).padStart(40, "0"),
    killmail_time: new Date(start + (fight.after + at * fight.pace) * 1_000)
      .toISOString()
      .replace(/\.\d+Z/, "Z"),
    solar_system_id: fight.system,
    victim: { ...party(losers, victim, pod ? CAPSULE : hull(losers, victim, n)), damage_taken: 12_000 },
    attackers: Array.from({ length: fight.attackers }, (_, i) => attacker(winners, n + i * 5, n, i)),
  };
}

/** Killmails number `from` up to `to` of the great fight. */
export function fight(start: number, from: number, to: number) {
  return Array.from({ length: to - from }, (_, i) => killmail(GREAT, start, from + i));
}

/** A killmail of the great fight that nobody posted until now: it happened as loss number `at`. */
export function late(start: number, n: number, at: number) {
  return killmail(GREAT, start, n, at);
}

/** All killmails of the fights elsewhere. */
export function elsewhere(start: number) {
  return SMALL.flatMap((each) => Array.from({ length: each.kills }, (_, n) => killmail(each, start, n)));
}

/** How many killmails of the great fight are there from the start; the feed brings those that follow. */
export const FROM_START = 240;
