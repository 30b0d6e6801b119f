/** Collects with the plugin `faulty` and prints the lines, as a worker would. */
import { manifestOf } from "@skymap/lib/plugin_host";
import { PluginHost } from "../host.ts";
import { findInstallation } from "../source.ts";
import faulty from "./faulty.ts";

const installation = await findInstallation();
const spec = new URL("faulty.ts", import.meta.url).href;
const host = new PluginHost({
  source: { spec, url: spec },
  installation,
  approved: {},
  deno: Deno.execPath(),
  env: (name) => Deno.env.get(name),
  limits: {
    timeoutMs: 60_000,
    maxHeapMb: 128,
    maxMemoryMb: 256,
    maxLineChars: 100_000,
  },
});
const lines = host.collect(
  manifestOf(faulty),
  { fault: Deno.args[0] ?? "none" },
  { id: "1" },
  new AbortController().signal,
);
for await (const text of lines) {
  await Deno.stdout.write(new TextEncoder().encode(text));
}
