/** The mark: two sides closing in on each other. */
export function Mark() {
  return (
    <svg viewBox="0 0 24 24" width={20} height={20} aria-hidden="true">
      <path className="fill-side-a" d="M3 12 11 4v5.2L8.2 12l2.8 2.8V20z" />
      <path className="fill-side-b" d="m21 12-8-8v5.2l2.8 2.8-2.8 2.8V20z" />
    </svg>
  );
}
