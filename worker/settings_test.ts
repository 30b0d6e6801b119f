import {
  deepStrictEqual,
  match,
  strictEqual,
  throws,
} from "node:assert/strict";
import { isSkymapError } from "@skymap/lib/errors";
import { readWorkerSettings } from "./settings.ts";
import { readWorkerConfig } from "./worker_config.ts";

function read(
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
) {
  const settings = readWorkerSettings(args, (name) => env[name]);
  return { ...settings, ...readWorkerConfig({}, settings.overrides) };
}

function overrides(...texts: readonly string[]): string[] {
  return texts.flatMap((text) => ["--override", text]);
}

Deno.test("readWorkerSettings() limits a worker to nothing when nothing is said", () => {
  const settings = read();
  strictEqual(settings.collector, undefined);
  strictEqual(settings.subscriberId, "skymap.worker");
  strictEqual(settings.coreUri, "http://127.0.0.1:8900");
  strictEqual(settings.webPort, 9956);
  strictEqual(settings.poolSize, 5);
  strictEqual(settings.timeoutSeconds, 10_800);
  deepStrictEqual(settings.most, {
    timeoutSeconds: undefined,
    heapMb: undefined,
    memoryMb: undefined,
  });
});

Deno.test("readWorkerSettings() reads the sections of plugins", () => {
  const { collector, pluginConfig } = read(
    overrides("aws.profiles=[a, b]", "demo.size=3"),
  );
  strictEqual(collector, undefined);
  deepStrictEqual(pluginConfig, {
    aws: { profiles: ["a", "b"] },
    demo: { size: 3 },
  });
});

Deno.test("readWorkerSettings() sends who names a path or a URL to the registry", () => {
  for (const place of ["./x.ts", "https://example.com/x.ts", "demo@1.0.0"]) {
    throws(() => read(overrides(`worker.collector=["demo", "${place}"]`)), {
      code: "config_invalid",
      message:
        `Cannot read the configuration: worker.collector names "${place}", ` +
        `wanted the names of plugins; add it with "skymap plugin add ${place}"`,
    });
  }
  throws(() => read(overrides('worker.approve=["./x.ts"]')), {
    code: "config_invalid",
    message: /approve plugins with "skymap plugin approve NAME"/,
  });
});

Deno.test("readWorkerSettings() takes the name of the document in front", () => {
  const settings = read(
    overrides("skymap.worker.collector=[aws]", "worker.pool_size=2"),
  );
  deepStrictEqual(settings.collector, ["aws"]);
  strictEqual(settings.poolSize, 2);
  deepStrictEqual(settings.pluginConfig, {});
});

Deno.test("readWorkerSettings() takes one collector without a list", () => {
  deepStrictEqual(read(overrides("worker.collector=aws")).collector, ["aws"]);
});

Deno.test("readWorkerSettings() lets a flag win over the environment", () => {
  const env = {
    SKYMAP_WORKER_SUBSCRIBER_ID: "from.env",
    SKYMAP_WORKER_WEB_PORT: "1234",
    SKYMAP_WORKER_OVERRIDE: "worker.pool_size=7",
  };
  const settings = read(["--subscriber-id", "from.flag"], env);
  strictEqual(settings.subscriberId, "from.flag");
  strictEqual(settings.webPort, 1234);
  strictEqual(settings.poolSize, 7);
});

for (
  const args of [
    ["--ca-cert", "x"],
    ["--cert", "x"],
    ["--cert-key", "x"],
    ["--cert-key-pass", "x"],
    ["--no-verify-certs"],
  ]
) {
  Deno.test(`readWorkerSettings() says that ${args[0]} comes later`, () => {
    throws(() => read(args), {
      code: "usage",
      message: new RegExp(`Cannot use ${args[0]}: TLS is not yet supported`),
    });
  });
}

Deno.test("readWorkerSettings() names every fault of the configuration", () => {
  try {
    read(overrides("worker.poool=3", "worker.timeout=-1"));
  } catch (error) {
    if (!isSkymapError(error, "config_invalid")) throw error;
    match(error.message, /poool/);
    match(error.message, /worker\.timeout/);
    return;
  }
  throw new Error("not refused");
});

Deno.test("readWorkerSettings() refuses a plugin section that is none", () => {
  throws(() => read(overrides("aws=x")), {
    code: "config_invalid",
    message: /aws is string, expected properties as in aws\.x=y/,
  });
});
