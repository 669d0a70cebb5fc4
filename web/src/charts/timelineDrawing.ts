/** What a timeline of losses is drawn from. */

export interface TimelineBucket {
  /** Start of the bucket, milliseconds. */
  at: number;
  /** Losses by side id; a side without losses may be missing. */
  sides: Readonly<Record<string, { ships: number; isk: number } | undefined>>;
}

/** One loss, for the ISK lines. */
export interface TimelineLoss {
  at: number;
  side: string;
  /** 0 when unknown. */
  isk: number;
  /** Counted among the losses; capsules and the like are not. */
  counted: boolean;
}

/** A loss worth a mark of its own. */
export interface TimelineMark {
  at: number;
  side: string;
  kind: "capital" | "structure" | "value";
  /** "Avatar −87.2b" */
  label: string;
}

/** Where the drawing lies; what is laid over it is placed by this. */
export interface Frame {
  /** Times at the left and right end, milliseconds. */
  from: number;
  to: number;
  /** Pixels from a time, and back. */
  x: (at: number) => number;
  time: (x: number) => number;
  left: number;
  right: number;
  height: number;
}

/** What is drawn. */
export interface TimelineDrawing {
  buckets: readonly TimelineBucket[];
  bucketSeconds: number;
  /** Side ids in order; the first stands above the axis, the others below. */
  sides: readonly string[];
  /** Every loss, by time. */
  losses: readonly TimelineLoss[];
  marks: readonly TimelineMark[];
  /** One sentence that says what the chart shows. */
  summary: string;
  height: number;
  /** Bars, lines and great marks alone, without legend and scales: for a strip of the page. */
  thin?: boolean;
}
