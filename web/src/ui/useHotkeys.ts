import { useEffectEvent, useLayoutEffect } from "react";

/**
 * Keys to actions: one key by character or name ("j", "Enter", "?"), or "g" and
 * another one ("g b"). An action that answers false leaves the key to the browser.
 */
export type Hotkeys = Record<string, (event: KeyboardEvent) => unknown>;

/** Opens a pair: what follows it is no key of its own, for no listener. */
const LEADER = "g";

/** The second key of a pair must follow within this time. */
const PAIR_MS = 1_200;

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || /^(input|textarea|select)$/i.test(target.tagName);
}

/** Listens on the whole page, except while typing, in a dialog, or with a modifier held. */
export function useHotkeys(keys: Hotkeys): void {
  const pressed = useEffectEvent((event: KeyboardEvent, key: string) => {
    const action = keys[key];
    if (action && action(event) !== false) event.preventDefault();
  });
  // Before what is drawn can be seen: whoever sees it may press its key.
  useLayoutEffect(() => {
    let led = Number.NEGATIVE_INFINITY; // when the leader was pressed
    const down = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (document.querySelector("dialog[open]")) return;
      // Every listener follows the pair, also when another one has acted on its second key.
      const second = event.timeStamp - led < PAIR_MS;
      led = event.key === LEADER && !second ? event.timeStamp : Number.NEGATIVE_INFINITY;
      if (event.defaultPrevented) return;
      pressed(event, second ? `${LEADER} ${event.key}` : event.key);
    };
    document.addEventListener("keydown", down);
    return () => document.removeEventListener("keydown", down);
  }, []);
}
