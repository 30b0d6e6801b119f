/**
 * The documents that core itself works by.
 *
 * @module
 */

import { logger } from "@skymap/lib/log";
import type { JsonObject } from "@skymap/lib/json";
import type { CommandsDocument } from "./commands_document.ts";
import type { CoreConfig } from "./core_document.ts";
import { schemaError } from "./document_error.ts";
import type { DocumentRules } from "./document_rules.ts";
import { type ConfigOverride, overridden } from "./overrides.ts";

/** A document by now. */
export interface OwnDocument {
  /** What it may hold. */
  readonly rules: DocumentRules;
  /** What was set. */
  readonly stored: JsonObject;
  /** What counts in its place. */
  readonly overrides: readonly ConfigOverride[];
}

const log = logger("core/config");

/** Documents with every default, read once for each change. */
export class OwnDocuments {
  readonly #find: (id: string) => OwnDocument;
  readonly #read = new Map<string, Record<string, unknown>>();

  /** Takes what finds a document as it is by now. */
  constructor(find: (id: string) => OwnDocument) {
    this.#find = find;
  }

  /** Reads a document anew the next time. */
  forget(id: string): void {
    this.#read.delete(id);
  }

  /** What core is configured with. */
  core(): CoreConfig {
    return this.#get("skymap.core")["core"] as CoreConfig;
  }

  /** The commands that are templates. */
  commands(): CommandsDocument {
    return this.#get("skymap.commands") as CommandsDocument;
  }

  /** A document with every default; of one that is broken the defaults alone. */
  #get(id: string): Record<string, unknown> {
    const known = this.#read.get(id);
    if (known !== undefined) return known;
    const { rules, stored, overrides } = this.#find(id);
    const config = overridden(stored, overrides);
    const faults = rules.faults(config, config);
    if (faults.length > 0) {
      log.error("{reason}; its defaults count", {
        reason: schemaError(id, faults).message,
      });
    }
    const parsed = rules.parse(
      faults.length === 0 ? config : overridden({}, overrides),
    );
    this.#read.set(id, parsed);
    return parsed;
  }
}
