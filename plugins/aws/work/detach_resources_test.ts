import { deepStrictEqual } from "node:assert/strict";
import type { ResourceDeclaration } from "../declaration.ts";
import { refusal } from "../fake_ec2.ts";
import { VOLUME, VolumeWorld } from "./_volume_world.ts";

const [detach] = VOLUME.remove?.calls ?? [];
const DETACHABLE: ResourceDeclaration = {
  ...VOLUME,
  detach: detach === undefined ? [] : [detach],
};

Deno.test("detachResources() takes away what names others, and the graph's state still fits then", async () => {
  await using world = new VolumeWorld({
    "vol-1": { size: 1, attached: ["i-1", "i-2"] },
  }, [DETACHABLE]);
  const resources = [world.resource("vol-1")];
  const dry = await world.run("detach", { resources, dry_run: true });
  deepStrictEqual(dry.results, [
    { node: "node-vol-1", outcome: "would_be_done" },
  ]);
  deepStrictEqual(world.changes, []);
  const { results } = await world.run("detach", { resources, dry_run: false });
  deepStrictEqual(results, [{ node: "node-vol-1", outcome: "done" }]);
  deepStrictEqual(world.volumes.get("vol-1")?.attached, []);
  // It has less than the graph knows: that is what detaching does.
  const gone = await world.run("delete", { resources, dry_run: false });
  deepStrictEqual(gone.results, [{ node: "node-vol-1", outcome: "done" }]);
});

Deno.test("detachResources() leaves alone what is gone, was changed or cannot be detached", async () => {
  await using world = new VolumeWorld({
    "vol-1": { size: 1, attached: ["i-1"] },
    "vol-2": { size: 666 },
  }, [DETACHABLE, { ...VOLUME, kind: "aws_x" }]);
  const resources = [
    world.resource("vol-1", { attached: [] }),
    world.resource("vol-2"),
    world.resource("vol-3"),
    { ...world.resource("vol-1"), kind: "aws_x" },
  ];
  const { results } = await world.run("detach", { resources, dry_run: false });
  deepStrictEqual(results, [
    { node: "node-vol-1", outcome: "changed", paths: ["attached"] },
    {
      node: "node-vol-2",
      outcome: "refused",
      reason: "it is the root's",
    },
    { node: "node-vol-3", outcome: "gone" },
    {
      node: "node-vol-1",
      outcome: "refused",
      reason: 'resources of kind "aws_x" cannot be detached',
    },
  ]);
  deepStrictEqual(world.changes, []);
});

Deno.test("detachResources() tries again what is not possible yet", async () => {
  await using world = new VolumeWorld({
    "vol-1": { size: 1, attached: ["i-1"] },
  }, [DETACHABLE]);
  let refused = 0;
  world.instead = ({ Action }) =>
    Action === "DetachVolume" && ++refused <= 2
      ? refusal(400, "VolumeInUse", "busy")
      : undefined;
  const { results } = await world.run("detach", {
    resources: [world.resource("vol-1")],
    dry_run: false,
  });
  deepStrictEqual(results, [{ node: "node-vol-1", outcome: "done" }]);
  deepStrictEqual(world.volumes.get("vol-1")?.attached, []);
});
