import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { parseOverride } from "@skymap/lib/settings";
import {
  pluginSection,
  readWorkerConfig,
  referencedValues,
} from "./worker_config.ts";

const VALUES: Readonly<Record<string, string>> = {
  SKYMAP_TOKEN: "open-sesame",
  AWS_REGION: "eu",
  SKYMAP_WORKER_PSK: "the key",
};

const environment = {
  env: (name: string) => VALUES[name],
  mayRead: (name: string) => /^(SKYMAP|AWS)_/.test(name),
  readable: "SKYMAP_* and AWS_*",
};

function config(document: Parameters<typeof readWorkerConfig>[0]) {
  return readWorkerConfig(document, [], { environment });
}

Deno.test("readWorkerConfig() lets overrides count more than the document", () => {
  const document = {
    worker: { pool_size: 3, graph: "prod" },
    aws: { region: ["eu"], role: "reader" },
  };
  const overrides = ["worker.pool_size=4", "aws.region=[us]", "demo.size=2"];
  const { poolSize, graph, timeoutSeconds, pluginConfig } = readWorkerConfig(
    document,
    overrides.map(parseOverride),
  );
  deepStrictEqual({ poolSize, graph, timeoutSeconds }, {
    poolSize: 4,
    graph: "prod",
    timeoutSeconds: 10_800,
  });
  deepStrictEqual(pluginConfig, {
    aws: { role: "reader", region: ["us"] },
    demo: { size: 2 },
  });
});

Deno.test("pluginSection() has the values of what it refers to, the rest stays", () => {
  const read = config({
    worker: { graph: "of_$(AWS_REGION)" },
    fruit: {
      token: "$(SKYMAP_TOKEN)",
      list: ["a $(AWS_REGION) b", "$$(AWS_REGION)", "$AWS_REGION", "$(a b)"],
      size: 3,
    },
  });
  strictEqual(read.graph, "of_eu");
  strictEqual(read.pluginConfig["fruit"]?.["token"], "$(SKYMAP_TOKEN)");
  deepStrictEqual(pluginSection(read, "fruit", environment), {
    token: "open-sesame",
    list: ["a eu b", "$(AWS_REGION)", "$AWS_REGION", "$(a b)"],
    size: 3,
  });
  deepStrictEqual(pluginSection(read, "toString", environment), {});
  deepStrictEqual(referencedValues(read, "fruit", environment), {
    SKYMAP_TOKEN: "open-sesame",
    AWS_REGION: "eu",
  });
});

Deno.test("pluginSection() names each variable that it cannot have, and no value", () => {
  const read = config({
    fruit: {
      token: "$(SKYMAP_TOKEN) $(SKYMAP_NOWHERE)",
      more: ["$(HOSTNAME)", "$(SKYMAP_WORKER_PSK)"],
    },
  });
  throws(() => pluginSection(read, "fruit", environment), {
    code: "config_invalid",
    message: "Cannot use the configuration: " +
      "fruit.token refers to the environment variable SKYMAP_NOWHERE, which is " +
      "not set, wanted it in this process; " +
      "fruit.more.0 refers to the environment variable HOSTNAME, which this " +
      "process may not read, wanted one of SKYMAP_* and AWS_*; " +
      "fruit.more.1 refers to the environment variable SKYMAP_WORKER_PSK, which " +
      "holds a key of Skymap, wanted another one",
  });
});
