import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { until } from "@skymap/lib/testing";
import { DiskWatch } from "./disk_use.ts";

Deno.test("DiskWatch counts now and then, and lets nobody wait for it twice", async () => {
  const dataDir = await Deno.makeTempDir();
  try {
    let now = 0;
    const disk = new DiskWatch(dataDir, () => now);
    const { free, ...empty } = await disk.read();
    deepStrictEqual(empty, { record: 0, index: 0 });
    ok((free ?? 0) > 0);
    await Deno.mkdir(`${dataDir}/db/sub`, { recursive: true });
    await Deno.mkdir(`${dataDir}/index/main`, { recursive: true });
    await Deno.writeFile(`${dataDir}/db/a`, new Uint8Array(100));
    await Deno.writeFile(`${dataDir}/db/sub/b`, new Uint8Array(20));
    await Deno.writeFile(`${dataDir}/index/main/c`, new Uint8Array(3));
    now = 29_999;
    strictEqual((await disk.read()).record, 0, "counted a moment ago");
    now = 30_000;
    await disk.read();
    const { record, index } = await until(async () => {
      const use = await disk.read();
      return use.record > 0 ? use : undefined;
    });
    deepStrictEqual([record, index], [120, 3]);
  } finally {
    await Deno.remove(dataDir, { recursive: true });
  }
});
