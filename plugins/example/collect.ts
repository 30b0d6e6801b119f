import { type CollectContext, uses } from "@skymap/lib/plugin";
import { listMachines } from "./cloud.ts";
import type { ExampleConfig } from "./settings.ts";

/** Lists one region: its instances, then the volumes that hang on them. */
export async function collectRegion(
  { account, scope }: CollectContext<ExampleConfig>,
  region: string,
): Promise<void> {
  await scope({ kind: "example_instance", region }, async (found) => {
    for await (const machine of listMachines(account.id, region)) {
      await found.node({
        id: machine.Id,
        reported: {
          name: machine.Label,
          ctime: machine.Created,
          instance_cores: machine.Cpus,
          instance_memory: machine.MemoryGiB,
          instance_status: machine.On ? "running" : "stopped",
        },
      });
    }
  });
  await scope({ kind: "example_volume", region }, async (found) => {
    for await (const machine of listMachines(account.id, region)) {
      const instance = { kind: "example_instance", id: machine.Id };
      for (const disk of machine.Disks) {
        const volume = { kind: "example_volume", id: disk.Id };
        await found.node({
          id: disk.Id,
          reported: {
            name: disk.Id,
            volume_size: disk.SizeGb,
            volume_type: "ssd",
            volume_status: "in-use",
          },
        });
        await uses(found, instance, volume);
      }
    }
  });
}
