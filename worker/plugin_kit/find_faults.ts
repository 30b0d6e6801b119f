import type { JsonObject } from "@skymap/lib/json";
import type { PermissionPhase } from "@skymap/lib/plugin";
import {
  collectedFaults,
  coversPermission,
  type GrantedPermissions,
  PERMISSION_NAMES,
  type PermissionName,
  resolvePermissions,
} from "@skymap/lib/plugin_host";
import type { Trial } from "./try_plugin.ts";

/** What a trial shows of a plugin. */
export interface Findings {
  /** What must be mended before it is published. */
  readonly faults: readonly string[];
  /** What is worth a look. */
  readonly notes: readonly string[];
}

/** Something that a plugin reached for in one of its phases. */
interface Reached {
  readonly phase: PermissionPhase;
  readonly permission: string;
  readonly value: string;
  readonly allowed: boolean;
}

const PHASES: Readonly<Record<string, PermissionPhase>> = {
  accounts: "accounts",
  collect: "collect",
};

/** What it reached for, each once; calls that were answered from a recording too. */
function reachedOf({ accesses, answers, manifest }: Trial): Reached[] {
  const all = new Map<string, Reached>();
  for (const { request, accesses: each } of accesses) {
    // What is not listed here runs without any permission at all.
    const phase = PHASES[request] ?? "accounts";
    for (const { permission, value, allowed } of each) {
      const key = JSON.stringify([phase, permission, value]);
      all.set(key, { phase, permission, value, allowed });
    }
  }
  const hosts = new Set(answers.map(({ request }) => hostOf(request.url)));
  for (const phase of ["accounts", "collect"] as const) {
    for (const value of hosts) {
      const granted = manifest.permissions[phase].net ?? [];
      const allowed = granted.some((each) =>
        typeof each !== "string" || coversPermission("net", each, value)
      );
      if (!allowed) continue;
      const key = JSON.stringify([phase, "net", value]);
      all.set(key, { phase, permission: "net", value, allowed });
    }
  }
  return [...all.values()];
}

function hostOf(address: string): string {
  const { hostname, port, protocol } = new URL(address);
  return `${hostname}:${port || (protocol === "https:" ? "443" : "80")}`;
}

function isGrantable(permission: string): permission is PermissionName {
  return (PERMISSION_NAMES as readonly string[]).includes(permission);
}

/** What it reached for and was refused: it asks for too little, or for too much. */
function refusedFaults(reached: readonly Reached[]): string[] {
  return reached.filter(({ allowed }) => !allowed).map(
    ({ phase, permission, value }) => {
      const what = `${phase} reached for ${permission} ${
        value === "" ? "as a whole" : JSON.stringify(value)
      }`;
      return isGrantable(permission)
        ? `${what} and was refused; ask for it in permissions.${phase}.${permission}, or do without`
        : `${what}, which no plugin gets`;
    },
  );
}

/** What it asks for and did not need. */
function unusedNotes(
  { manifest, scopes }: Trial,
  reached: readonly Reached[],
  granted: (phase: PermissionPhase) => GrantedPermissions,
): string[] {
  if (scopes.size === 0) return [];
  return (["accounts", "collect"] as const).flatMap((phase) =>
    PERMISSION_NAMES.flatMap((name) =>
      granted(phase)[name].filter((pattern) =>
        !reached.some((each) =>
          each.phase === phase && each.permission === name &&
          coversPermission(name, pattern, each.value)
        )
      ).map((pattern) =>
        `${manifest.name} asks for ${name} "${pattern}" in ${phase}, but did not use it`
      )
    )
  );
}

/** Kinds that resources can be of: those that descend from no value. */
function resourceKinds({ kinds, containers }: Trial["manifest"]): string[] {
  const named = new Map(kinds.map((kind) => [kind.name, kind]));
  const isResource = (name: string): boolean => {
    const kind = named.get(name);
    // A base of another's is one of Skymap's, which are resources.
    return kind === undefined || (kind.bases ?? []).some(isResource);
  };
  return kinds.map(({ name }) => name).filter((name) =>
    isResource(name) || name === containers.account ||
    name === containers.region
  );
}

/** Kinds that were never listed, or of which nothing was found. */
function kindNotes({ manifest, scopes }: Trial): string[] {
  if (!manifest.collects || scopes.size === 0) return [];
  const all = [...scopes.values()];
  return resourceKinds(manifest).flatMap((name) => {
    const listed = all.filter(({ kind }) => kind === name);
    if (listed.length === 0) return [`no scope of kind "${name}" was opened`];
    return listed.every(({ nodes }) => nodes.length === 0)
      ? [`no resource of kind "${name}" was found, so it was not checked`]
      : [];
  });
}

/** Words that people will miss. */
function docNotes({ manifest }: Trial): string[] {
  const kinds = manifest.kinds.filter(({ description }) => !description)
    .map(({ name }) => `kind "${name}" has no description`);
  const properties = manifest.kinds.flatMap(({ name, properties = {} }) =>
    Object.entries(properties)
      .filter(([, { description }]) => !description)
      .map(([property]) => `property "${name}.${property}" has no description`)
  );
  return [...kinds, ...properties];
}

/** What is wrong with a plugin, and what is worth a look, as its trial shows. */
export function findFaults(
  trial: Trial,
  config: JsonObject,
  home?: string,
): Findings {
  const { manifest, scopes, failures, configured } = trial;
  const reached = reachedOf(trial);
  const failed = [...scopes].flatMap(([name, { error }]) =>
    error === undefined
      ? []
      : [`scope ${name} failed: ${error.code}: ${error.message}`]
  );
  const wrong = trial.issues.filter(({ level }) => level === "error")
    .map(({ message }) => message);
  const granted = (phase: PermissionPhase) =>
    resolvePermissions(manifest.permissions[phase], { config, home });
  return {
    faults: [
      ...failures,
      ...failed,
      ...wrong,
      ...refusedFaults(reached),
      ...collectedFaults(manifest, [...scopes.values()]),
    ],
    notes: [
      ...(configured || !manifest.collects
        ? []
        : ["its configuration is not enough to collect, so it was not run"]),
      ...unusedNotes(trial, reached, granted),
      ...kindNotes(trial),
      ...docNotes(trial),
    ],
  };
}
