interface Props {
  /** What stands here is not yet what was asked for. */
  old: boolean;
  children: React.ReactNode;
}

/** What is drawn later than it was asked for: until then it is busy, and fades when that takes a while. */
export function Behind({ old, children }: Props) {
  return (
    <div aria-busy={old} className="aria-busy:opacity-60 aria-busy:transition-opacity aria-busy:delay-200">
      {children}
    </div>
  );
}
