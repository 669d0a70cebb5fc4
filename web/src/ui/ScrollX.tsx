import { useLayoutEffect, useRef, useState } from "react";
import { cx } from "./cx";

interface Props {
  /** What scrolls, for those who do not see it. */
  label: string;
  className?: string;
  children: React.ReactNode;
}

/** A wide thing that scrolls sideways where it does not fit; only then the keyboard stops at it. */
export function ScrollX({ label, className, children }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const [scrolls, setScrolls] = useState(false);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const look = () => setScrolls(element.scrollWidth > element.clientWidth);
    look();
    const observer = new ResizeObserver(look);
    observer.observe(element);
    for (const child of element.children) observer.observe(child);
    return () => observer.disconnect();
  }, []);
  return (
    <div
      ref={box}
      {...(scrolls ? { tabIndex: 0, role: "region", "aria-label": `${label}, scrolls sideways` } : {})}
      // Positioned, so that what only readers hear does not reach out of it.
      className={cx("relative overflow-x-auto", className)}
    >
      {children}
    </div>
  );
}
