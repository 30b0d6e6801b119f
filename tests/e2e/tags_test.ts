import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import type { NodeJson } from "@skymap/lib/client";
import { FaultProxy } from "../helpers/moto/fault_proxy.ts";
import { KINDS_REGIONS } from "../helpers/moto/kinds_suite.ts";
import {
  ACCOUNTS,
  estateOverrides,
  MotoServer,
  motoTest,
} from "../helpers/moto/moto_server.ts";
import { System, until } from "../helpers/system.ts";

const VOLUMES = "is(aws_ec2_volume)";

/** What a line printed, told and failed with. */
async function run(system: System, line: string) {
  const client = await system.client();
  let text = "";
  let problem: string | undefined;
  const notes: string[] = [];
  for await (const frame of client.execute(line)) {
    if (frame.type === "text") text += frame.text;
    if (frame.type === "note" && frame.note.type === "message") {
      notes.push(`${frame.note.level}: ${frame.note.text}`);
    }
    if (frame.type === "error") problem = frame.problem.detail;
  }
  return { text, notes, problem };
}

/** Volumes as core finds them. */
async function volumes(system: System, text = VOLUMES) {
  const client = await system.client();
  let sequence = 0;
  const nodes: NodeJson[] = [];
  for await (const record of client.search("main", "list", text)) {
    if (record.type === "coverage") sequence = Number(record["sequence"]);
    if (record.type === "node") nodes.push(record as NodeJson);
  }
  return { sequence, nodes };
}

type Tags = Readonly<Record<string, unknown>>;

function tagsIn(nodes: readonly NodeJson[]): [string, Tags][] {
  return nodes.map(({ reported }): [string, Tags] => [
    String(reported.id),
    (reported.tags ?? {}) as Tags,
  ]).sort();
}

/** Tags by volume, as boto3 finds them. */
async function tagsOf(moto: MotoServer): Promise<[string, Tags][]> {
  const found = await moto.foundKinds("tagged");
  return Object.values(found).flatMap((regions) =>
    Object.values(regions).flatMap((kinds) =>
      Object.entries(kinds["aws_ec2_volume"] ?? {})
        .map(([id, tags]): [string, Tags] => [id, tags as Tags])
    )
  ).sort();
}

await motoTest(
  "tags are written to the cloud and are in the graph at once",
  async (t) => {
    await using moto = await MotoServer.start();
    await moto.seedKinds("tagged");
    await using proxy = new FaultProxy(moto.endpoint);
    await using system = await System.start({
      core: ["--no-scheduling"],
      worker: estateOverrides(proxy.endpoint, {
        region: KINDS_REGIONS,
        collect: ["aws_ec2_volume"],
      }),
    });
    await system.untilSubscribed("skymap.worker");
    strictEqual((await system.runWorkflow("collect")).state, "done");
    const all = 3 * ACCOUNTS.length * KINDS_REGIONS.length;
    strictEqual((await volumes(system)).nodes.length, all);

    await t.step(
      "tag update fills a template; boto3 reads it back",
      async () => {
        const { notes, problem } = await run(
          system,
          `search ${VOLUMES} | tag update owner '{name} in {/ancestors.account.reported.name}'`,
        );
        strictEqual(problem, undefined, notes.join("\n"));
        ok(notes.includes(`info: Tags of ${all} resources were changed`));
        const { nodes } = await volumes(
          system,
          `${VOLUMES} and tags.owner != null`,
        );
        strictEqual(nodes.length, all);
        for (const { ancestors, reported } of nodes) {
          const account = ancestors.account?.reported.name;
          const { owner } = reported.tags as Tags;
          strictEqual(owner, `${reported.name} in ${account}`);
        }
        deepStrictEqual(tagsIn(nodes), await tagsOf(moto));
      },
    );

    await t.step("the next collect finds nothing new", async () => {
      const before = await volumes(system);
      strictEqual((await system.runWorkflow("collect")).state, "done");
      strictEqual((await volumes(system)).sequence, before.sequence);
    });

    await t.step(
      "a denied resource is named with the permission, and the rest is tagged",
      async () => {
        proxy.spoil = ({ action, region }) =>
          action === "CreateTags" && region === "eu-west-1"
            ? "denied"
            : undefined;
        const { notes, problem } = await run(
          system,
          `search ${VOLUMES} | tag update team ops | count tags.team`,
        );
        proxy.spoil = () => undefined;
        match(problem ?? "", /^Cannot tag 6 of 12 resources/);
        const denied = notes.filter((note) => note.startsWith("error: "));
        strictEqual(denied.length, all / 2);
        for (const note of denied) {
          match(note, /ec2:CreateTags in eu-west-1: UnauthorizedOperation/);
        }
        const tagged = await volumes(system, `${VOLUMES} and tags.team = ops`);
        strictEqual(tagged.nodes.length, all / 2);
        for (const { ancestors } of tagged.nodes) {
          strictEqual(ancestors.region?.reported.id, "us-east-1");
        }
        deepStrictEqual(
          tagsIn((await volumes(system)).nodes),
          await tagsOf(moto),
        );
      },
    );

    await t.step("a name that is a tag is another one at once", async () => {
      const [one] = (await volumes(system)).nodes;
      const { problem } = await run(
        system,
        `search id("${one?.id}") | tag update Name renamed`,
      );
      strictEqual(problem, undefined);
      const { nodes } = await volumes(system, `${VOLUMES} and name = renamed`);
      deepStrictEqual(nodes.map(({ id }) => id), [one?.id]);
    });

    await t.step(
      "tag delete takes tags away, also without waiting",
      async () => {
        strictEqual(
          (await run(system, `search ${VOLUMES} | tag delete owner`)).problem,
          undefined,
        );
        const { notes } = await run(
          system,
          `search ${VOLUMES} | tag delete --nowait team`,
        );
        ok(notes.includes(`info: Tags of ${all} resources are being changed`));
        await until("no volume has a team", async () => {
          const { nodes } = await volumes(
            system,
            `${VOLUMES} and tags.team != null`,
          );
          return nodes.length === 0;
        });
        const { nodes, sequence } = await volumes(system);
        deepStrictEqual(tagsIn(nodes), await tagsOf(moto));
        strictEqual((await system.runWorkflow("collect")).state, "done");
        strictEqual((await volumes(system)).sequence, sequence);
      },
    );

    await t.step("programs tag over the API", async () => {
      const client = await system.client();
      const [one, two] = (await volumes(system)).nodes;
      const answers = await Array.fromAsync(client.tag("main", [
        { id: one?.id ?? "", update: { by: "api" } },
        { id: two?.id ?? "", update: { "aws:by": "api" } },
        { id: "nobody", remove: ["by"] },
      ]));
      deepStrictEqual(
        answers.map((each) => "error" in each ? each.error.code : each.tags),
        [
          { ...one?.reported.tags as Tags, by: "api" },
          "tag_reserved",
          "node_unknown",
        ],
      );
    });

    await t.step(
      "aws calls anything, for each resource in its account and region",
      async () => {
        const line =
          "aws ec2 create-tags --resources {id} --tags Key=via,Value={name}";
        const done = await run(system, `search ${VOLUMES} | ${line}`);
        strictEqual(done.problem, undefined);
        for (const [id, tags] of await tagsOf(moto)) {
          const [node] = (await volumes(system, `${VOLUMES} and id = ${id}`))
            .nodes;
          strictEqual(tags["via"], node?.reported.name);
        }
        const listed = await run(
          system,
          `search ${VOLUMES} limit 1 | aws ec2 describe-volumes ` +
            `--volume-ids {id} | jq '.Volumes | length' | format --ndjson`,
        );
        strictEqual(listed.text, "1\n", listed.problem);
      },
    );

    await t.step(
      "aws shows what was answered, also when other calls fail",
      async () => {
        const at = `aws --account ${ACCOUNTS[0]} --region us-east-1 s3`;
        const lines = [
          "create-bucket --bucket bin",
          "put-object --bucket bin --key a --body hello",
          `put-object --bucket bin --key b --body '{"id": "{{id}}"}'`,
        ];
        for (const line of lines) {
          strictEqual((await run(system, `${at} ${line}`)).problem, undefined);
        }
        const page = await run(
          system,
          `${at} list-objects-v2 --bucket bin --max-keys 1 | count`,
        );
        deepStrictEqual(page.notes, [
          "warning: 1 of 1 answers are a first page: more follows by " +
          "s3 list-objects-v2: NextContinuationToken",
        ]);
        const body = await run(
          system,
          `${at} get-object --bucket bin --key b | jq .Body | format --ndjson`,
        );
        strictEqual(atob(JSON.parse(body.text)), '{"id": "{id}"}');
        // A volume of another region is not found there.
        const some = await run(
          system,
          `search ${VOLUMES} | aws --account ${
            ACCOUNTS[0]
          } --region us-east-1 ` +
            "ec2 describe-volumes --volume-ids {id} | jq '.Volumes | length' | " +
            "format --ndjson",
        );
        strictEqual(some.text, "1\n".repeat(3));
        match(some.problem ?? "", /9 of 12 calls failed, 3 were answered/);
        strictEqual(
          some.notes.filter((note) => /InvalidVolume\.NotFound/.test(note))
            .length,
          9,
        );
      },
    );

    await t.step(
      "aws says what is wrong before it calls anything",
      async () => {
        const misspelt = await run(
          system,
          `search ${VOLUMES} | aws ec2 delete-volumes --volume-id {id}`,
        );
        match(
          misspelt.problem ?? "",
          /"ec2" has no operation "delete-volumes"; there is .*delete-volume/,
        );
        const several = await run(system, "aws sts get-caller-identity");
        match(several.problem ?? "", /several accounts, wanted --account ID/);
        const named = await run(
          system,
          `aws --account ${ACCOUNTS[1]} sts get-caller-identity`,
        );
        match(named.text, new RegExp(String(ACCOUNTS[1])));
      },
    );
  },
);
