/** Says that a battle still grows. Settled is the normal case and needs no word in lists. */
export function LiveBadge() {
  return (
    <span className="inline-flex items-center gap-1 font-semibold text-2xs text-good">
      <span className="live-dot size-1.5 rounded-full bg-good" aria-hidden />
      LIVE
    </span>
  );
}
