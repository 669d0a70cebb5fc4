import type { ButtonHTMLAttributes } from "react";
import { cx } from "./cx";

interface Props extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** An icon alone; give it an aria-label. */
  icon?: boolean;
  ref?: React.Ref<HTMLButtonElement>;
}

export function Button({ icon, className, type = "button", ...rest }: Props) {
  return (
    <button
      type={type}
      className={cx(
        "inline-flex h-8 items-center justify-center gap-1.5 rounded-md border border-line bg-panel text-sm text-text hover:border-line-strong hover:bg-raised disabled:cursor-default disabled:opacity-40",
        icon ? "w-8" : "px-2.5",
        className,
      )}
      {...rest}
    />
  );
}

/** A link that looks like a Button, for what leaves the page. */
export function ExternalButton({
  href,
  children,
  label,
}: {
  href: string;
  children: React.ReactNode;
  label?: string;
}) {
  return (
    <a
      href={href}
      target="_blank"
      rel="noreferrer"
      aria-label={label}
      className="inline-flex h-8 items-center gap-1.5 rounded-md border border-line bg-panel px-2.5 text-text hover:border-line-strong hover:bg-raised"
    >
      {children}
    </a>
  );
}
