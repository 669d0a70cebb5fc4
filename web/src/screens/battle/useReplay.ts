import {
  useEffect,
  useEffectEvent,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from "react";
import type { BattleKill } from "../../api/model";
import { useHotkeys } from "../../ui/useHotkeys";
import { type Course, courseOf, type Moment } from "./replay";
import { Replayer, type ReplayState } from "./replayer";

interface Replay {
  replayer: Replayer;
  course: Course;
}

/**
 * The replay of a report. Where it rests is `at` of the address; a changed
 * address moves it.
 */
export function useReplay(
  kills: readonly BattleKill[],
  at: string | undefined,
  setAt: (at: string | undefined) => void,
): Replay {
  const course = useMemo(() => courseOf(kills), [kills]);
  const [replayer] = useState(() => {
    const made = new Replayer();
    made.load(course);
    made.open(at);
    return made;
  });
  const written = useRef(at);
  const rested = useEffectEvent((text: string | undefined) => {
    if (text === written.current) return;
    written.current = text;
    setAt(text);
  });
  useEffect(() => {
    replayer.onRest = (text) => rested(text);
    return () => replayer.dispose();
  }, [replayer]);
  useLayoutEffect(() => replayer.load(course), [replayer, course]);
  useLayoutEffect(() => {
    if (at === written.current) return;
    written.current = at;
    replayer.open(at);
  }, [replayer, at]);
  return { replayer, course };
}

/** Where the replay is, at every frame. */
export function useReplayState(replayer: Replayer): ReplayState {
  return useSyncExternalStore(replayer.watch, () => replayer.state);
}

/** The moment the tables show, some times a second; null without a replay. */
export function useTablesMoment(replayer: Replayer): Moment | null {
  return useSyncExternalStore(replayer.watch, () => replayer.tables);
}

/** What arrows move or scroll themselves: grips, and what is in the order of Tab only to be scrolled. */
const OWN_ARROWS = "[role=slider], [tabindex='0']:is([role=region], [role=group], section)";

/** Space plays, the arrows step, Escape leaves; keys that mean something where the focus is stay there. */
export function useReplayKeys(replayer: Replayer, leave: () => unknown): void {
  const step = (by: number) => (event: KeyboardEvent) => {
    if (event.target instanceof Element && event.target.matches(OWN_ARROWS)) return false;
    // Back from nowhere is left to whatever scrolls.
    if (by < 0 && !replayer.state.moment) return false;
    replayer.step(by);
  };
  // A key for what lies above the page is not for the page.
  const leaving = () => (document.querySelector("[popover]:popover-open") ? false : leave());
  useHotkeys({
    " ": (event) => {
      if (event.target instanceof Element && event.target.closest("button, a, summary, [role=slider]"))
        return false;
      replayer.toggle();
    },
    ArrowRight: step(1),
    ArrowLeft: step(-1),
    Escape: leaving,
  });
}
