import { isObject } from "../json.ts";
import { KIND_OPERATIONS, SIMPLE_KINDS } from "../resource/kind.ts";
import {
  PERMISSION_PHASES,
  type PermissionPhase,
  type PermissionRequest,
  type PluginDefinition,
  type PluginManifest,
  PROTOCOL_VERSION,
} from "./contract.ts";
import { GRAPH_PHASES } from "./graph_rights.ts";
import { permissionFaults } from "./permissions.ts";

const NAME = /^[a-z][a-z0-9_]{0,63}$/;
/** Kinds of values are named by the way to them. */
const KIND_NAME = /^[a-z][a-z0-9_]{0,127}$/;
/** What could make a terminal show something else than is written. */
const UNPRINTABLE =
  // deno-lint-ignore no-control-regex -- that is what is looked for
  /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;
const MAX_DESCRIPTION = 500;
const MAX_VERSION = 64;
/** Faults that are told. */
const MAX_FAULTS = 100;
const SEMVER = /^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/;

/** The containers of a plugin that collects nothing. */
const NO_CONTAINERS = { account: "account", region: "region" } as const;

/** What a manifest is made of: a definition, whose functions only count. */
export type PluginData = Omit<
  PluginDefinition<never>,
  "accounts" | "config" | "isConfigured" | "policy"
>;

/** The names of a table of functions, in order. */
function namesOf(table: unknown): string[] {
  return isObject(table) ? Object.keys(table).sort() : [];
}

/** What is known of a plugin without running its work. */
export function manifestOf(
  definition: PluginData,
): PluginManifest {
  const { name, configSchema, permissions, reactions } = definition;
  return {
    protocol: PROTOCOL_VERSION,
    name,
    version: definition.version,
    description: definition.description,
    cloud: definition.cloud ?? name,
    containers: definition.containers ?? NO_CONTAINERS,
    kinds: definition.kinds ?? [],
    ...(configSchema !== undefined && { configSchema }),
    collects: definition.collect !== undefined,
    ...(definition.fallback !== undefined && { fallback: definition.fallback }),
    actions: namesOf(definition.actions),
    tasks: namesOf(definition.tasks),
    commands: namesOf(definition.commands),
    ...(definition.commandHelp !== undefined && {
      commandHelp: definition.commandHelp,
    }),
    reactions: Array.isArray(reactions)
      ? reactions.map((each) => ({ name: each?.name, search: each?.search }))
      : [],
    permissions: {
      // What is no phase is kept, so that it is told as a fault.
      ...permissions,
      ...Object.fromEntries(
        PERMISSION_PHASES.map((phase) => [phase, permissions?.[phase] ?? {}]),
      ) as Record<PermissionPhase, PermissionRequest>,
    },
  };
}

/** Characters of what `help` says of a command at most. */
const MAX_HELP = 10_000;

function isHelp(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { brief, words, description, examples } = value;
  return Object.keys(value).length === 4 && Array.isArray(examples) &&
    examples.every((each) =>
      isObject(each) && typeof each["line"] === "string" &&
      typeof each["says"] === "string"
    ) &&
    [brief, words, description].every((each) => typeof each === "string") &&
    JSON.stringify(value).length <= MAX_HELP;
}

function helpFaults(value: unknown, commands: unknown): string[] {
  if (value === undefined) return [];
  if (!isObject(value)) return ["commandHelp is no object"];
  const names: readonly unknown[] = Array.isArray(commands) ? commands : [];
  return Object.entries(value).flatMap(([name, help]) => [
    ...names.includes(name)
      ? []
      : [`commandHelp has "${name}", which is no command`],
    ...isHelp(help) ? [] : [
      `commandHelp of "${name}" is not { brief, words, description, examples: [{ line, says }] }`,
    ],
  ]);
}

/** Why a text is no value kind, or undefined when it is one. */
function valueKindFault(kind: unknown): string | undefined {
  if (typeof kind !== "string") return `is ${typeof kind}, expected a text`;
  let inner = kind.trim();
  for (;;) {
    const dictionary = /^dictionary\[\s*string\s*,(.*)\]$/.exec(inner)?.[1];
    const array = /^(.*)\[\]$/.exec(inner)?.[1];
    const next = array ?? dictionary;
    if (next === undefined) break;
    inner = next.trim();
  }
  if ((SIMPLE_KINDS as readonly string[]).includes(inner)) return;
  if (KIND_NAME.test(inner)) return;
  return `is "${kind}", expected a simple kind, a name, x[] or ` +
    "dictionary[string, x]";
}

/** What is wrong with what can be done to resources of a kind. */
function operationFaults(kind: Readonly<Record<string, unknown>>): string[] {
  const { name, operations = [], deletedAfter = [] } = kind;
  const faults: string[] = [];
  if (
    !Array.isArray(operations) ||
    operations.some((each) => !KIND_OPERATIONS.includes(each))
  ) {
    faults.push(
      `kind "${name}": operations is no list of ${KIND_OPERATIONS.join(", ")}`,
    );
  }
  if (
    !Array.isArray(deletedAfter) ||
    deletedAfter.some((each) =>
      typeof each !== "string" || !KIND_NAME.test(each)
    )
  ) faults.push(`kind "${name}": deletedAfter is no list of kinds`);
  return faults;
}

function kindFaults(kind: unknown, cloud: string): string[] {
  if (!isObject(kind)) return ["one of kinds is no object"];
  const { name, bases = [], properties = {}, enum: values } = kind;
  if (typeof name !== "string" || !KIND_NAME.test(name)) {
    return [
      `kind name ${
        JSON.stringify(name)
      } is not snake_case of at most 128 characters`,
    ];
  }
  const faults: string[] = [];
  if (!name.startsWith(`${cloud}_`)) {
    faults.push(`kind "${name}" does not start with "${cloud}_"`);
  }
  if (
    !Array.isArray(bases) || bases.some((base) => typeof base !== "string")
  ) faults.push(`kind "${name}": bases is no list of names`);
  faults.push(...operationFaults(kind));
  if (values !== undefined) {
    if (
      !Array.isArray(values) || values.length === 0 ||
      values.some((value) => typeof value !== "string")
    ) faults.push(`kind "${name}": enum is no list of texts`);
    if (kind["properties"] !== undefined) {
      faults.push(`kind "${name}" has both enum and properties`);
    }
  }
  if (!isObject(properties)) {
    return [...faults, `kind "${name}": properties is no object`];
  }
  for (const [property, declared] of Object.entries(properties)) {
    const fault = isObject(declared)
      ? valueKindFault(declared["kind"])
      : "is no object";
    if (fault !== undefined) {
      faults.push(`property "${name}.${property}" ${fault}`);
    }
  }
  return faults;
}

function allKindFaults(
  kinds: unknown,
  containers: unknown,
  cloud: string,
): string[] {
  if (!Array.isArray(kinds) || kinds.length === 0) {
    return ["kinds is no list with at least one kind"];
  }
  const faults = kinds.flatMap((kind) => kindFaults(kind, cloud));
  const names = new Set<unknown>();
  for (const { name } of kinds.filter(isObject)) {
    if (names.has(name)) faults.push(`kind "${name}" is declared twice`);
    names.add(name);
  }
  for (const role of ["account", "region"]) {
    const name = isObject(containers) ? containers[role] : undefined;
    if (!names.has(name)) {
      faults.push(
        `containers.${role} is ${JSON.stringify(name)}, expected one of kinds`,
      );
    }
  }
  return faults;
}

function nameFaults(table: string, names: unknown): string[] {
  if (!Array.isArray(names)) return [`${table} is no list of names`];
  return names.flatMap((name) =>
    typeof name === "string" && NAME.test(name)
      ? []
      : [`${table} holds ${JSON.stringify(name)}, expected snake_case`]
  );
}

function reactionFaults(reactions: unknown): string[] {
  if (!Array.isArray(reactions)) return ["reactions is no list"];
  const seen = new Set<unknown>();
  return reactions.flatMap((reaction: unknown) => {
    if (!isObject(reaction)) return ["one of reactions is no object"];
    const { name, search } = reaction;
    const faults = nameFaults("reactions", [name]);
    if (typeof search !== "string" || search.trim() === "") {
      faults.push(`reaction "${name}" has no search`);
    } else if (UNPRINTABLE.test(search.replace(/[\t\n]/g, " "))) {
      faults.push(`the search of reaction "${name}" is not printable`);
    }
    if (seen.has(name)) faults.push(`reaction "${name}" is declared twice`);
    seen.add(name);
    return faults;
  });
}

function requestFaults(phase: string, request: unknown): string[] {
  const faults = permissionFaults(request);
  const graph = isObject(request) ? request["graph"] : undefined;
  if (
    Array.isArray(graph) && graph.length > 0 &&
    !(GRAPH_PHASES as readonly string[]).includes(phase)
  ) faults.push(`graph is for ${GRAPH_PHASES.join(", ")} alone`);
  return faults.map((fault) => `permissions.${phase}: ${fault}`);
}

function phaseFaults(permissions: unknown): string[] {
  if (!isObject(permissions)) return ["permissions is no object"];
  return Object.entries(permissions).flatMap(([phase, request]) =>
    (PERMISSION_PHASES as readonly string[]).includes(phase)
      ? requestFaults(phase, request)
      : [
        `permissions.${phase} is no phase, expected one of ${
          PERMISSION_PHASES.join(", ")
        }`,
      ]
  );
}

/** The faults of what should be a manifest, the first 100; empty when it is one. */
export function manifestFaults(value: unknown): string[] {
  if (!isObject(value)) return ["the manifest is no object"];
  const { protocol, name, version, description, cloud, permissions } = value;
  if (protocol !== PROTOCOL_VERSION) {
    return [
      `it speaks protocol ${protocol}, this Skymap speaks ${PROTOCOL_VERSION}`,
    ];
  }
  const faults: string[] = [];
  if (typeof name !== "string" || !NAME.test(name)) {
    faults.push(`name is ${JSON.stringify(name)}, expected snake_case`);
  }
  if (
    typeof version !== "string" || version.length > MAX_VERSION ||
    !SEMVER.test(version)
  ) {
    faults.push(`version is ${JSON.stringify(version)}, expected as in 1.2.3`);
  }
  if (typeof description !== "string" || description.trim() === "") {
    faults.push("description is missing");
  } else if (
    UNPRINTABLE.test(description) || description.length > MAX_DESCRIPTION
  ) {
    faults.push(
      `description is no single line of at most ${MAX_DESCRIPTION} printable characters`,
    );
  }
  const cloudIsName = typeof cloud === "string" && NAME.test(cloud);
  if (!cloudIsName) {
    faults.push(`cloud is ${JSON.stringify(cloud)}, expected snake_case`);
  }
  if (
    value["configSchema"] !== undefined && !isObject(value["configSchema"])
  ) faults.push("configSchema is no JSON schema");
  if (!["undefined", "boolean"].includes(typeof value["fallback"])) {
    faults.push("fallback is neither true nor false");
  }
  if (typeof value["collects"] !== "boolean") {
    faults.push("collects is neither true nor false");
  }
  const { kinds, collects } = value;
  const declares = Array.isArray(kinds) && kinds.length > 0;
  if (declares && collects === false) {
    faults.push("it declares kinds, but has no collect");
  }
  if (cloudIsName && (declares || collects !== false)) {
    faults.push(...allKindFaults(kinds, value["containers"], cloud));
  }
  for (const table of ["actions", "tasks", "commands"]) {
    faults.push(...nameFaults(table, value[table]));
  }
  faults.push(
    ...helpFaults(value["commandHelp"], value["commands"]),
    ...reactionFaults(value["reactions"]),
    ...phaseFaults(permissions),
  );
  const more = faults.length - MAX_FAULTS;
  return more <= 0
    ? faults
    : [...faults.slice(0, MAX_FAULTS), `and ${more} faults more`];
}
