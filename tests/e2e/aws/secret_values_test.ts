import { deepStrictEqual, ok } from "node:assert/strict";
import { RESOURCES } from "../../../plugins/aws/resources/mod.ts";
import { collectHere } from "../../helpers/moto/collected_graph.ts";
import { KINDS_REGIONS, pluginOf } from "../../helpers/moto/kinds_suite.ts";
import {
  estateConfig,
  MotoServer,
  motoTest,
} from "../../helpers/moto/moto_server.ts";

/** What every secret begins with that the modules of `services/` make. */
const SECRET = "hush-";

/** Calls that give the value of a secret or of a parameter. */
const READS_VALUES =
  /^(Batch)?Get(SecretValue|Parameters?|ParametersByPath|ParameterHistory)$/;

await motoTest("no value of a secret is ever read", async (t) => {
  Deno.env.set("AWS_MAX_ATTEMPTS", "2");
  await using moto = await MotoServer.start();
  for (const module of ["secretsmanager", "ssm"]) await moto.seedKinds(module);
  const resources = RESOURCES.filter(({ kind }) =>
    /^aws_(secretsmanager|ssm|kms)_/.test(kind) && kind !== "aws_ssm_instance"
  );
  const graph = await collectHere(
    pluginOf(resources) as never,
    { ...estateConfig(moto.endpoint), region: KINDS_REGIONS } as never,
  );

  await t.step("secrets and parameters are found", () => {
    deepStrictEqual([...graph.failed], []);
    for (const kind of ["aws_secretsmanager_secret", "aws_ssm_parameter"]) {
      ok(graph.keys.some((key) => key.includes(` ${kind} `)), kind);
    }
  });
  await t.step("no message holds a value", () => {
    deepStrictEqual(
      graph.messages.filter((message) =>
        JSON.stringify(message).includes(SECRET)
      ),
      [],
    );
  });
});

Deno.test("no declaration has a call that gives secret values", () => {
  deepStrictEqual(
    RESOURCES.flatMap(({ details = [], list, remove }) => [
      ...("operation" in list ? [list] : []),
      ...details,
      ...remove?.details ?? [],
    ]).filter(({ operation }) => READS_VALUES.test(operation)),
    [],
  );
});
