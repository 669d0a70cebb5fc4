/**
 * The API's types under the names the page uses. A renamed field is mended here
 * and nowhere else.
 *
 * The description cannot say "an object or null", so every place where the API
 * answers null instead of an object is named here.
 */

import type { components } from "./schema";

type Schema = components["schemas"];

/** T with null allowed in the fields K. */
type OrNull<T, K extends keyof T> = Omit<T, K> & { [P in K]: T[P] | null };

export type Entity = Schema["Entity"];
export type TypeRef = Schema["Ref"];
export type SystemRef = OrNull<Schema["System"], "region">;
export type Party = OrNull<
  Schema["Party"],
  "character" | "corporation" | "alliance" | "faction" | "ship_type"
>;

type WithParties<T extends { victim: unknown; final_blow: unknown }> = Omit<T, "victim" | "final_blow"> & {
  victim: Party;
  final_blow: Party | null;
};

export type Killmail = Omit<WithParties<Schema["KillmailItem"]>, "system"> & { system: SystemRef };

export type SideBrief = Schema["SideItem"];
export type Battle = Omit<Schema["BattleItem"], "systems" | "top_hulls"> & {
  systems: SystemRef[];
  top_hulls: OrNull<Schema["HullItem"], "ship_type">[];
};

export type Evidence = Schema["EvidenceView"];
/** What only the attackers of every killmail could tell; null while a replay stands before the end. */
type ByAttackers = "kills" | "damage_done";
export type Member = OrNull<Schema["MemberView"], "together" | "against" | ByAttackers>;
export type Side = Omit<
  OrNull<
    Schema["SideView"],
    ByAttackers | "final_blows" | "isk_destroyed" | "efficiency" | "structure_damage" | "damage_taken"
  >,
  "members"
> & { members: Member[] };
export type BattleKill = OrNull<WithParties<Schema["BattleKill"]>, "link">;
export type PilotHull = OrNull<Schema["PilotHullView"], "ship_type">;
export type Pilot = Omit<
  OrNull<
    Schema["PilotView"],
    | "character"
    | "corporation"
    | "alliance"
    | "faction"
    | ByAttackers
    | "final_blows"
    | "structure_damage"
    | "damage_taken"
  >,
  "hulls"
> & { hulls: PilotHull[] };
export type HullCount = OrNull<Schema["Composition"], "ship_type">;
export type TurningPoint = Schema["TurningPoint"];
export type Phase = Schema["PhaseView"];
export type Bucket = Schema["TimelineStep"];

export type BattleDetail = Omit<
  Schema["BattleView"],
  "systems" | "sides" | "killmails" | "pilots" | "composition" | "timeline" | "turning_points"
> & {
  systems: SystemRef[];
  sides: Side[];
  killmails: BattleKill[];
  pilots: Pilot[];
  composition: HullCount[];
  timeline: Schema["TimelineView"];
  turning_points: TurningPoint[];
};

/** A chain of battles by one crew. */
export type Operation = Omit<Schema["OperationView"], "battles"> & { battles: OperationBattle[] };
export type OperationBattle = Battle & Omit<Schema["OperationBattle"], keyof Schema["BattleItem"]>;

/** What makes one list out of another; delta.ts says how. */
export interface ListDelta<T> {
  removed?: number[];
  changed?: T[];
  put?: { at: number; item: T }[];
}

export type Revision = Schema["RevisionView"];

/** What makes one state of a stored battle out of another. */
export type BattleDelta = Omit<Schema["BattleDelta"], "view" | "killmails" | "pilots" | "revisions"> & {
  /** The new state without its long lists; empty ones are left out. */
  view: Partial<BattleDetail>;
  killmails: ListDelta<BattleKill>;
  pilots: ListDelta<Pilot>;
  revisions: ListDelta<Revision>;
};

export type DamageView = Schema["DamageView"];
export type DamageDealt = Schema["DealtView"];
export type DamageTaken = Schema["TakenView"];
export type Dealer = Schema["DealerView"];
export type PresenceView = Schema["PresenceView"];

/** One attacker of a killmail. */
export type Attacker = OrNull<
  Schema["AttackerView"],
  "character" | "corporation" | "alliance" | "faction" | "ship_type" | "weapon_type"
>;

/** The battle of a killmail, and where the killmail stands in it. */
export type KillBattle = Omit<Schema["KillBattle"], "systems"> & { systems: SystemRef[] };

/** One killmail with everyone on it. */
export type KillmailDetail = Omit<Schema["KillmailView"], "victim" | "attackers" | "system" | "battle"> & {
  victim: Party;
  attackers: Attacker[];
  system: SystemRef;
  battle: KillBattle | null;
};

export type FeedStatus = Schema["FeedView"];
export type Summary = Schema["StatsSummary"];

/** A battle of the stream: new, changed, moved into another, or gone when `battle` is null. */
export type BattleEvent = OrNull<Omit<Schema["BattleEvent"], "battle"> & { battle: Battle }, "battle">;

export type Heartbeat = Schema["Heartbeat"];

export type Related = Schema["RelatedView"];
export type Linked = Schema["LinkedView"];

/** A standing or taken back correction of a battle. */
export type Correction = Omit<Schema["CorrectionView"], "sides"> & {
  sides: OrNull<Schema["SideCorrectionView"], "with">[];
};
export type CorrectionBody = Schema["CorrectionBody"];
export type SideCorrection = Schema["SideCorrection"];
