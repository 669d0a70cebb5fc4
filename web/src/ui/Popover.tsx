import { useId, useLayoutEffect, useRef, useState } from "react";
import { cx } from "./cx";

interface Props {
  /** What stands on the button. */
  button: React.ReactNode;
  /** The button's name for those who do not see it; also names the panel. */
  label: string;
  title?: string;
  className?: string;
  /** Made only while the panel is open. */
  children: () => React.ReactNode;
}

/** Space between the button and its panel, and between the panel and the edge of the window. */
const GAP = 6;

/** A button with a panel that the browser closes by Escape or by a press elsewhere. */
export function Popover({ button, label, title, className, children }: Props) {
  const id = useId();
  const opener = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState(false);

  // Placed on the page, not on the window, so that it scrolls along with its button.
  useLayoutEffect(() => {
    if (!open || !opener.current || !panel.current) return;
    const at = opener.current.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = panel.current;
    const right = document.documentElement.clientWidth - width - GAP;
    const below = at.bottom + GAP + height <= window.innerHeight || at.top < height + GAP;
    panel.current.style.left = `${Math.max(GAP, Math.min(at.left, right)) + window.scrollX}px`;
    panel.current.style.top = `${(below ? at.bottom + GAP : at.top - GAP - height) + window.scrollY}px`;
  }, [open]);

  return (
    <>
      <button
        ref={opener}
        type="button"
        popoverTarget={id}
        aria-label={label}
        aria-expanded={open}
        title={title}
        className={className}
      >
        {button}
      </button>
      <div
        ref={panel}
        id={id}
        popover="auto"
        role="dialog"
        aria-label={label}
        onToggle={(event) => setOpen(event.newState === "open")}
        className={cx(
          "absolute m-0 w-80 max-w-[calc(100vw-12px)] rounded-md border border-line-strong bg-panel p-3 text-sm text-text",
          !open && "hidden",
        )}
      >
        {open && children()}
      </div>
    </>
  );
}
