import { useMemo } from "react";
import type { BattleDetail } from "../../api/model";
import { type ReportSource, useReport } from "../../api/queries/report";
import { atEnd, battleAt, type Course, completed, type Moment, momentSource, parseMoment } from "./replay";

/**
 * What the figures are of: everything, without a replay or at its end; the moment; or the
 * moment as far as losses tell, with the rest to come, or not to be had.
 */
export type Standing = "whole" | "moment" | "waiting" | "losses";

interface AtMoment {
  /** The report as it stood, without a replay as it is. */
  battle: BattleDetail;
  standing: Standing;
  /** What the API is asked for of it: the moment once the API has told of it, else the whole. */
  told: ReportSource;
}

/**
 * The report at the moment of a replay: what its killmails tell at once, and the rest
 * as soon as the replay rests there, which is when the address says so.
 */
export function useMoment(
  source: ReportSource,
  view: BattleDetail,
  course: Course,
  moment: Moment | null,
  at: string | undefined,
): AtMoment {
  const before = moment !== null && !atEnd(course, moment) ? moment : null;
  const rests = before !== null && parseMoment(course, at)?.count === before.count;
  const possible = useMemo(() => before && momentSource(source, course, before), [before, source, course]);
  const asked = rests ? possible : null;
  const answer = useReport(asked ?? source);
  const told = asked && !answer.isPlaceholderData ? answer.data : undefined;
  const sofar = useMemo(() => before && battleAt(view, course, before), [view, course, before]);
  const battle = useMemo(() => {
    if (!sofar) return view;
    return told ? completed(sofar, told) : sofar;
  }, [view, sofar, told]);
  const standing = !before ? "whole" : told ? "moment" : possible ? "waiting" : "losses";
  return { battle, standing, told: asked && told ? asked : source };
}
