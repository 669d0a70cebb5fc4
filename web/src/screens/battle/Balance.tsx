import type { Side } from "../../api/model";
import { formatIsk } from "../../eve/isk";
import { SideBadge } from "../../eve-ui/SideBadge";
import { SplitBar } from "../../eve-ui/SplitBar";
import { balanceSentence } from "./balanceSentence";
import { formatShare } from "./share";

/** Who lost what part of the ISK: one bar, and the same in a sentence. */
export function Balance({ sides }: { sides: readonly Side[] }) {
  const sentence = balanceSentence(sides);
  if (sentence === "") return null;
  const lost = sides.filter((side) => side.isk_lost > 0);
  const total = lost.reduce((sum, side) => sum + side.isk_lost, 0);
  return (
    <section aria-label="Balance" className="border-line border-b px-3 py-2.5">
      <div className="mb-1.5 flex flex-wrap items-center gap-x-4 gap-y-1">
        <p className="mr-auto">{sentence}</p>
        <div className="flex flex-wrap gap-x-4 gap-y-1">
          {lost.map((side) => (
            <span key={side.id} className="num flex items-center gap-1.5 text-xs">
              <SideBadge side={side.id} />
              {formatIsk(side.isk_lost)}
              <span className="text-muted">{formatShare(side.isk_lost, total)} of the losses</span>
            </span>
          ))}
        </div>
      </div>
      <SplitBar parts={lost} className="h-2" />
    </section>
  );
}
