import { deepStrictEqual, ok } from "node:assert/strict";
import { actionOf, callsOf, writesOf } from "./declaration.ts";
import { policyOf, type PolicyOptions } from "./iam_policy.ts";
import { RESOURCES } from "./resources/mod.ts";
import { readConfig } from "./settings.ts";

/** Sids and actions of a policy. */
function parts(
  config: Record<string, unknown>,
  options?: PolicyOptions,
): [sid: string, actions: string[]][] {
  const { Statement } = policyOf(RESOURCES, readConfig(config), options);
  return (Statement as { Sid: string; Action: string[] }[])
    .map(({ Sid, Action }) => [Sid, Action]);
}

const VOLUMES = { collect: "aws_ec2_volume" };

Deno.test("policyOf() allows what is collected, and no more", () => {
  deepStrictEqual(parts(VOLUMES), [
    ["SkymapRead", [
      "ec2:DescribeRegions",
      "ec2:DescribeVolumes",
      "iam:ListAccountAliases",
    ]],
  ]);
});

Deno.test("policyOf() allows what tags and cleanup need, when they are wanted", () => {
  deepStrictEqual(parts(VOLUMES, { tag: true }).slice(1), [
    ["SkymapTag", ["ec2:CreateTags", "ec2:DeleteTags"]],
  ]);
  const [, [sid, actions] = []] = parts(VOLUMES, { cleanup: true });
  deepStrictEqual(sid, "SkymapCleanup");
  ok(actions?.includes("ec2:DeleteVolume"), `${actions}`);
});

Deno.test("policyOf() allows the last snapshots that deletions make", () => {
  const [, [, actions] = []] = parts({ collect: "aws_rds_instance" }, {
    cleanup: true,
  });
  deepStrictEqual(actions, [
    "rds:AddTagsToResource",
    "rds:CreateDBSnapshot",
    "rds:DeleteDBInstance",
  ]);
});

Deno.test("policyOf() leaves out calls that are switched off", () => {
  const read = (collect_instance_user_data: boolean) =>
    parts({ collect: "aws_ec2_instance*", collect_instance_user_data })[0]?.[1];
  const call = "ec2:DescribeInstanceAttribute";
  deepStrictEqual(read(true)?.filter((each) => !read(false)?.includes(each)), [
    call,
  ]);
});

Deno.test("policyOf() allows what finds the accounts", () => {
  const found = parts({ ...VOLUMES, role: "reader", scrape_org: true });
  deepStrictEqual(found.slice(1), [
    ["SkymapAccounts", ["organizations:ListAccounts"]],
    ["SkymapRole", ["sts:AssumeRole"]],
  ]);
});

Deno.test("policyOf() allows every call that a declaration makes, each once", () => {
  const all = parts({}, { tag: true, cleanup: true });
  const actions = all.flatMap(([, each]) => each);
  deepStrictEqual(actions.length, new Set(actions).size);
  const needed = RESOURCES.flatMap((resource) => [
    ...callsOf(resource),
    ...writesOf(resource),
  ]).map(actionOf);
  deepStrictEqual(needed.filter((action) => !actions.includes(action)), []);
});
