import { expect, test, vi } from "vitest";
import type { BattleKill } from "../../api/model";
import { courseOf } from "./replay";
import { Replayer, type Surroundings } from "./replayer";

const kills = (...seconds: number[]) =>
  courseOf(
    seconds.map(
      (s, i) =>
        ({
          id: 100 + i,
          occurred_at: new Date(Date.UTC(2021, 10, 28, 10, 0, s)).toISOString(),
        }) as BattleKill,
    ),
  );

/** Frames and timers that run when the test says so. */
function hand(still = false) {
  let frame: ((now: number) => void) | undefined;
  let timer: (() => void) | undefined;
  const env: Surroundings = {
    frame: (job) => {
      frame = job;
      return () => {
        frame = undefined;
      };
    },
    after: (_ms, job) => {
      timer = job;
      return () => {
        timer = undefined;
      };
    },
    still: () => still,
  };
  let now = 1_000;
  return {
    env,
    /** One frame, `ms` after the one before. */
    pass(ms: number) {
      now += ms;
      const job = frame;
      frame = undefined;
      job?.(now);
    },
    rest() {
      timer?.();
      timer = undefined;
    },
    running: () => frame !== undefined,
  };
}

function started(seconds: number[], still = false) {
  const by = hand(still);
  const replayer = new Replayer(by.env);
  const rested = vi.fn();
  replayer.onRest = rested;
  replayer.load(kills(...seconds));
  return { by, replayer, rested };
}

test("plays from the first killmail at its speed and rests at the last", () => {
  const { by, replayer, rested } = started([0, 3, 6]);
  replayer.speed(15);
  replayer.play();
  expect(replayer.state).toMatchObject({ playing: true, moment: { count: 1 } });
  by.pass(0);
  by.pass(100); // 1.5 s of the battle
  expect(replayer.state.moment?.count).toBe(1);
  by.pass(100);
  expect(replayer.state.moment?.count).toBe(2);
  expect(rested).not.toHaveBeenCalled();
  by.pass(250);
  expect(replayer.state).toMatchObject({ playing: false, moment: { count: 3 } });
  expect(by.running()).toBe(false);
  by.rest();
  expect(rested).toHaveBeenLastCalledWith("2021-11-28T10:00:06Z");
});

test("a frame that was long in coming does not jump", () => {
  const { by, replayer } = started([0, 1, 600]);
  replayer.speed(60);
  replayer.play();
  by.pass(0);
  by.pass(60_000);
  expect(replayer.state.moment?.at).toBe(Date.UTC(2021, 10, 28, 10, 0, 15));
});

test("played to the end, it begins anew", () => {
  const { replayer } = started([0, 3]);
  replayer.open("2021-11-28T10:00:03Z");
  expect(replayer.state.moment?.count).toBe(2);
  replayer.toggle();
  expect(replayer.state).toMatchObject({ playing: true, moment: { count: 1 } });
});

test("a step pauses, and the address follows once it rests", () => {
  const { by, replayer, rested } = started([0, 3, 3, 6]);
  replayer.play();
  replayer.step(1);
  replayer.step(1);
  expect(replayer.state).toMatchObject({ playing: false, moment: { count: 3 } });
  expect(by.running()).toBe(false);
  expect(rested).not.toHaveBeenCalled();
  by.rest();
  expect(rested).toHaveBeenCalledExactlyOnceWith("2021-11-28T10:00:03Z");
});

test("the end of the replay clears the address", () => {
  const { by, replayer, rested } = started([0, 3]);
  replayer.goTo(101);
  expect(replayer.state.moment?.count).toBe(2);
  replayer.end();
  by.rest();
  expect(replayer.state.moment).toBeNull();
  expect(rested).toHaveBeenLastCalledWith(undefined);
});

test("the tables follow less often than the line", () => {
  const { by, replayer } = started([0, 1, 2, 3, 60]);
  replayer.speed(15);
  replayer.play();
  by.pass(0);
  by.pass(70);
  expect([replayer.state.moment?.count, replayer.tables?.count]).toEqual([2, 2]);
  by.pass(70);
  expect([replayer.state.moment?.count, replayer.tables?.count]).toEqual([3, 2]);
  by.pass(70);
  expect([replayer.state.moment?.count, replayer.tables?.count]).toEqual([4, 4]);
  replayer.pause();
  expect(replayer.tables).toBe(replayer.state.moment);
});

test("without motion the line jumps from killmail to killmail", () => {
  const { by, replayer } = started([0, 3, 60], true);
  replayer.speed(15);
  replayer.play();
  by.pass(0);
  const before = replayer.state.moment;
  by.pass(100);
  expect(replayer.state.moment).toBe(before);
  by.pass(100);
  expect(replayer.state.moment).toMatchObject({ count: 2 });
});

test("late killmails leave the moment where it stood", () => {
  const { replayer } = started([0, 10, 20]);
  replayer.step(2);
  replayer.load(kills(0, 5, 10, 20));
  expect(replayer.state.moment).toEqual({ at: Date.UTC(2021, 10, 28, 10, 0, 10), count: 3 });
  replayer.load(kills(15, 20));
  expect(replayer.state.moment).toEqual({ at: Date.UTC(2021, 10, 28, 10, 0, 15), count: 1 });
  replayer.play();
  replayer.load(kills());
  expect(replayer.state).toMatchObject({ playing: false, moment: null });
});
