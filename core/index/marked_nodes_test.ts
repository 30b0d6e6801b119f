import { deepStrictEqual } from "node:assert/strict";
import { hashText } from "@skymap/lib/ids";
import { canonicalJson } from "@skymap/lib/json";
import { applyBatches } from "./apply.ts";
import type { IndexSection } from "./index_batch.ts";
import { readMarkedNodes } from "./marked_nodes.ts";
import { SearchIndex } from "./search_index.ts";

const AT = "2026-01-01T00:00:00.000Z";

/** More than are read at once, with others between them. */
const NODES = 25_000;

const NAMES = ['a "name"', "two\nlines", "naïve \u{1f600}", ""];

interface Expected {
  readonly node: string;
  readonly where: readonly string[];
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly createdAt: number | null;
  readonly isProtected: boolean;
  readonly tags: Readonly<Record<string, string>>;
}

/** A scope, and what is to be read of it. */
function section(
  sid: number,
  [account, region, kind]: readonly [string, string, string],
  count: number,
): { readonly section: IndexSection; readonly expected: Expected[] } {
  const expected: Expected[] = [];
  const nodes = Array.from({ length: count }, (_, at) => {
    const rid = `${kind}-${at}`;
    const name = NAMES[at % NAMES.length] ?? "";
    const tags = at % 3 === 0 ? { Protected: "yes", other: "no" } : {};
    const reported = canonicalJson({
      kind,
      id: rid,
      ...(name !== "" && { name }),
      ...(at % 2 === 0 && { ctime: AT }),
      tags,
    });
    const id = hashText(`${account} ${region} ${rid}`);
    const hash = hashText(reported);
    const isMarked = at % 5 !== 0;
    const isProtected = at % 7 === 0;
    if (isMarked) {
      expected.push({
        node: id,
        where: ["toy", account, `name of ${account}`, kind, region],
        id: rid,
        name: name === "" ? rid : name,
        version: hash,
        createdAt: at % 2 === 0 ? Date.parse(AT) : null,
        isProtected,
        tags: at % 3 === 0 ? { Protected: "yes" } : {},
      });
    }
    return {
      id,
      hash,
      zone: null,
      reported,
      text: "",
      mode: "new" as const,
      ...(isMarked && { desired: '{"clean":true}' }),
      ...(isProtected && { metadata: '{"protected":true}' }),
    };
  });
  return {
    expected,
    section: {
      scope: { cloud: "toy", account, region, sid, kind },
      kinds: [kind],
      accountName: `name of ${account}`,
      regionName: region,
      run: null,
      goneNodes: [],
      goneEdges: [],
      nodes,
      edges: [],
    },
  };
}

Deno.test("readMarkedNodes() gives each marked node as it is", async () => {
  const directory = await Deno.makeTempDir({ prefix: "skymap-marks-" });
  const all = [
    section(1, ["a2", "r1", "toy_box"], NODES / 2),
    section(2, ["a1", "r2", "toy_box"], NODES / 4),
    section(3, ["a1", "r1", "toy_net"], NODES / 4),
  ];
  using index = await SearchIndex.build({
    directory: `${directory}/index`,
    graph: "main",
    record: "test",
  }, async (file) => {
    const connection = await file.connect();
    await applyBatches(connection, [{
      sequence: 1,
      commit: 1,
      at: AT,
      sections: all.map(({ section }) => section),
      scopes: [],
    }]);
    connection.closeSync();
  });
  const { marks } = await readMarkedNodes(index, {
    tagNames: ["protected"],
    pricedKinds: [],
  });
  const read = marks.map((
    { cloud, account, accountName, kind, region, cost: _, ...rest },
  ) => ({ ...rest, where: [cloud, account, accountName, kind, region] }));
  const order = ({ where, id }: Pick<Expected, "where" | "id">) =>
    JSON.stringify([where, id]);
  const sorted = all.flatMap(({ expected }) => expected).map((each) => ({
    key: order(each),
    each,
  })).sort((a, b) => a.key < b.key ? -1 : 1).map(({ each }) => each);
  deepStrictEqual(read.length, sorted.length);
  const byNode = new Map(read.map((each) => [each.node, each]));
  for (const each of sorted) deepStrictEqual(byNode.get(each.node), each);
  deepStrictEqual(read.map(order), sorted.map(order));
  await Deno.remove(directory, { recursive: true });
});
