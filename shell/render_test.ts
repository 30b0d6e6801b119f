import { strictEqual } from "node:assert/strict";
import type { NodeJson } from "@skymap/lib/client";
import { renderCoverage, renderNode, renderRow } from "./render.ts";

const NOW = Date.parse("2026-01-10T00:00:00Z");

const NODE: NodeJson = {
  type: "node",
  id: "x",
  kinds: ["volume"],
  reported: {
    kind: "aws_ec2_volume",
    id: "vol-1",
    name: "data\u001b[31m",
    ctime: "2026-01-01T00:00:00Z",
  },
  ancestors: {
    cloud: { reported: { id: "aws", name: "aws" } },
    account: { reported: { id: "1", name: "prod" } },
  },
  stale: { since: "2026-01-09T00:00:00Z", reason: "AccessDenied" },
};

Deno.test("renderNode() writes one line, without control characters", () => {
  strictEqual(
    renderNode(NODE, NOW),
    "kind=aws_ec2_volume, id=vol-1, name=data\\u001b[31m, age=9d, " +
      "cloud=aws, account=prod, stale=AccessDenied",
  );
});

Deno.test("renderRow() writes the groups before the values", () => {
  strictEqual(
    renderRow({ group: { region: "eu", zone: null }, count: 3 }),
    "region=eu, count=3",
  );
});

Deno.test("renderCoverage() says how much is not up to date, and how old", () => {
  const coverage = {
    type: "coverage",
    scopes: 12,
    stale: 2,
    oldest: "2026-01-09T23:00:00Z",
    sequence: 1,
  } as const;
  strictEqual(
    renderCoverage(1, coverage, NOW),
    "1 record from 12 scopes, 2 NOT UP TO DATE, oldest 1h ago",
  );
});
