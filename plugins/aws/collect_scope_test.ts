import { deepStrictEqual, rejects } from "node:assert/strict";
import type { FoundEdge, FoundNode, ScopeWriter } from "@skymap/lib/plugin";
import { AwsClient } from "./client.ts";
import { beginListing } from "./collect_scope.ts";
import type { ResourceDeclaration } from "./declaration.ts";
import { type FakeAnswer, FakeEc2, refusal, xml } from "./fake_ec2.ts";
import { RegionFindings } from "./region_findings.ts";
import { SNAPSHOT } from "./resources/ec2/snapshot.ts";
import { VOLUME } from "./resources/ec2/volume.ts";
import { VOLUME_TYPE } from "./resources/ec2/volume_type.ts";

const ACCOUNT = "111111111111";

/** Collects a kind from a made-up EC2. */
async function collect(
  resource: ResourceDeclaration,
  answer: FakeAnswer,
  findings = new RegionFindings([]),
  nodes: FoundNode[] = [],
): Promise<{ nodes: FoundNode[]; edges: FoundEdge[] }> {
  const edges: FoundEdge[] = [];
  const scope: ScopeWriter = {
    node(node) {
      nodes.push(node);
      return Promise.resolve();
    },
    edge(edge) {
      edges.push(edge);
      return Promise.resolve();
    },
    deferredEdge: () => Promise.reject(new Error("none is made")),
    nodeId: ({ id }) => id,
    usage() {},
  };
  await using server = new FakeEc2(answer);
  using client = new AwsClient({
    credentials: { accessKeyId: "a", secretAccessKey: "b" },
    endpoint: server.endpoint,
    signal: new AbortController().signal,
    maxAttempts: 1,
  });
  const begun = await beginListing(resource, {
    client,
    place: { account: ACCOUNT, partition: "aws", region: "us-east-1" },
    findings,
    config: { collect_instance_user_data: true },
  });
  await begun.write(scope, {
    region: "us-east-1",
    kinds: new Set(),
    globalKinds: new Set(),
  });
  return { nodes, edges };
}

function volumes(...items: string[]): FakeAnswer {
  return () =>
    xml(
      "DescribeVolumes",
      `<volumeSet>${
        items.map((item) => `<item>${item}</item>`).join("")
      }</volumeSet>`,
    );
}

Deno.test("beginListing() writes nodes with zone, name and edges", async () => {
  const { nodes, edges } = await collect(
    VOLUME,
    volumes(
      "<volumeId>vol-1</volumeId><size>8</size><status>in-use</status><volumeType>gp3</volumeType><availabilityZone>us-east-1a</availabilityZone><attachmentSet><item><instanceId>i-1</instanceId></item><item><instanceId>i-2</instanceId></item></attachmentSet><tagSet><item><key>Name</key><value>data</value></item></tagSet>",
      "<volumeId>vol-2</volumeId><status>gone</status>",
    ),
  );
  deepStrictEqual(nodes, [
    {
      id: "vol-1",
      zone: "us-east-1a",
      reported: {
        tags: { Name: "data" },
        name: "data",
        volume_size: 8,
        volume_type: "gp3",
        volume_status: "in-use",
        volume_attachments: [{ instance_id: "i-1" }, { instance_id: "i-2" }],
        availability_zone: "us-east-1a",
      },
    },
    {
      id: "vol-2",
      reported: { volume_status: "unknown", name: "vol-2" },
    },
  ]);
  const self = { kind: "aws_ec2_volume", id: "vol-1" };
  const other = (kind: string, id: string) => ({
    kind,
    id,
    region: "us-east-1",
    account: ACCOUNT,
  });
  const instance = (id: string) => other("aws_ec2_instance", id);
  deepStrictEqual(edges, [
    { from: other("aws_ec2_volume_type", "gp3"), to: self },
    { from: instance("i-1"), to: self },
    { from: self, to: instance("i-1"), type: "delete" },
    { from: instance("i-2"), to: self },
    { from: self, to: instance("i-2"), type: "delete" },
  ]);
});

Deno.test("beginListing() draws no edge to an id that means none", async () => {
  const { edges } = await collect(SNAPSHOT, () =>
    xml(
      "DescribeSnapshots",
      "<snapshotSet><item><snapshotId>snap-1</snapshotId><volumeId>vol-ffffffff</volumeId></item></snapshotSet>",
    ));
  deepStrictEqual(edges, []);
});

Deno.test("beginListing() leaves out what is gone when its id is asked for", async () => {
  const resource: ResourceDeclaration = {
    ...VOLUME,
    details: [{
      as: "$again",
      of: "VolumeId",
      service: "ec2",
      operation: "DescribeVolumesModifications",
      askFor: (values) => ({ VolumeIds: [...values] }),
      result: "VolumesModifications[*]",
      none: ["InvalidVolume.NotFound"],
    }],
    id: "$again.VolumeId",
  };
  const { nodes } = await collect(resource, (request) => {
    if (request["Action"] === "DescribeVolumes") {
      return xml(
        "DescribeVolumes",
        "<volumeSet><item><volumeId>vol-1</volumeId></item><item><volumeId>vol-2</volumeId></item></volumeSet>",
      );
    }
    return request["VolumeId.1"] === "vol-1"
      ? refusal(400, "InvalidVolume.NotFound", "There is none")
      : xml(
        "DescribeVolumesModifications",
        "<volumeModificationSet><item><volumeId>vol-2</volumeId></item></volumeModificationSet>",
      );
  });
  deepStrictEqual(nodes.map(({ id }) => id), ["vol-2"]);
});

Deno.test("beginListing() fails for an item without an id", async () => {
  await rejects(
    collect(VOLUME, volumes("<size>8</size>")),
    /Cannot list aws_ec2_volume in us-east-1: an item has no VolumeId/,
  );
});

Deno.test("beginListing() lists what only others name", async () => {
  const findings = new RegionFindings([
    { kind: "aws_ec2_volume", path: "VolumeType" },
  ]);
  await collect(
    VOLUME,
    volumes("<volumeId>v</volumeId><volumeType>io2</volumeType>"),
    findings,
  );
  findings.settle("aws_ec2_volume");
  const { nodes } = await collect(VOLUME_TYPE, volumes(), findings);
  deepStrictEqual(nodes, [
    { id: "io2", reported: { name: "io2", volume_type: "io2" } },
  ]);
});

Deno.test("beginListing() fails after it wrote what it was not denied", async () => {
  const nodes: FoundNode[] = [];
  const resource: ResourceDeclaration = {
    ...VOLUME,
    details: [{
      as: "$attribute",
      of: "VolumeId",
      service: "ec2",
      operation: "DescribeVolumeAttribute",
      askFor: ([VolumeId = ""]) => ({ VolumeId, Attribute: "autoEnableIO" }),
    }],
  };
  const list = volumes(
    "<volumeId>vol-1</volumeId>",
    "<volumeId>vol-2</volumeId>",
    "<volumeId>vol-3</volumeId>",
  );
  await rejects(
    collect(
      resource,
      (request) => {
        if (request["Action"] === "DescribeVolumes") return list(request);
        const { VolumeId = "" } = request;
        return VolumeId === "vol-2"
          ? refusal(403, "UnauthorizedOperation", "No")
          : xml("DescribeVolumeAttribute", `<volumeId>${VolumeId}</volumeId>`);
      },
      undefined,
      nodes,
    ),
    {
      code: "UnauthorizedOperation",
      permission: "ec2:DescribeVolumeAttribute",
      message:
        'Cannot call ec2:DescribeVolumeAttribute in us-east-1: UnauthorizedOperation: No (asked for "vol-2")',
    },
  );
  deepStrictEqual(nodes.map(({ id }) => id), ["vol-1", "vol-3"]);
});
