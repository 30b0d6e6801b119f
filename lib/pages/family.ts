/** What a family of series is to Prometheus. */
export type FamilyType =
  | "counter"
  | "gauge"
  | "histogram"
  | "summary"
  | "untyped";

/** One sample of a family. */
export interface FamilySample {
  /** Its name, as `x_bucket` of a histogram `x`. Default: that of the family. */
  readonly name?: string;
  /** Values of its labels by name. */
  readonly labels: Readonly<Record<string, string>>;
  /** Its value. */
  readonly value: number;
}

/** Series of one name, with what is said about them. */
export interface MetricFamily {
  /** Name, the unit behind it; that of a counter ends in `_total`. */
  readonly name: string;
  /** What it counts. */
  readonly help: string;
  /** What it is. */
  readonly type: FamilyType;
  /** Its samples; no two of them have the same labels. */
  readonly samples: readonly FamilySample[];
}
