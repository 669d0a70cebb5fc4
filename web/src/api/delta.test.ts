import { expect, test } from "vitest";
import golden from "../../../internal/service/api/testdata/battle_delta.json";
import { complete, type PartialBattle, patchedBattle, patchedList, sharedBattle, sharedList } from "./delta";
import type { BattleDelta, BattleDetail, ListDelta } from "./model";

/** What the server sent: a battle, what changed in it, and the battle again. */
const sent = golden as unknown as { before: PartialBattle; delta: BattleDelta; after: PartialBattle };

const patched = (base: BattleDetail, delta: BattleDelta): BattleDetail => {
  const made = patchedBattle(base, delta);
  if (!made) throw new Error("the delta is for another state");
  return made;
};

test("what the server sends makes the battle as it is fetched afterwards", () => {
  const before = complete(sent.before);
  const after = patched(before, sent.delta);
  expect(after.kills).toBeGreaterThan(before.kills);
  expect(after).toEqual(complete(sent.after));
});

test("a delta is for the state it names, and no other", () => {
  expect(patchedBattle(complete({ ...sent.before, mark: "other" }), sent.delta)).toBeNull();
  expect(patchedBattle(complete(sent.after), sent.delta)).toBeNull();
});

test("kills that did not change are the same objects, and so is all else that is equal", () => {
  const before = complete(sent.before);
  const after = sharedBattle(before, patched(before, sent.delta));
  expect(after).toEqual(complete(sent.after));
  for (const [i, kill] of before.killmails.entries()) expect(after.killmails[i]).toBe(kill);
  expect(after.systems).toBe(before.systems);
  expect(after.links).toBe(before.links);
  const changed = new Set(
    [...(sent.delta.pilots.changed ?? []), ...(sent.delta.pilots.put ?? []).map(({ item }) => item)].map(
      (pilot) => pilot.character?.id,
    ),
  );
  const still = before.pilots.filter((pilot) => !changed.has(pilot.character?.id));
  expect(still.length).toBeGreaterThan(0);
  for (const pilot of still) expect(after.pilots).toContain(pilot);
});

test("fetched again without a change it is the same object, and with one the rest is", () => {
  const before = complete(sent.before);
  expect(sharedBattle(before, complete(structuredClone(sent.before)))).toBe(before);
  const settled = sharedBattle(before, complete({ ...structuredClone(sent.before), status: "settled" }));
  expect(settled.status).toBe("settled");
  expect(settled.killmails).toBe(before.killmails);
  expect(settled.pilots).toBe(before.pilots);
  expect(settled.sides).toBe(before.sides);
});

interface Item {
  id: number;
  text: string;
}
const key = (item: Item) => item.id;
const item = (id: number, text = "") => ({ id, text });
const ids = (list: Item[]) => list.map(key);

test("items are taken out, replaced in place and put where they belong", () => {
  const base = [item(1), item(2), item(3), item(4)];
  const made = patchedList(
    base,
    {
      removed: [2],
      changed: [item(3, "new")],
      put: [
        { at: 0, item: item(9) },
        { at: 2, item: item(4, "moved") },
        { at: 4, item: item(5) },
      ],
    },
    key,
  );
  expect(made).toEqual([item(9), item(1), item(4, "moved"), item(3, "new"), item(5)]);
  expect(made[1]).toBe(base[0]);
  expect(patchedList(base, {}, key)).toBe(base);
});

/** Numbers that look random and are the same every time. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}

/** A delta as the server may make it, in the plainest way: whatever is not at the end of what stayed is put anew. */
function listDelta(before: Item[], now: Item[]): ListDelta<Item> {
  const old = new Map(before.map((each, at) => [each.id, { each, at }]));
  const delta: Required<ListDelta<Item>> = {
    removed: ids(before).filter((id) => !ids(now).includes(id)),
    changed: [],
    put: [],
  };
  let last = -1;
  for (const [at, each] of now.entries()) {
    const was = old.get(each.id);
    if (!was || was.at < last) delta.put.push({ at, item: each });
    else {
      last = was.at;
      if (was.each.text !== each.text) delta.changed.push(each);
    }
  }
  return delta;
}

test("any list is made of any other, of the same objects where they are equal", () => {
  for (let seed = 1; seed <= 500; seed++) {
    const next = random(seed);
    const draw = () => {
      const list: Item[] = [];
      for (let n = next(9); n > 0; n--) {
        const made = item(next(12), String(next(2)));
        if (!ids(list).includes(made.id)) list.splice(next(list.length + 1), 0, made);
      }
      return list;
    };
    const [before, now] = [draw(), draw()];
    const made = sharedList(before, patchedList(before, listDelta(before, now), key), key);
    expect(made, `seed ${seed}`).toEqual(now);
    for (const each of made) {
      const was = before.find(({ id, text }) => id === each.id && text === each.text);
      if (was) expect(each, `seed ${seed}`).toBe(was);
    }
  }
});
