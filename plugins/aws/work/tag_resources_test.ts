import {
  deepStrictEqual,
  match,
  rejects,
  strictEqual,
} from "node:assert/strict";
import { refusal } from "../fake_ec2.ts";
import { type FakeVolume, VOLUME, VolumeWorld } from "./_volume_world.ts";

function change(
  world: VolumeWorld,
  id: string,
  update: Record<string, string>,
  remove: readonly string[] = [],
) {
  return { resource: world.resource(id), update, remove };
}

const THREE: Readonly<Record<string, FakeVolume>> = {
  "vol-1": { size: 1, tags: { owner: "you", old: "x" } },
  "vol-2": { size: 2, tags: { Name: "two" } },
  "vol-3": { size: 3 },
};

Deno.test("tagResources() sets and takes away, and gives all tags that there are then", async () => {
  await using world = new VolumeWorld(THREE);
  const { results } = await world.run("tag", {
    changes: [
      change(world, "vol-1", { owner: "me", team: "å" }, ["old", "none"]),
      change(world, "vol-2", {}, ["none"]),
      change(world, "vol-3", { owner: "" }),
    ],
  });
  deepStrictEqual(results, [
    { node: "node-vol-1", tags: { owner: "me", team: "å" } },
    { node: "node-vol-2", tags: { Name: "two" } },
    { node: "node-vol-3", tags: { owner: "" } },
  ]);
  deepStrictEqual(world.volumes.get("vol-1")?.tags, { owner: "me", team: "å" });
  deepStrictEqual(world.volumes.get("vol-3")?.tags, { owner: "" });
  deepStrictEqual(world.ec2.actions.toSorted(), [
    "CreateTags",
    "CreateTags",
    "DeleteTags",
    "DeleteTags",
  ]);
});

Deno.test("tagResources() names a failure with the missing permission, and the rest goes on", async () => {
  await using world = new VolumeWorld(THREE);
  world.instead = (request) =>
    request["ResourceId.1"] === "vol-2" && request["Action"] === "DeleteTags"
      ? refusal(403, "UnauthorizedOperation", "you may not")
      : undefined;
  const { results } = await world.run("tag", {
    changes: [
      change(world, "vol-1", { a: "1" }),
      change(world, "vol-2", { a: "1" }, ["Name"]),
      change(world, "vol-3", { a: "1" }),
    ],
  });
  const [first, second, third] = results;
  strictEqual(first !== undefined && "error" in first, false);
  strictEqual(third !== undefined && "error" in third, false);
  if (second === undefined || !("error" in second)) throw new Error("no error");
  strictEqual(second.error.code, "UnauthorizedOperation");
  strictEqual(second.error.permission, "ec2:DeleteTags");
  match(second.error.message, /you may not/);
  // What was done of it is told: the graph is to be right all the same.
  deepStrictEqual(second.tags, { Name: "two", a: "1" });
});

Deno.test("tagResources() refuses names of AWS, and kinds without tags", async () => {
  const { tagging: _tagging, ...untaggable } = VOLUME;
  await using world = new VolumeWorld(THREE, [
    VOLUME,
    { ...untaggable, kind: "aws_x" },
  ]);
  const other = (kind: string) => ({
    ...change(world, "vol-3", { a: "1" }),
    resource: { ...world.resource("vol-3"), kind },
  });
  const { results } = await world.run("tag", {
    changes: [
      change(world, "vol-1", { "aws:x": "1", a: "2" }),
      change(world, "vol-2", { a: "2" }, ["AWS:y"]),
      other("aws_x"),
      other("aws_unknown"),
    ],
  });
  deepStrictEqual(
    results.map((each) => "error" in each && each.error),
    [
      {
        code: "tag_reserved",
        message: 'Cannot tag aws_ec2_volume "vol-1": names that begin with ' +
          '"aws:", such as "aws:x", are for AWS alone',
      },
      {
        code: "tag_reserved",
        message: 'Cannot tag aws_ec2_volume "vol-2": names that begin with ' +
          '"aws:", such as "AWS:y", are for AWS alone',
      },
      ...["aws_x", "aws_unknown"].map((kind) => ({
        code: "not_taggable",
        message:
          `Cannot tag ${kind} "vol-3": tags of its kind cannot be changed`,
      })),
    ],
  );
  deepStrictEqual(world.ec2.actions, []);
});

Deno.test("tagResources() tells the name that follows from a tag, and how none are shown", async () => {
  await using world = new VolumeWorld(THREE);
  const { results } = await world.run("tag", {
    changes: [
      change(world, "vol-1", {}, ["owner", "old"]),
      change(world, "vol-2", {}, ["Name"]),
      change(world, "vol-3", { Name: "three" }),
    ],
  });
  deepStrictEqual(results, [
    { node: "node-vol-1", tags: {}, reported: { tags: {} } },
    { node: "node-vol-2", tags: {}, reported: { name: "vol-2", tags: {} } },
    {
      node: "node-vol-3",
      tags: { Name: "three" },
      reported: { name: "three" },
    },
  ]);
});

Deno.test("tagResources() does not believe what AWS shows when that is older", async () => {
  await using world = new VolumeWorld(THREE);
  world.instead = ({ Action }) =>
    Action === "CreateTags"
      ? new Response(
        '<CreateTagsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><return>true</return></CreateTagsResponse>',
      )
      : undefined;
  const { results } = await world.run("tag", {
    changes: [change(world, "vol-2", { Name: "new" })],
  });
  deepStrictEqual(results, [{ node: "node-vol-2", tags: { Name: "new" } }]);
});

Deno.test("tagResources() reads the tags first where a service writes all at once", async () => {
  const { tagging } = VOLUME;
  if (tagging === undefined) throw new TypeError("It can be tagged");
  const whole = (tags: unknown, more: Record<string, string>) =>
    Object.entries({ ...tags as Record<string, string>, ...more })
      .map(([Key, Value]) => ({ Key, Value }));
  await using world = new VolumeWorld(THREE, [{
    ...VOLUME,
    tagging: {
      current: {
        service: "ec2",
        operation: "DescribeTags",
        input: ({ id }) => ({
          Filters: [{ Name: "resource-id", Values: [id] }],
        }),
        result: "Tags",
        none: ["NoSuchTagSet"],
      },
      set: {
        ...tagging.set,
        input: ({ id, reported }, tags) => ({
          Resources: [id],
          Tags: whole(reported["tags"], tags),
        }),
      },
      unset: tagging.unset,
    },
  }]);
  let hasNone = false;
  world.instead = ({ Action }) => {
    if (Action !== "DescribeTags") return;
    return hasNone ? refusal(404, "NoSuchTagSet", "none") : new Response(
      '<DescribeTagsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><tagSet><item><key>new</key><value>1</value></item></tagSet></DescribeTagsResponse>',
    );
  };
  const tag = async () =>
    (await world.run("tag", {
      changes: [change(world, "vol-1", { a: "2" })],
    })).results;
  deepStrictEqual(await tag(), [
    { node: "node-vol-1", tags: { new: "1", a: "2" } },
  ]);
  strictEqual(world.ec2.requests.at(-1)?.["Tag.2.Key"], "a");
  hasNone = true;
  deepStrictEqual(await tag(), [{ node: "node-vol-1", tags: { a: "2" } }]);
});

Deno.test("the tasks refuse arguments that are none, and end with their signal", async () => {
  await using world = new VolumeWorld(THREE);
  await rejects(world.run("tag", { changes: [{}] } as never), {
    name: "TypeError",
    message: /^Cannot read the arguments of task "tag": /,
  });
  await rejects(world.run("delete", {} as never), {
    message: /^Cannot read the arguments of task "delete": /,
  });
  const signal = AbortSignal.abort(new Error("enough"));
  await rejects(
    world.run("tag", { changes: [change(world, "vol-1", {})] }, signal),
    { message: "enough" },
  );
});

Deno.test("tagResources() sets tags of any name and value", async () => {
  await using world = new VolumeWorld({ "vol-1": { size: 1 } });
  const update = JSON.parse(
    JSON.stringify({ proto: "x", "a'b\"c": "line\nline", "🦊": "" })
      .replace("proto", "__proto__"),
  );
  const { results } = await world.run("tag", {
    changes: [{ resource: world.resource("vol-1"), update, remove: [] }],
  });
  const [answer] = results;
  deepStrictEqual(
    Object.entries((answer as { readonly tags: object }).tags),
    Object.entries(update),
  );
  const sent = world.ec2.requests.find(({ Action }) => Action === "CreateTags");
  deepStrictEqual(
    [1, 2, 3].map((at) => [sent?.[`Tag.${at}.Key`], sent?.[`Tag.${at}.Value`]]),
    Object.entries(update),
  );
});
