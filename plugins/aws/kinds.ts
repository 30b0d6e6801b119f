import type {
  KindDeclaration,
  KindOperation,
  PropertyDeclaration,
} from "@skymap/lib/plugin";
import { ACCOUNT_PROPERTIES } from "./account_facts.ts";
import type { ResourceDeclaration } from "./declaration.ts";
import type { Properties, ValueDeclaration } from "./property.ts";

/** The kind that every resource of AWS is. */
export const AWS_RESOURCE = "aws_resource";

/** The kind of accounts. */
export const ACCOUNT_KIND = "aws_account";

/** The kind of regions. */
export const REGION_KIND = "aws_region";

/** The kind of the roots of organisations. */
export const ROOT_KIND = "aws_organizational_root";

/** The kind of the units of organisations. */
export const UNIT_KIND = "aws_organizational_unit";

/** Properties that every resource has by its base kind. */
export const INHERITED: ReadonlySet<string> = new Set([
  "name",
  "tags",
  "ctime",
]);

/** Kinds that are not listed by a declaration. */
const CONTAINERS: readonly KindDeclaration[] = [
  {
    name: AWS_RESOURCE,
    bases: ["resource"],
    description: "Anything that AWS holds",
    properties: { arn: { kind: "string", description: "Amazon's name of it" } },
  },
  {
    name: ACCOUNT_KIND,
    bases: ["account", AWS_RESOURCE],
    description: "An account",
    properties: {
      partition: {
        kind: "string",
        description: "aws, aws-cn, aws-us-gov or another closed part of AWS",
      },
      role: { kind: "string", description: "Role it is read with" },
      profile: { kind: "string", description: "Profile it is read with" },
      account_alias: {
        kind: "string",
        description: "Name that people gave it",
      },
      is_organization_member: { kind: "boolean" },
      is_organization_master: {
        kind: "boolean",
        description: "Whether it manages its organisation",
      },
      organization_id: { kind: "string" },
      organization_arn: { kind: "string" },
      ...declared(ACCOUNT_PROPERTIES),
    },
  },
  {
    name: ROOT_KIND,
    bases: ["organizational_root", AWS_RESOURCE],
    description: "The root of an organisation",
  },
  {
    name: UNIT_KIND,
    bases: ["organizational_unit", AWS_RESOURCE],
    description: "A unit of an organisation",
  },
  {
    name: REGION_KIND,
    bases: ["region", AWS_RESOURCE],
    description: "A region that is enabled for the account",
  },
];

function declared(
  properties: Properties,
): Record<string, PropertyDeclaration> {
  return Object.fromEntries(
    Object.entries(properties).map(([name, { kind, volatile }]) => [
      name,
      { kind, ...(volatile && { ignoreHistory: true }) },
    ]),
  );
}

/** The kinds of values that properties have, inner ones first. */
export function valueKindsOf(
  properties: Properties,
): readonly ValueDeclaration[] {
  return Object.values(properties).flatMap(({ values }) =>
    values === undefined ? [] : [...valueKindsOf(values.properties), values]
  );
}

/** What can be done to the resources of a declaration. */
function operationsOf(
  { detach, remove, tagging }: ResourceDeclaration,
): KindOperation[] {
  return [
    ...tagging === undefined ? [] : ["tag" as const],
    ...remove === undefined ? [] : ["delete" as const],
    ...detach === undefined ? [] : ["detach" as const],
  ];
}

/**
 * By kind, those whose resources may have to be deleted before, or that would go
 * along unseen: both ends of an edge where it depends on the resource.
 */
function deletedAfter(
  resources: readonly ResourceDeclaration[],
): ReadonlyMap<string, ReadonlySet<string>> {
  const known = new Set(resources.map(({ kind }) => kind));
  const after = new Map<string, Set<string>>();
  const add = (kind: string, before: string) => {
    if (!known.has(kind) || !known.has(before)) return;
    after.set(kind, (after.get(kind) ?? new Set()).add(before));
  };
  for (const { edges = [], kind } of resources) {
    for (const edge of edges) {
      const { deletedFirst, goesAlong } = edge;
      const other = "predecessor" in edge ? edge.predecessor : edge.successor;
      if (goesAlong === "self" || typeof goesAlong === "function") {
        add(other, kind);
      }
      if (goesAlong === "other" || typeof goesAlong === "function") {
        add(kind, other);
      }
      if (deletedFirst === undefined) continue;
      if (deletedFirst !== "other") add(other, kind);
      if (deletedFirst !== "self") add(kind, other);
    }
  }
  return after;
}

/** The kind that a resource's declaration stands for. */
function resourceKind(
  resource: ResourceDeclaration,
  after: ReadonlySet<string> = new Set(),
): KindDeclaration {
  const { kind, bases = [], description, categories, properties } = resource;
  const operations = operationsOf(resource);
  const own = Object.entries(properties)
    .filter(([name]) => !INHERITED.has(name));
  return {
    name: kind,
    bases: bases.length > 0 ? [AWS_RESOURCE, ...bases] : [AWS_RESOURCE],
    description,
    ...(categories !== undefined && { categories }),
    properties: declared(Object.fromEntries(own)),
    ...(operations.length > 0 && { operations }),
    ...(after.size > 0 && { deletedAfter: [...after].sort() }),
  };
}

/** Every kind of the plugin: containers, resources and values inside them. */
export function kindsOf(
  resources: readonly ResourceDeclaration[],
): KindDeclaration[] {
  const values = new Map<string, KindDeclaration>();
  for (const { properties } of resources) {
    for (const each of valueKindsOf(properties)) {
      values.set(each.kind, {
        name: each.kind,
        properties: declared(each.properties),
      });
    }
  }
  const after = deletedAfter(resources);
  return [
    ...CONTAINERS,
    ...resources.map((each) => resourceKind(each, after.get(each.kind))),
    ...values.values(),
  ];
}
