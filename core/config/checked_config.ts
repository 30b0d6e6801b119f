/**
 * Documents before they are stored.
 *
 * @module
 */

import type { JsonObject } from "@skymap/lib/json";
import { nearestNames } from "../model/nearest_names.ts";
import { suggestionText } from "../query/syntax_error.ts";
import { checkConfigId } from "./config_id.ts";
import { schemaError } from "./document_error.ts";
import { overridden, valueAtPath } from "./overrides.ts";
import { type ReadDocument, readDocument } from "./read_document.ts";
import { type ConfigFault, pathText } from "./schema_faults.ts";
import type { ConfigView } from "./show_config.ts";

/** A document as it is given: YAML or JSON, or what was read of it. */
export type ConfigInput = string | JsonObject;

/** A document that may be stored. */
export interface CheckedConfig {
  /** As it is to be stored. */
  readonly config: JsonObject;
  /** What came up when it was tried. */
  readonly notes: readonly string[];
}

/** The document as it is to be stored, once it was tried; every fault at once. */
export async function checkedConfig(
  { id, rules, overrides, marks }: ConfigView,
  stored: JsonObject,
  input: ConfigInput,
  signal: AbortSignal,
): Promise<CheckedConfig> {
  checkConfigId(id);
  const text = typeof input === "string" ? input : undefined;
  const read: ReadDocument | undefined = text === undefined
    ? undefined
    : readDocument(id, text);
  const given = read?.config ?? input as JsonObject;
  const restored = marks.restore(given, stored);
  const config = rules?.tidy(restored.config) ?? restored.config;
  const faults: ConfigFault[] = [
    ...restored.faults,
    ...rules?.faults(config, stored) ?? [],
  ];
  if (faults.length > 0) throw schemaError(id, faults, text, read);
  const trial = await rules?.try(
    overridden(config, overrides),
    overridden(stored, overrides),
    signal,
  );
  if (trial === undefined) return { config, notes: [] };
  if (trial.faults.length > 0) throw schemaError(id, trial.faults, text, read);
  return { config, notes: trial.notes };
}

/** What the person who makes a change should know. */
export function changeNotes(
  { rules, overrides }: ConfigView,
  before: JsonObject,
  config: JsonObject,
): readonly string[] {
  const faults = rules?.faults(config) ?? [];
  return [
    ...overrides.flatMap(({ path, origin }) => {
      const is = JSON.stringify(valueAtPath(config, path));
      return is === undefined ||
          is === JSON.stringify(valueAtPath(before, path))
        ? []
        : [`${path.join(".")} does not count: ${origin} says otherwise`];
    }),
    ...faults.map(({ path, message }) =>
      `${pathText(path)} ${message}; it was so before and is kept`
    ),
  ];
}

/** Doubts that a new document of an id that is not known is meant. */
export function newIdNotes(
  id: string,
  known: readonly string[],
): readonly string[] {
  const nearest = nearestNames(id, known);
  return nearest.length > 0 || id.startsWith("skymap.")
    ? [
      `nothing reads the new document "${id}"${
        nearest.length > 0
          ? suggestionText(nearest)
          : `, wanted one of ${known.join(", ")}`
      }`,
    ]
    : [];
}
