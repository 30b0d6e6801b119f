import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type {
  CoverageJson,
  NodeJson,
  ScopeProblemJson,
} from "@skymap/lib/client";
import {
  renderChange,
  renderCoverage,
  renderNode,
  renderRow,
  renderValue,
} from "./render.ts";

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

Deno.test("renderValue() leaves a plugin's text as it is, but for what steers a terminal", () => {
  strictEqual(renderValue("one\ntwo"), "one\ntwo");
  strictEqual(
    renderValue("\u001b[2J\rall is well"),
    "\\u001b[2J\\u000dall is well",
  );
  strictEqual(renderValue({ a: "\u009b2J" }), '{"a":"\\u009b2J"}');
});

Deno.test("renderRow() writes the groups before the values", () => {
  strictEqual(
    renderRow({ group: { region: "eu", zone: null }, count: 3 }),
    "region=eu, count=3",
  );
});

const COVERAGE: CoverageJson = {
  type: "coverage",
  scopes: 12,
  complete: 12,
  stale: 0,
  failed: 0,
  oldest: "2026-01-09T23:00:00Z",
  sequence: 1,
  problems: [],
  problems_total: 0,
  gaps: [],
  warnings: [],
};

Deno.test("renderCoverage() says how much there is, and how old", () => {
  deepStrictEqual(renderCoverage({ shown: 1 }, COVERAGE, NOW), [
    "1 record from 12 scopes, oldest 1h ago",
  ]);
  deepStrictEqual(
    renderCoverage(
      { shown: 1, total: 7 },
      { ...COVERAGE, scopes: 1, at: "2026-01-01T00:00:00.000Z" },
      NOW,
    ),
    [
      "1 of 7 records from 1 scope, oldest 1h ago, as of 2026-01-01T00:00:00.000Z",
    ],
  );
});

Deno.test("renderCoverage() says what is not up to date, and why", () => {
  const problem = (account: string): ScopeProblemJson => ({
    cloud: "aws",
    account,
    region: "eu",
    kind: "volume",
    status: "failed",
    reason: "AccessDenied\u001b[31m",
    since: "2026-01-09T21:00:00Z",
  });
  deepStrictEqual(
    renderCoverage(
      { shown: 0 },
      {
        ...COVERAGE,
        complete: 7,
        stale: 5,
        failed: 4,
        problems: [
          problem("1"),
          { ...problem("2"), status: "gone", reason: "gone", since: null },
          problem("3"),
          problem("4"),
          problem("5"),
        ],
        problems_total: 5,
        gaps: ['No account was ever listed for "x"'],
        warnings: ["with_usage adds nothing"],
      },
      NOW,
    ),
    [
      "0 records from 12 scopes, 5 NOT UP TO DATE (4 failed), oldest 1h ago",
      "  aws/1/eu/volume: failed, AccessDenied\\u001b[31m, listed 3h ago",
      "  aws/2/eu/volume: gone, never listed",
      "  aws/3/eu/volume: failed, AccessDenied\\u001b[31m, listed 3h ago",
      '  and 2 more; "ledger failed" lists what failed',
      'Warning: No account was ever listed for "x"',
      "Warning: with_usage adds nothing",
    ],
  );
});

Deno.test("renderChange() writes what changed, when and by which run", () => {
  const facts = { changed_at: "2026-01-01T00:00:00.000Z", run: "r1" } as const;
  strictEqual(
    renderChange({
      ...NODE,
      ...facts,
      change: "node_updated",
      changed: ["name", "tags.a"],
    }),
    "2026-01-01T00:00:00.000Z node_updated kind=aws_ec2_volume, id=vol-1, " +
      "name=data\\u001b[31m, account=prod, changed=name tags.a, run=r1",
  );
  strictEqual(
    renderChange({
      type: "edge",
      from: "a",
      to: "b",
      edge_type: "delete",
      ...facts,
      change: "edge_created",
    }),
    "2026-01-01T00:00:00.000Z edge_created from=a, to=b, edge_type=delete, run=r1",
  );
});
