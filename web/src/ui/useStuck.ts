import { type RefObject, useEffect, useState } from "react";
import { followScroll } from "./windowScroll";

/** Whether a sticky element has reached the place where it stays. */
export function useStuck(ref: RefObject<HTMLElement | null>): boolean {
  const [stuck, setStuck] = useState(false);
  useEffect(() => {
    const look = () => {
      const element = ref.current;
      if (!element) return;
      const edge = Number.parseFloat(getComputedStyle(element).top);
      setStuck(window.scrollY > 0 && element.getBoundingClientRect().top <= edge + 0.5);
    };
    look();
    const leave = followScroll(look);
    window.addEventListener("resize", look);
    return () => {
      leave();
      window.removeEventListener("resize", look);
    };
  }, [ref]);
  return stuck;
}
