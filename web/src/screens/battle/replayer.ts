/** The clock of a replay: moves a moment through the killmails, and remembers where it rests. */

import {
  advanced,
  atEnd,
  type Course,
  formatMoment,
  type Moment,
  momentAt,
  parseMoment,
  stepped,
} from "./replay";

/** EVE seconds a second. */
export const SPEEDS = [1, 5, 15, 30, 60] as const;
export type Speed = (typeof SPEEDS)[number];

/** What the clock needs of its surroundings; tests bring their own. */
export interface Surroundings {
  /** Runs `job` before the next frame with a time in milliseconds. The result undoes it. */
  frame: (job: (now: number) => void) => () => void;
  /** Runs `job` later. The result undoes it. */
  after: (ms: number, job: () => void) => () => void;
  /** Whether the reader wants no motion: the moment then jumps from killmail to killmail. */
  still: () => boolean;
}

export const browser: Surroundings = {
  frame: (job) => {
    const id = requestAnimationFrame(job);
    return () => cancelAnimationFrame(id);
  },
  after: (ms, job) => {
    const timer = setTimeout(job, ms);
    return () => clearTimeout(timer);
  },
  still: () => matchMedia("(prefers-reduced-motion: reduce)").matches,
};

/** A frame never counts for more, so that a tab that was hidden does not jump. */
const LONGEST_FRAME_MS = 250;
/** The tables follow at most this often; they are far more work than the line on the chart. */
const TABLES_MS = 125;
/** The address follows once the moment has rested so long; browsers refuse it more often. */
const REST_MS = 300;

/** What the controls show. */
export interface ReplayState {
  /** Null without a replay. */
  moment: Moment | null;
  playing: boolean;
  speed: Speed;
}

export class Replayer {
  /** Told where the replay rests, as ?at= writes it; undefined when it ended. */
  onRest: (at: string | undefined) => void = () => {};

  #env: Surroundings;
  #course: Course = { kills: [], times: [] };
  #state: ReplayState = { moment: null, playing: false, speed: 15 };
  #tables: Moment | null = null;
  #tablesAt = 0;
  /** Where the clock is; with motion unwanted the shown moment lags behind it. */
  #clock: Moment | null = null;
  #watchers = new Set<() => void>();
  #cancelFrame: () => void = () => {};
  #cancelRest: () => void = () => {};

  constructor(env: Surroundings = browser) {
    this.#env = env;
  }

  get state(): ReplayState {
    return this.#state;
  }

  /** The moment the tables show: that of the state, but less often while it plays. */
  get tables(): Moment | null {
    return this.#tables;
  }

  /** Calls `job` after every change. The result stops that. */
  watch = (job: () => void): (() => void) => {
    this.#watchers.add(job);
    return () => this.#watchers.delete(job);
  };

  /** Other killmails: late ones, or another window. The moment stays where it stood. */
  load(course: Course): void {
    if (course === this.#course) return;
    const before = this.#state.moment;
    const text = before && formatMoment(this.#course, before);
    this.#course = course;
    if (!before || !text) return;
    const [first, last] = [course.times[0], course.times.at(-1)];
    if (first === undefined || last === undefined) {
      this.#stop();
      this.#show(null);
      return;
    }
    this.#show(parseMoment(course, text) ?? momentAt(course, Math.max(first, Math.min(last, before.at))));
  }

  /** Goes where an address says; undefined ends the replay. */
  open(at: string | undefined): void {
    this.#stop();
    this.#show(parseMoment(this.#course, at));
  }

  /** To just after a killmail; pauses. */
  goTo(killmailId: number): void {
    this.open(String(killmailId));
    this.#rest();
  }

  /** Begins at the first killmail, goes on, or begins anew at the end. */
  play(): void {
    const { moment } = this.#state;
    if (this.#state.playing || this.#course.times.length === 0) return;
    const from = !moment || atEnd(this.#course, moment) ? stepped(this.#course, null, 1) : moment;
    this.#cancelRest();
    this.#state = { ...this.#state, playing: true };
    this.#show(from);
    if (this.#state.playing) this.#run();
  }

  pause(): void {
    if (!this.#state.playing) return;
    this.#stop();
    this.#rest();
  }

  toggle(): void {
    if (this.#state.playing) this.pause();
    else this.play();
  }

  /** Killmails on or back; pauses. */
  step(by: number): void {
    this.#stop();
    this.#show(stepped(this.#course, this.#state.moment, by));
    this.#rest();
  }

  /** To a time, kept within the course; a running replay goes on from there. */
  seek(at: number): void {
    const [first, last] = [this.#course.times[0], this.#course.times.at(-1)];
    if (first === undefined || last === undefined) return;
    this.#show(momentAt(this.#course, Math.max(first, Math.min(last, at))));
    if (!this.#state.playing) this.#rest();
  }

  speed(speed: Speed): void {
    this.#state = { ...this.#state, speed };
    this.#tell();
  }

  /** Back to the whole report. */
  end(): void {
    this.#stop();
    this.#show(null);
    this.#rest();
  }

  /** Lets go of every timer. */
  dispose(): void {
    this.#cancelFrame();
    this.#cancelRest();
  }

  #run(): void {
    let before: number | undefined;
    const tick = (now: number) => {
      const passed = Math.min(LONGEST_FRAME_MS, now - (before ?? now));
      before = now;
      const from = this.#clock;
      if (!from) return;
      const next = advanced(this.#course, from, passed * this.#state.speed);
      if (atEnd(this.#course, next)) {
        this.#stop();
        this.#show(next);
        return this.#rest();
      }
      this.#clock = next;
      const news = next.count !== this.#state.moment?.count || next.count !== this.#tables?.count;
      if (news || !this.#env.still()) this.#show(next, now);
      this.#cancelFrame = this.#env.frame(tick);
    };
    this.#cancelFrame = this.#env.frame(tick);
  }

  #stop(): void {
    this.#cancelFrame();
    if (!this.#state.playing) return;
    this.#state = { ...this.#state, playing: false };
    this.#tables = this.#state.moment;
    this.#tell();
  }

  /** `now` is the time of the frame while playing; anything else shows in the tables at once. */
  #show(moment: Moment | null, now?: number): void {
    this.#clock = moment;
    this.#state = { ...this.#state, moment };
    const due = now === undefined || now - this.#tablesAt >= TABLES_MS;
    if (due && moment?.count !== this.#tables?.count) {
      this.#tables = moment;
      this.#tablesAt = now ?? 0;
    } else if (now === undefined) {
      this.#tables = moment;
    }
    this.#tell();
  }

  #rest(): void {
    this.#cancelRest();
    const { moment } = this.#state;
    const at = moment ? formatMoment(this.#course, moment) : undefined;
    this.#cancelRest = this.#env.after(REST_MS, () => this.onRest(at));
  }

  #tell(): void {
    for (const job of this.#watchers) job();
  }
}
