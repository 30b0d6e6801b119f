import type { FamilySample, FamilyType } from "./family.ts";
import { MetricBlock } from "./metric_block.ts";

/** What is read of a registry of `prom-client`. */
export interface MetricsRegistry {
  /** Its metrics with their values. */
  getMetricsAsJSON(): Promise<
    readonly {
      readonly name: string;
      readonly help: string;
      readonly type: unknown;
      readonly values: readonly RegistryValue[];
    }[]
  >;
}

interface RegistryValue {
  readonly value: number;
  readonly labels: Readonly<Record<string, string | number | undefined>>;
  /** Such as `x_bucket` of a histogram `x`. */
  readonly metricName?: string;
}

/** Labels that are numbers; OpenMetrics writes them with a point. */
const BOUNDS: ReadonlySet<string> = new Set(["le", "quantile"]);

function labelText(name: string, value: string | number): string {
  const text = String(value);
  return BOUNDS.has(name) && /^-?\d+$/.test(text) ? `${text}.0` : text;
}

function toSample(
  { value, labels, metricName }: RegistryValue,
): FamilySample {
  return {
    ...(metricName !== undefined && { name: metricName }),
    labels: Object.fromEntries(
      Object.entries(labels).map(([name, each]) => [
        name,
        labelText(name, each ?? ""),
      ]),
    ),
    value,
  };
}

/** Everything a registry knows at this moment. */
export async function registryBlocks(
  registry: MetricsRegistry,
): Promise<readonly MetricBlock[]> {
  const families = await registry.getMetricsAsJSON();
  return families.map(({ name, help, type, values }) =>
    new MetricBlock({
      name,
      help,
      type: type as FamilyType,
      samples: values.map(toSample),
    })
  );
}
