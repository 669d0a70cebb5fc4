import { compact, count } from "../../eve/count";
import { sideColor } from "../../eve-ui/sides";
import { cx } from "../../ui/cx";

interface MeasureProps {
  value: number;
  most: number;
  side: string;
}

/** A figure with its bar; what is nothing has neither. */
export function Measure({ value, most, side }: MeasureProps) {
  if (value === 0) return <span className="text-muted">–</span>;
  return (
    <span className="flex items-center gap-2" title={count.format(value)}>
      <span className="num w-12 shrink-0 text-right">{compact(value)}</span>
      <span className="h-2 min-w-4 flex-1">
        <Bar part={value / most} side={side} />
      </span>
    </span>
  );
}

/** The same in two lines, with a word about it. */
export function Stacked({ value, most, side, word }: MeasureProps & { word?: string }) {
  if (value === 0) return <span className="text-muted">–</span>;
  return (
    <span className="block" title={count.format(value)}>
      <span className="num">{compact(value)}</span>
      {word && <span className="ml-1.5 text-2xs text-muted">{word}</span>}
      <span className="mt-0.5 block h-1.5">
        <Bar part={value / most} side={side} faint={word !== undefined} />
      </span>
    </span>
  );
}

function Bar({ part, side, faint }: { part: number; side: string; faint?: boolean }) {
  return (
    <span
      className={cx("block h-full min-w-px", sideColor(side).bg, faint && "opacity-40")}
      style={{ width: `${100 * part}%` }}
    />
  );
}
