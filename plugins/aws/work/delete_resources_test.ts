import {
  deepStrictEqual,
  match,
  rejects,
  strictEqual,
} from "node:assert/strict";
import type { DeleteOutcome } from "@skymap/lib/plugin";
import { refusal, xml } from "../fake_ec2.ts";
import { type FakeVolume, VOLUME, VolumeWorld } from "./_volume_world.ts";

/** Outcomes by id, each as a short text. */
function told(results: readonly DeleteOutcome[]): string[] {
  return results.map((each) => {
    const id = each.node.replace("node-", "");
    switch (each.outcome) {
      case "changed":
        return `${id}: changed ${each.paths.join(", ")}`;
      case "refused":
        return `${id}: refused, ${each.reason}`;
      case "failed":
        return `${id}: failed, ${each.error.code} ${each.error.permission}`;
      default:
        return `${id}: ${each.outcome}`;
    }
  });
}

async function remove(
  world: VolumeWorld,
  ids: readonly string[],
  dry_run = false,
): Promise<string[]> {
  const resources = ids.map((id) => world.resource(id));
  return told((await world.run("delete", { resources, dry_run })).results);
}

const SIX: Readonly<Record<string, FakeVolume>> = {
  "vol-1": { size: 1, attached: ["i-1", "i-2"] },
  "vol-2": { size: 2, tags: { Name: "two", owner: "me" } },
  "vol-3": { size: 3 },
  "vol-4": { size: 4, state: "deleting" },
  "vol-5": { size: 666 },
  "vol-6": { size: 6 },
};

Deno.test("deleteResources() tells of each resource what became of it, and of none for another", async () => {
  await using world = new VolumeWorld(SIX);
  const resources = [...world.volumes.keys(), "vol-9"]
    .map((id) => world.resource(id));
  world.volumes.set("vol-2", {
    size: 22,
    tags: { Name: "two", owner: "you" },
  });
  world.instead = ({ Action, VolumeId }) =>
    Action === "DeleteVolume" && VolumeId === "vol-3"
      ? refusal(403, "UnauthorizedOperation", "you may not")
      : undefined;
  const { results } = await world.run("delete", { resources, dry_run: false });
  deepStrictEqual(told(results), [
    "vol-1: done",
    "vol-2: changed tags.owner, volume_size",
    "vol-3: failed, UnauthorizedOperation ec2:DeleteVolume",
    "vol-4: gone",
    "vol-5: refused, it is the root's",
    "vol-6: done",
    "vol-9: gone",
  ]);
  deepStrictEqual([...world.volumes.keys()], [
    "vol-2",
    "vol-3",
    "vol-4",
    "vol-5",
  ]);
  deepStrictEqual(world.changes.toSorted(), [
    "DeleteVolume",
    "DeleteVolume",
    "DeleteVolume",
    "DetachVolume",
    "DetachVolume",
  ]);
});

Deno.test("deleteResources() changes nothing in a dry run", async () => {
  await using world = new VolumeWorld(SIX);
  deepStrictEqual(await remove(world, ["vol-1", "vol-4", "vol-5"], true), [
    "vol-1: would_be_done",
    "vol-4: gone",
    "vol-5: refused, it is the root's",
  ]);
  deepStrictEqual(world.changes, []);
});

Deno.test("deleteResources() does not count what changes by itself, nor the order of lists", async () => {
  await using world = new VolumeWorld({
    "vol-1": { size: 1, attached: ["i-2", "i-1"], state: "in-use" },
  });
  const resource = world.resource("vol-1", {
    attached: ["i-1", "i-2"],
    volume_state: "available",
  });
  const { results } = await world.run("delete", {
    resources: [resource],
    dry_run: true,
  });
  deepStrictEqual(told(results), ["vol-1: would_be_done"]);
});

Deno.test("deleteResources() tries again what is not possible yet, with growing pauses, and what has changed meanwhile counts", async () => {
  await using world = new VolumeWorld({ "vol-1": { size: 1 } });
  const pauses: number[] = [];
  let refused = 0;
  world.onSleep = (milliseconds) => {
    pauses.push(milliseconds);
    world.volumes.set("vol-1", { size: 1, attached: [`i-${pauses.length}`] });
  };
  world.instead = ({ Action }) =>
    Action === "DeleteVolume" && ++refused <= 3
      ? refusal(400, "VolumeInUse", "it is attached")
      : undefined;
  deepStrictEqual(await remove(world, ["vol-1"]), ["vol-1: done"]);
  deepStrictEqual(pauses, [1_000, 2_000, 4_000]);
  deepStrictEqual(world.changes.filter((each) => each === "DetachVolume"), [
    "DetachVolume",
    "DetachVolume",
    "DetachVolume",
  ]);
});

Deno.test("deleteResources() gives up when it is not possible in time", async () => {
  await using world = new VolumeWorld({ "vol-1": { size: 1 } });
  let slept = 0;
  world.onSleep = (milliseconds) => slept += milliseconds;
  world.instead = ({ Action }) =>
    Action === "DeleteVolume"
      ? refusal(400, "VolumeInUse", "it is attached")
      : undefined;
  deepStrictEqual(await remove(world, ["vol-1"]), [
    "vol-1: failed, VolumeInUse ec2:DeleteVolume",
  ]);
  strictEqual(slept, 30_000);
});

Deno.test("deleteResources() waits until it is gone, and says so when it is still there", async () => {
  for (const goesAfter of [3, 100]) {
    await using world = new VolumeWorld({ "vol-1": { size: 1 } });
    let pauses = 0;
    world.onSleep = () => {
      if (++pauses === goesAfter) world.volumes.delete("vol-1");
    };
    world.instead = ({ Action = "" }) =>
      Action === "DeleteVolume"
        ? xml(Action, "<return>true</return>")
        : undefined;
    const { results } = await world.run("delete", {
      resources: [world.resource("vol-1")],
      dry_run: false,
    });
    if (goesAfter === 3) {
      deepStrictEqual(told(results), ["vol-1: done"]);
      strictEqual(pauses, 3);
      continue;
    }
    const [only] = results;
    strictEqual(only?.outcome, "failed");
    if (only?.outcome !== "failed") continue;
    strictEqual(only.error.code, "still_there");
    match(only.error.message, /"vol-1".*after 30 s/);
  }
});

Deno.test("deleteResources() takes a code that says it is gone, or done, for success", async () => {
  await using world = new VolumeWorld({
    "vol-1": { size: 1, attached: ["i-1"] },
  });
  world.instead = ({ Action }) => {
    if (Action === "DetachVolume") {
      return refusal(400, "IncorrectState", "it is not attached");
    }
    if (Action !== "DeleteVolume") return;
    world.volumes.delete("vol-1");
    return refusal(400, "InvalidVolume.NotFound", "somebody was faster");
  };
  deepStrictEqual(await remove(world, ["vol-1"]), ["vol-1: done"]);
});

Deno.test("deleteResources() fails when it cannot look, and deletes nothing then", async () => {
  await using world = new VolumeWorld({ "vol-1": { size: 1 } });
  world.instead = ({ Action }) =>
    Action === "DescribeVolumes"
      ? refusal(403, "UnauthorizedOperation", "you may not look")
      : undefined;
  deepStrictEqual(await remove(world, ["vol-1"]), [
    "vol-1: failed, UnauthorizedOperation ec2:DescribeVolumes",
  ]);
  deepStrictEqual(world.changes, []);
});

Deno.test("deleteResources() lists a kind once that cannot be asked for one", async () => {
  const { one: _one, ...declared } = VOLUME;
  await using world = new VolumeWorld(SIX, [declared]);
  const ids = ["vol-1", "vol-3", "vol-6", "vol-9"];
  deepStrictEqual(await remove(world, ids, true), [
    "vol-1: would_be_done",
    "vol-3: would_be_done",
    "vol-6: would_be_done",
    "vol-9: gone",
  ]);
  strictEqual(world.ec2.actions.length, 1);
  deepStrictEqual(await remove(world, ids), [
    "vol-1: done",
    "vol-3: done",
    "vol-6: done",
    "vol-9: gone",
  ]);
});

Deno.test("deleteResources() refuses kinds that it does not know or cannot delete", async () => {
  const { remove: _remove, ...declared } = VOLUME;
  await using world = new VolumeWorld(SIX, [declared]);
  const other = { ...world.resource("vol-1"), kind: "aws_x" };
  const { results } = await world.run("delete", {
    resources: [world.resource("vol-1"), other],
    dry_run: false,
  });
  deepStrictEqual(told(results), [
    'vol-1: refused, resources of kind "aws_ec2_volume" cannot be deleted',
    'vol-1: refused, this plugin has no kind "aws_x"',
  ]);
  deepStrictEqual(world.ec2.actions, []);
});

Deno.test("deleteResources() ends with its signal, also while it waits", async () => {
  await using world = new VolumeWorld({ "vol-1": { size: 1 } });
  const ended = new AbortController();
  world.onSleep = () => ended.abort(new Error("enough"));
  world.instead = ({ Action }) =>
    Action === "DeleteVolume"
      ? refusal(400, "VolumeInUse", "it is attached")
      : undefined;
  await rejects(
    world.run(
      "delete",
      { resources: [world.resource("vol-1")], dry_run: false },
      ended.signal,
    ),
    { message: "enough" },
  );
});

Deno.test("deleteResources() asks for further details before each round of calls", async () => {
  const { remove: removal } = VOLUME;
  if (removal === undefined) throw new TypeError("It can be deleted");
  await using world = new VolumeWorld({ "vol-1": { size: 1 } }, [{
    ...VOLUME,
    remove: {
      ...removal,
      details: [{
        service: "ec2",
        operation: "DescribeVolumeAttribute",
        of: "VolumeId",
        as: "$attribute",
        askFor: ([VolumeId = ""]) => ({ VolumeId, Attribute: "autoEnableIO" }),
      }],
      calls: [{
        service: "ec2",
        operation: "DeleteVolume",
        input: ({ $attribute, VolumeId }) =>
          $attribute === undefined ? undefined : { VolumeId: String(VolumeId) },
      }],
    },
  }]);
  let tries = 0;
  world.instead = ({ Action }) =>
    Action === "DeleteVolume" && ++tries === 1
      ? refusal(400, "VolumeInUse", "it is attached")
      : undefined;
  deepStrictEqual(await remove(world, ["vol-1"]), ["vol-1: done"]);
  strictEqual(
    world.ec2.actions.filter((each) => each === "DescribeVolumeAttribute")
      .length,
    2,
  );
});

Deno.test("deleteResources() gets fresh keys when a session is about to end, and only then", async () => {
  for (const minutes of [1, 50]) {
    await using world = new VolumeWorld({ "vol-1": { size: 1 } });
    world.expiration = new Date(Date.now() + minutes * 60_000);
    deepStrictEqual(await remove(world, ["vol-1"]), ["vol-1: done"]);
    deepStrictEqual(world.renewed, minutes === 1 ? ["111111111111"] : []);
  }
});

Deno.test("deleteResources() calls nothing for what is being deleted already, however it looks, and waits for it", async () => {
  const { remove: removal } = VOLUME;
  if (removal === undefined) throw new TypeError("It can be deleted");
  const { isGone: _isGone, ...others } = removal;
  await using world = new VolumeWorld({
    "vol-1": { size: 1, state: "deleting" },
    "vol-2": { size: 1, state: "deleting" },
  }, [{
    ...VOLUME,
    remove: { ...others, going: { of: "State", states: ["DELETING"] } },
  }]);
  world.onSleep = () => world.volumes.delete("vol-1");
  const resources = ["vol-1", "vol-2"]
    .map((id) => world.resource(id, { volume_size: 7 }));
  const tell = async (dry_run: boolean) =>
    told((await world.run("delete", { resources, dry_run })).results);
  deepStrictEqual(await tell(true), [
    "vol-1: would_be_done",
    "vol-2: would_be_done",
  ]);
  deepStrictEqual(await tell(false), [
    "vol-1: done",
    "vol-2: failed, still_there undefined",
  ]);
  deepStrictEqual(world.changes, []);
});

Deno.test("deleteResources() does not take what is said of another call for the resource being gone", async () => {
  const { one: _one, ...declared } = VOLUME;
  await using world = new VolumeWorld({ "vol-1": { size: 1 } }, [declared]);
  world.instead = ({ Action }) =>
    Action === "DescribeVolumes"
      ? refusal(400, "InvalidVolume.NotFound", "another one is not there")
      : undefined;
  deepStrictEqual(await remove(world, ["vol-1"]), [
    "vol-1: failed, InvalidVolume.NotFound ec2:DescribeVolumes",
  ]);
});

Deno.test("deleteResources() ends before the plugin's time for a task does", async () => {
  const { remove: removal } = VOLUME;
  if (removal === undefined) throw new TypeError("It can be deleted");
  await using world = new VolumeWorld({ "vol-1": { size: 1 } }, [{
    ...VOLUME,
    remove: { ...removal, withinSeconds: 3_600 },
  }]);
  let slept = 0;
  world.onSleep = (milliseconds) => slept += milliseconds;
  let tries = 0;
  world.instead = ({ Action = "" }) => {
    if (Action !== "DeleteVolume") return;
    return ++tries < 20
      ? refusal(400, "VolumeInUse", "it is attached")
      : xml(Action, "<return>true</return>");
  };
  deepStrictEqual(await remove(world, ["vol-1"]), [
    "vol-1: failed, still_there undefined",
  ]);
  strictEqual(slept, 50 * 60_000);
});
