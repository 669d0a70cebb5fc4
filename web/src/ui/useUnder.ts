import { type RefObject, useLayoutEffect } from "react";

/** The elements that tell; while a tab makes room for another there may be two or none. */
const telling = new Set<HTMLElement>();

let told = "";

/** A change has the whole page styled anew, so that what stays the same is not told. */
function tell(under: string): void {
  if (under === told) return;
  told = under;
  if (under) document.documentElement.style.setProperty("--under", under);
  else document.documentElement.style.removeProperty("--under");
}

/**
 * Tells the page how high the element is that a tab keeps in view under the bars of
 * the page, so that what gets the focus is scrolled to below it and never hidden.
 */
export function useUnder(ref: RefObject<HTMLElement | null>): void {
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element) return;
    telling.add(element);
    // It measures once the page is laid out; here that would have to be done first.
    const observer = new ResizeObserver(() => tell(`${element.offsetHeight}px`));
    observer.observe(element);
    return () => {
      observer.disconnect();
      telling.delete(element);
      queueMicrotask(() => telling.size === 0 && tell(""));
    };
  }, [ref]);
}
