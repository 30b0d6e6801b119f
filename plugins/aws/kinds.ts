import type { KindDeclaration, PropertyDeclaration } from "@skymap/lib/plugin";
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
