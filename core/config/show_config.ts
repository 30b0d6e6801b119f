/**
 * Documents as they are shown, to programs and to people.
 *
 * @module
 */

import type { ConfigJson } from "@skymap/lib/client";
import type { JsonObject } from "@skymap/lib/json";
import type { StoredConfig } from "./config_store.ts";
import type { DocumentRules } from "./document_rules.ts";
import { type ConfigOverride, overridden, valueAtPath } from "./overrides.ts";
import { printDocument } from "./print_document.ts";
import type { ConfigPath } from "./schema_faults.ts";
import type { SecretMarks } from "./secrets.ts";

/** What is shown of a document, whatever it says. */
export interface ConfigView {
  /** Its id. */
  readonly id: string;
  /** Its rules, if Skymap knows it. */
  readonly rules: DocumentRules | undefined;
  /** What counts in its place. */
  readonly overrides: readonly ConfigOverride[];
  /** What is shown in the place of secrets. */
  readonly marks: SecretMarks;
}

/** Revision, time and author of a state; revision 0 when there never was one. */
export function stateOf(
  state: StoredConfig | undefined,
): Pick<ConfigJson, "revision" | "updated_at" | "updated_by"> {
  return state === undefined ? { revision: 0 } : {
    revision: state.revision,
    updated_at: state.updatedAt,
    updated_by: state.updatedBy,
  };
}

/** A document for programs; its secrets are marks unless they are asked for. */
export function showConfig(
  { id, rules, overrides, marks }: ConfigView,
  state: StoredConfig | undefined,
  secrets: boolean = false,
): ConfigJson {
  const hide = (config: JsonObject) =>
    secrets ? config : marks.redact(config, rules?.schema());
  return {
    id,
    ...stateOf(state),
    config: hide(state?.config ?? {}),
    overrides: overrides.map((each) => ({
      path: each.path.join("."),
      value: valueAtPath(hide(overridden({}, [each])), each.path) ?? null,
      origin: each.origin,
    })),
  };
}

/** A document for people: YAML that explains itself. */
export function printConfig(
  view: ConfigView,
  state: StoredConfig | undefined,
  options: { readonly effective: boolean; readonly secrets: boolean },
): string {
  const { rules, overrides, marks } = view;
  const shown = showConfig(view, state, options.secrets);
  const schema = rules?.schema();
  const about = {
    head: headOf(shown, rules?.brief),
    ...(schema !== undefined && { schema }),
  };
  if (!options.effective) return printDocument(shown.config, about);
  const config = overridden(state?.config ?? {}, overrides);
  return printDocument(
    options.secrets ? config : marks.redact(config, schema),
    { ...about, originOf: (path) => originOf(path, shown, overrides) },
  );
}

function headOf(shown: ConfigJson, brief: string | undefined): string[] {
  const { id, revision, updated_at, updated_by, overrides } = shown;
  return [
    brief === undefined ? id : `${id}: ${brief}`,
    revision === 0
      ? "Never changed: every default counts."
      : `Revision ${revision}, ${updated_at} by ${updated_by}`,
    ...overrides.map(({ path, value, origin }) =>
      `${path} is ${JSON.stringify(value)} whatever stands here: ${origin}`
    ),
  ];
}

/** Where the value at a path is from. */
function originOf(
  path: ConfigPath,
  { revision }: ConfigJson,
  overrides: readonly ConfigOverride[],
): string {
  const found = overrides.findLast((each) => {
    const shorter = Math.min(each.path.length, path.length);
    return each.path.slice(0, shorter).every((part, at) => part === path[at]);
  });
  return found?.origin ?? `revision ${revision}`;
}
