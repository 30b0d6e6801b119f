/**
 * What goes over the wire about the configuration.
 *
 * @module
 */

import type { Json, JsonObject } from "../json.ts";

/** A document in a few words. */
export interface ConfigSummaryJson {
  readonly id: string;
  /** How often it was changed; 0: never, every default counts. */
  readonly revision: number;
  /** Whether Skymap knows what it may hold. */
  readonly is_known: boolean;
  /** What it configures, when Skymap knows. */
  readonly description?: string;
  readonly updated_at?: string;
  readonly updated_by?: string;
  /** Paths at which core was started with something else. */
  readonly overridden: readonly string[];
}

/** A value that counts in place of what a document says. */
export interface ConfigOverrideJson {
  /** As in `core.cli.default_graph`. */
  readonly path: string;
  readonly value: Json;
  /** A flag, a variable or a file of core. */
  readonly origin: string;
}

/** A document. */
export interface ConfigJson {
  readonly id: string;
  readonly revision: number;
  readonly updated_at?: string;
  readonly updated_by?: string;
  /** What was set; defaults are not in it. Secrets are marks, unless asked for. */
  readonly config: JsonObject;
  readonly overrides: readonly ConfigOverrideJson[];
}

/** A document that was changed. */
export interface ConfigChangedJson extends ConfigJson {
  /** What the person should know: what does not count, and why. */
  readonly notes: readonly string[];
}

/** A state that a document was in. */
export interface ConfigRevisionJson {
  readonly revision: number;
  readonly updated_at: string;
  readonly updated_by: string;
  readonly deleted: boolean;
}

/** What a process works with: the document with what overrides it in core. */
export interface ActiveConfigJson {
  /** Another text for every other content. */
  readonly version: string;
  /** As it is, secrets and references to the environment included. */
  readonly config: JsonObject;
}
