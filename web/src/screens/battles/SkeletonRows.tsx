import { COLUMNS, ROW_NARROW, ROW_WIDE } from "./Row";

const WIDTHS = ["w-20", "w-28", "w-4/5", "w-40", "w-10 ml-auto", "w-16 ml-auto"];

/** Rows of the shape that is about to come. */
export function SkeletonRows({ wide, rows = 14 }: { wide: boolean; rows?: number }) {
  return (
    <div role="status" aria-label="Loading battles">
      {Array.from({ length: rows }, (_, i) => (
        <div
          // biome-ignore lint/suspicious/noArrayIndexKey: the rows are all alike and never move
          key={i}
          style={{ height: wide ? ROW_WIDE : ROW_NARROW }}
          className={
            wide ? `${COLUMNS} border-line border-b` : "grid content-center gap-2 border-line border-b px-3"
          }
        >
          {(wide ? WIDTHS : ["w-1/2", "w-3/4", "w-2/3"]).map((width) => (
            <div key={width} className={`skeleton h-3.5 ${width}`} />
          ))}
        </div>
      ))}
    </div>
  );
}
