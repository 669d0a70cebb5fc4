/**
 * States of a stored battle: how one is made of another by what the stream brings,
 * and how two share what is the same in both. The server's side of it is in
 * internal/service/api/battledelta.go.
 */

import { replaceEqualDeep } from "@tanstack/react-query";
import type { BattleDelta, BattleDetail, BattleKill, ListDelta, Pilot, Revision } from "./model";

/** A battle as the API sends it: empty lists are left out. */
export type PartialBattle = Partial<BattleDetail>;

/** A battle with all its lists. */
export function complete(view: PartialBattle): BattleDetail {
  return {
    ...(view as BattleDetail),
    killmails: view.killmails ?? [],
    pilots: view.pilots ?? [],
    composition: view.composition ?? [],
    turning_points: view.turning_points ?? [],
    revisions: view.revisions ?? [],
    timeline: view.timeline ?? { bucket_s: 60, buckets: [] },
  };
}

type Key<T> = (item: T) => number;

const killKey: Key<BattleKill> = (kill) => kill.id;
const pilotKey: Key<Pilot> = (pilot) => pilot.character?.id ?? 0;
const revisionKey: Key<Revision> = (revision) => revision.revision;

/** The state that a delta makes of its base; null of any other state. Items that did not change are the same objects. */
export function patchedBattle(base: BattleDetail, delta: BattleDelta): BattleDetail | null {
  if (base.mark !== delta.base) return null;
  return complete({
    ...delta.view,
    killmails: patchedList(base.killmails, delta.killmails, killKey),
    pilots: patchedList(base.pilots, delta.pilots, pilotKey),
    revisions: patchedList(base.revisions, delta.revisions, revisionKey),
  });
}

/** Takes out what is gone or put elsewhere, replaces what changed, and puts the rest in its places. */
export function patchedList<T>(base: T[], { removed, changed, put }: ListDelta<T>, key: Key<T>): T[] {
  if (!removed && !changed && !put) return base;
  const gone = new Set(removed);
  for (const { item } of put ?? []) gone.add(key(item));
  const newer = new Map(changed?.map((item) => [key(item), item]));
  const out: T[] = [];
  let next = 0;
  const putHere = () => {
    for (let here = put?.[next]; here && here.at === out.length; here = put?.[next]) {
      out.push(here.item);
      next++;
    }
  };
  for (const item of base) {
    putHere();
    const id = key(item);
    if (!gone.has(id)) out.push(newer.get(id) ?? item);
  }
  putHere();
  return out;
}

/** The new state made of the old one's objects, as far as they are the same; the old one when all are. */
export function sharedBattle(before: BattleDetail, now: BattleDetail): BattleDetail {
  if (before === now) return now;
  const { killmails: k, pilots: p, revisions: r, ...old } = before;
  const { killmails: kills, pilots: flown, revisions: revised, ...own } = now;
  const rest = replaceEqualDeep(old, own);
  const killmails = sharedList(k, kills, killKey);
  const pilots = sharedList(p, flown, pilotKey);
  const revisions = sharedList(r, revised, revisionKey);
  const same = rest === old && killmails === k && pilots === p && revisions === r;
  return same ? before : { ...rest, killmails, pilots, revisions };
}

/** The same for a list whose items move: each is compared with the one of its key. */
export function sharedList<T>(before: T[], now: T[], key: Key<T>): T[] {
  if (before === now) return now;
  const was = new Map(before.map((item) => [key(item), item]));
  const list = now.map((item) => {
    const old = was.get(key(item));
    return old === undefined || old === item ? item : replaceEqualDeep(old, item);
  });
  return list.length === before.length && list.every((item, i) => item === before[i]) ? before : list;
}
