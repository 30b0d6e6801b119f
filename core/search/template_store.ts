/**
 * Stored templates of searches.
 *
 * @module
 */

import { type DbSession, RecordId } from "@skymap/lib/db";
import { SkymapError } from "@skymap/lib/errors";
import { nearestNames } from "../model/nearest_names.ts";
import { replacePlaceholders } from "../query/placeholders.ts";
import { suggestionText } from "../query/syntax_error.ts";
import { checkTemplate, usesTemplate } from "./template_check.ts";
import { expandTemplates, type TemplateLookup } from "./template_expand.ts";

/** A template as it is kept. */
export interface SearchTemplate {
  /** Its name in `expand(name, …)`. */
  readonly name: string;
  /** Its text. */
  readonly template: string;
}

/** What {@linkcode TemplateStore.open} takes. */
export interface TemplateStoreOptions {
  /** The database `system`. */
  readonly db: DbSession;
  /** The present, in milliseconds. Default: the system's clock. */
  readonly nowMs?: () => number;
}

const NAME = /^[A-Za-z0-9_][A-Za-z0-9_-]{0,99}$/;

/** Characters of a template at most. */
const MAX_CHARS = 100_000;

/** The templates: kept in the database, answered from memory. */
export class TemplateStore implements TemplateLookup {
  readonly #db: DbSession;
  readonly #nowMs: () => number;
  readonly #known = new Map<string, string>();

  private constructor({ db, nowMs = Date.now }: TemplateStoreOptions) {
    this.#db = db;
    this.#nowMs = nowMs;
  }

  /** Reads what was stored. */
  static async open(options: TemplateStoreOptions): Promise<TemplateStore> {
    const store = new TemplateStore(options);
    const [rows] = await options.db.query<
      [{ readonly id: RecordId; readonly template: string }[]]
    >("SELECT * FROM search_template");
    for (const { id, template } of rows) {
      store.#known.set(String(id.id), template);
    }
    return store;
  }

  /** All templates, by name. */
  list(): readonly SearchTemplate[] {
    return this.names().map((name) => this.get(name));
  }

  /** Names of all templates, sorted. */
  names(): readonly string[] {
    return [...this.#known.keys()].sort();
  }

  /** The text of a template, or undefined. */
  text(name: string): string | undefined {
    return this.#known.get(name);
  }

  /**
   * A template.
   *
   * @throws {SkymapError} `template_unknown`.
   */
  get(name: string): SearchTemplate {
    const template = this.#known.get(name);
    if (template !== undefined) return { name, template };
    const nearest = nearestNames(name, this.names());
    throw new SkymapError(
      "template_unknown",
      `Cannot find template "${name}": none has this name${
        suggestionText(nearest)
      }`,
      { details: { suggestions: nearest } },
    );
  }

  /**
   * Stores a template, in place of one of the same name.
   *
   * @throws {SkymapError} `template_invalid` with the reason: its gaps do not
   * parse, it expands itself or a template that does not exist, or no values make
   * a search of it.
   */
  async put(name: string, template: string): Promise<SearchTemplate> {
    const problem = this.#problem(name, template);
    if (problem !== undefined) {
      throw new SkymapError(
        "template_invalid",
        `Cannot store template "${name.slice(0, 100)}": ${problem}`,
      );
    }
    await this.#db.query("UPSERT $id CONTENT $row RETURN NONE", {
      id: new RecordId("search_template", name),
      row: { template },
    });
    this.#known.set(name, template);
    return { name, template };
  }

  #problem(name: string, template: string): string | undefined {
    if (!NAME.test(name)) {
      return "a name has letters, digits, _ and -, at most 100";
    }
    if (template.trim() === "") return "it is empty";
    if (template.length > MAX_CHARS) {
      return `it has ${template.length} characters, at most ${MAX_CHARS} are kept`;
    }
    return checkTemplate(name, template, this, this.#nowMs());
  }

  /**
   * Removes a template.
   *
   * @throws {SkymapError} `template_unknown`; `conflict` while another template
   * expands it.
   */
  async remove(name: string): Promise<void> {
    this.get(name);
    const users = this.names().filter((other) =>
      other !== name && usesTemplate(this.text(other) ?? "", name)
    );
    if (users.length > 0) {
      throw new SkymapError(
        "conflict",
        `Cannot remove template "${name}": ${
          users.join(", ")
        } expand it, wanted a template that no other uses`,
      );
    }
    await this.#db.query("DELETE $id RETURN NONE", {
      id: new RecordId("search_template", name),
    });
    this.#known.delete(name);
  }

  /**
   * The search that a text with placeholders and templates stands for.
   *
   * @throws {SkymapError} `query_syntax` or `query_invalid`, with the place.
   */
  expand(text: string, timeZone?: string): string {
    const nowMs = this.#nowMs();
    return expandTemplates(replacePlaceholders(text, nowMs, timeZone), {
      templates: this,
      nowMs,
      ...(timeZone !== undefined && { timeZone }),
    }).text;
  }
}
