/**
 * Memory of core and of the worker after collecting 10 and 300 small accounts of
 * the demo cloud, each installation new, as real processes.
 */
import { unwrap } from "@skymap/lib/client";
import { System, until } from "../tests/helpers/system.ts";
import { residentMb } from "./core_process.ts";
import { report } from "./report.ts";

const FEW = 10;
const MANY = 300;
/** Nodes of one account, about. */
const NODES = 30;
/** The demo has about so many nodes for each unit of `demo.size`. */
const NODES_OF_SIZE_ONE = 2_000;

const ROLES = ["core", "worker"] as const;

interface Memory {
  readonly peak: number;
  readonly now: number;
}

/** Memory of both processes in MB, and the seconds of the collect. */
async function collect(accounts: number) {
  const overrides = {
    accounts,
    size: accounts * NODES / NODES_OF_SIZE_ONE,
    regions: '["eu-west"]',
    tick: 500_000,
  };
  await using system = await System.start({
    core: ["--no-scheduling"],
    worker: Object.entries(overrides).flatMap(([name, value]) => [
      "--override",
      `demo.${name}=${value}`,
    ]),
  });
  const client = await system.client();
  // A new installation collects by itself.
  const run = await until("the first run ends", async () => {
    const [first] = unwrap(await client.runs());
    return first?.ended_at === undefined ? undefined : first;
  }, 600_000);
  if (run.state !== "done") throw new Error(`the run is ${run.state}`);
  const memory = async (role: "core" | "worker"): Promise<Memory> => {
    const { pid } = system.process(role);
    return {
      peak: await residentMb(pid, "peak"),
      now: await residentMb(pid, "now"),
    };
  };
  return {
    core: await memory("core"),
    worker: await memory("worker"),
    seconds:
      (Date.parse(run.ended_at ?? "") - Date.parse(run.started_at ?? "")) /
      1_000,
  };
}

const few = await collect(FEW);
const many = await collect(MANY);

for (const role of ROLES) {
  for (
    const [which, words] of [["peak", "peak"], ["now", "afterwards"]] as const
  ) {
    report({
      bench: "accounts",
      what: `memory of ${role}, ${words}: ${MANY} small accounts`,
      value: many[role][which],
      unit: "MB",
      against: `${FEW} accounts`,
      other: few[role][which],
      ratio: many[role][which] / few[role][which],
    });
  }
}
report({
  bench: "accounts",
  what: `collect, for each of ${MANY} accounts`,
  value: many.seconds / MANY * 1_000,
  unit: "ms",
  against: `each of ${FEW}`,
  other: few.seconds / FEW * 1_000,
  ratio: many.seconds / MANY / (few.seconds / FEW),
});
