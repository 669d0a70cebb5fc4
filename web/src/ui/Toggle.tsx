import { cx } from "./cx";

interface Props {
  pressed: boolean;
  onChange: (pressed: boolean) => void;
  children: React.ReactNode;
}

/** A small switch in a group of choices, several of which may be on. */
export function Toggle({ pressed, onChange, children }: Props) {
  return (
    <button
      type="button"
      aria-pressed={pressed}
      onClick={() => onChange(!pressed)}
      className={cx(
        "h-7 rounded-md border px-2 text-xs",
        pressed
          ? "border-accent bg-accent font-semibold text-ground"
          : "border-line bg-panel text-muted hover:border-line-strong hover:text-text",
      )}
    >
      {children}
    </button>
  );
}
