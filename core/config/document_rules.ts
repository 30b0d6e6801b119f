/**
 * What a document of the configuration may hold.
 *
 * @module
 */

import { hasReference } from "@skymap/lib/config";
import { isObject, type Json, type JsonObject } from "@skymap/lib/json";
import { z } from "zod";
import { nearestNames } from "../model/nearest_names.ts";
import { suggestionText } from "../query/syntax_error.ts";
import { type ConfigSchema, dereference, isSection } from "./config_schema.ts";
import { foreignSchema } from "./foreign_schema.ts";
import {
  type ConfigFault,
  type ConfigPath,
  schemaFaults,
  shownValue,
} from "./schema_faults.ts";

/** A section that somebody else describes. */
export interface ForeignSection {
  /** Its name. */
  readonly name: string;
  /** What it is for. */
  readonly description: string;
  /** JSON schema of what it may hold; without one anything. */
  readonly schema?: unknown;
}

/** What came of trying what a document says. */
export interface TrialResult {
  /** What would not work. */
  readonly faults: readonly ConfigFault[];
  /** What a person should know: what could not be tried, what gives nothing. */
  readonly notes: readonly string[];
}

/**
 * Tries what a document says and did not say before; both with what counts in
 * their place. It may take a while.
 */
export type DocumentTrial = (
  config: JsonObject,
  before: JsonObject,
  signal: AbortSignal,
) => Promise<TrialResult>;

/** What {@linkcode DocumentRules} are made of. */
export interface DocumentDeclaration {
  /** Id of the document. */
  readonly id: string;
  /** What it configures: a sentence without its end. */
  readonly brief: string;
  /** Its own sections. */
  readonly own: z.ZodObject;
  /** Sections of others, as of now. Default: it has none. */
  readonly foreign?: () => readonly ForeignSection[];
  /** Whether its texts may refer to the environment of who uses them. */
  readonly takesReferences: boolean;
  /** Tries a document whose rules are kept. Default: there is nothing to try. */
  readonly trial?: DocumentTrial | undefined;
}

/** The rules of one document that Skymap knows. */
export class DocumentRules {
  readonly #declaration: DocumentDeclaration;
  readonly #own: ConfigSchema;

  /** Takes what the document is made of. */
  constructor(declaration: DocumentDeclaration) {
    this.#declaration = declaration;
    this.#own = z.toJSONSchema(declaration.own, {
      io: "input",
    }) as unknown as ConfigSchema;
  }

  /** Id of the document. */
  get id(): string {
    return this.#declaration.id;
  }

  /** What it configures. */
  get brief(): string {
    return this.#declaration.brief;
  }

  /** Tries a document that has no {@linkcode faults}. */
  async try(...document: Parameters<DocumentTrial>): Promise<TrialResult> {
    return await this.#declaration.trial?.(...document) ??
      { faults: [], notes: [] };
  }

  /** Its schema, with the sections of others as of now. */
  schema(): ConfigSchema {
    return {
      ...this.#own,
      description: this.brief,
      properties: {
        ...this.#own.properties,
        ...Object.fromEntries(
          this.#foreign().map((section) => [
            section.name,
            foreignSchema(section.name, section.description, section.schema),
          ]),
        ),
      },
      additionalProperties: false,
    };
  }

  /** Sections of others; none takes the place of an own one. */
  #foreign(): readonly ForeignSection[] {
    return (this.#declaration.foreign?.() ?? [])
      .filter(({ name }) => !this.#isOwn(name));
  }

  #isOwn(name: string): boolean {
    return Object.hasOwn(this.#own.properties ?? {}, name);
  }

  /**
   * The document without what says nothing: sections of its own that are empty.
   * A section that was written without anything in it is empty.
   */
  tidy(config: JsonObject): JsonObject {
    const own = this.#own.properties ?? {};
    return Object.fromEntries(
      Object.entries(config).flatMap(([name, value]) => {
        const schema = Object.hasOwn(own, name) ? own[name] : undefined;
        const tidied = schema === undefined
          ? value ?? {}
          : tidySection(value, schema, this.#own);
        return tidied === undefined ? [] : [[name, tidied]];
      }),
    );
  }

  /**
   * Every fault. What `before` holds already in a section of others is no fault
   * any more: the plugin it was for may have changed or gone since.
   */
  faults(config: JsonObject, before: JsonObject = {}): readonly ConfigFault[] {
    const foreign = new Set(this.#foreign().map(({ name }) => name));
    const isOwn = (name: string) => this.#isOwn(name);
    const names = [
      ...Object.keys(this.#own.properties ?? {}),
      ...foreign,
    ];
    const own = Object.fromEntries(
      Object.entries(config).filter(([name]) => isOwn(name)),
    );
    const root = this.schema();
    return [
      ...this.#ownFaults(own),
      ...Object.entries(config).flatMap(([name, value]): ConfigFault[] => {
        if (isOwn(name)) return [];
        const kept = Object.hasOwn(before, name) ? before[name] : undefined;
        if (JSON.stringify(kept) === JSON.stringify(value)) return [];
        if (!foreign.has(name)) {
          return [this.#unknownSection(name, names)];
        }
        return [
          ...schemaFaults(root.properties?.[name] ?? {}, value, {
            path: [name],
            root,
            takesReferences: this.#declaration.takesReferences,
          }),
        ];
      }),
    ];
  }

  /** The own sections with every default; throws what {@linkcode faults} tells. */
  parse(config: JsonObject): Record<string, unknown> {
    const own = Object.keys(this.#own.properties ?? {});
    return this.#declaration.own.parse(
      Object.fromEntries(
        Object.entries(config).filter(([name]) => own.includes(name)),
      ),
    );
  }

  #unknownSection(name: string, names: readonly string[]): ConfigFault {
    const what = this.#declaration.foreign === undefined
      ? "section"
      : "section, and the registry has no plugin of this name";
    const within = names.filter((each) =>
      Object.hasOwn(this.#own.properties?.[each]?.properties ?? {}, name)
    ).map((each) => `${each}.${name}`);
    const nearest = within.length > 0 ? within : nearestNames(name, names);
    return {
      path: [name],
      isName: true,
      message: `is no such ${what}${
        nearest.length > 0
          ? suggestionText(nearest)
          : `, wanted ${names.join(", ")}`
      }`,
    };
  }

  #ownFaults(config: JsonObject): readonly ConfigFault[] {
    const { takesReferences } = this.#declaration;
    const faults = schemaFaults(this.#own, config, {
      skipsPatterns: true,
      takesReferences,
    });
    const read = this.#declaration.own.safeParse(config);
    if (read.success) return faults;
    const told = new Set(faults.map(({ path }) => path.join("\0")));
    return [
      ...faults,
      ...read.error.issues.flatMap((issue) => furtherFaults(issue, [], config))
        .filter(({ path, isName = false }) => {
          const value = valueAt(config, path);
          const isReference = takesReferences && !isName &&
            typeof value === "string" && hasReference(value);
          return !isReference && !told.has(path.join("\0"));
        }),
    ];
  }
}

function tidySection(
  value: Json,
  schema: ConfigSchema,
  root: ConfigSchema,
): Json | undefined {
  const { properties, ...known } = dereference(schema, root);
  if (!isSection({ ...known, ...(properties && { properties }) })) return value;
  if (value === null) return undefined;
  if (!isObject(value)) return value;
  const entries = Object.entries(value as JsonObject).flatMap(
    ([name, each]) => {
      const inner = properties !== undefined && Object.hasOwn(properties, name)
        ? properties[name]
        : undefined;
      const tidied = inner === undefined
        ? each
        : tidySection(each, inner, root);
      return tidied === undefined ? [] : [[name, tidied] as const];
    },
  );
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function valueAt(config: Json, path: ConfigPath): Json {
  let value: Json | undefined = config;
  for (const key of path) {
    value = typeof value === "object" && value !== null
      ? (value as Record<string | number, Json>)[key]
      : undefined;
  }
  return value ?? null;
}

/** What only zod knows: what texts look like, and rules of our own. */
function furtherFaults(
  issue: z.core.$ZodIssue,
  prefix: ConfigPath,
  config: JsonObject,
): ConfigFault[] {
  const path = [
    ...prefix,
    ...issue.path.map((part) => typeof part === "number" ? part : String(part)),
  ];
  if (issue.code === "invalid_union") {
    const branches = issue.errors.map((branch) =>
      branch.map((each) => furtherFaults(each, path, config))
    );
    // One whose every issue is of this sort is the one that was meant.
    const meant = branches.find((branch) =>
      branch.length > 0 && branch.every((faults) => faults.length > 0)
    );
    return meant?.flat() ?? [];
  }
  if (issue.code === "invalid_key") {
    return issue.issues.map(({ message }) => ({
      path,
      isName: true,
      message: wantedMessage(message, String(path.at(-1)), path),
    }));
  }
  if (issue.code !== "custom" && issue.code !== "invalid_format") return [];
  const value = valueAt(config, path);
  return [{ path, message: wantedMessage(issue.message, value, path) }];
}

function wantedMessage(message: string, value: Json, path: ConfigPath): string {
  return message.startsWith("wanted")
    ? `is ${shownValue(value, path)}, ${message}`
    : message;
}
