import { REGIONS } from "./cloud.ts";

/** Configuration of the example plugin. */
export interface ExampleConfig {
  /** Regions to collect. Default: all of them. */
  readonly region: readonly string[];
}

/** Reads the configuration; a zod schema's `parse` would do as well. */
export function readConfig(value: unknown): ExampleConfig {
  const { region = REGIONS } = (value ?? {}) as Partial<ExampleConfig>;
  const unknown = [region].flat().filter((each) => !REGIONS.includes(each));
  if (unknown.length > 0) {
    throw new RangeError(
      `Cannot read "region": there is no ${unknown.join(", ")}, only ${
        REGIONS.join(", ")
      }`,
    );
  }
  return { region: [region].flat() };
}
