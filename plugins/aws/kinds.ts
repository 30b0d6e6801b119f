import type { KindDeclaration, PropertyDeclaration } from "@skymap/lib/plugin";
import type { ResourceDeclaration } from "./declaration.ts";
import type { Properties, ValueDeclaration } from "./property.ts";

/** The kind that every resource of AWS is. */
export const AWS_RESOURCE = "aws_resource";

/** The kind of accounts. */
export const ACCOUNT_KIND = "aws_account";

/** The kind of regions. */
export const REGION_KIND = "aws_region";

/** Properties that every resource has by its base kind. */
const INHERITED: ReadonlySet<string> = new Set(["name", "tags", "ctime"]);

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
    },
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

/** The kind that a resource's declaration stands for. */
function resourceKind(
  { kind, bases = [], description, categories, properties }:
    ResourceDeclaration,
): KindDeclaration {
  const own = Object.entries(properties)
    .filter(([name]) => !INHERITED.has(name));
  return {
    name: kind,
    bases: bases.length > 0 ? [AWS_RESOURCE, ...bases] : [AWS_RESOURCE],
    description,
    ...(categories !== undefined && { categories }),
    properties: declared(Object.fromEntries(own)),
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
  return [...CONTAINERS, ...resources.map(resourceKind), ...values.values()];
}
