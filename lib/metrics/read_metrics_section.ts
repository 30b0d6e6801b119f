import {
  METRICS_SECTION,
  type MetricsSection,
} from "../config/metrics_section.ts";
import { resolveReferences } from "../config/references.ts";
import { SkymapError } from "../errors.ts";
import type { JsonObject } from "../json.ts";

/** Whether this process may read a variable: its own settings. */
function mayRead(variable: string): boolean {
  return Deno.permissions.querySync({ name: "env", variable }).state ===
    "granted";
}

/**
 * Reads the document `skymap.metrics`, with the variables of this process in
 * place of references to them.
 *
 * @throws {SkymapError} `config_invalid`, with every fault.
 */
export function readMetricsSection(document: JsonObject): MetricsSection {
  const { metrics: written = {}, ...rest } = document;
  const section = resolveReferences(written, ["metrics"], {
    env: (name) => Deno.env.get(name),
    mayRead,
    readable: "SKYMAP_*",
  });
  const read = METRICS_SECTION.safeParse(section);
  const faults = [
    ...Object.keys(rest).map((name) => `${name}: is no such section`),
    ...(read.error?.issues ?? []).map(({ path, message }) =>
      `${["metrics", ...path].join(".")}: ${message}`
    ),
  ];
  if (read.success && faults.length === 0) return read.data;
  throw new SkymapError(
    "config_invalid",
    `Cannot read the configuration: ${faults.join("; ")}`,
    { details: { faults } },
  );
}
