import { PluginHost, type PluginHostOptions } from "../plugin/host.ts";

/** A variable, or undefined when this process may not see it. */
function readEnvironment(name: string): string | undefined {
  try {
    return Deno.env.get(name);
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) return;
    throw error;
  }
}

/** A host with the limits that a worker has when nothing else is said. */
export function kitHost(
  options:
    & Pick<PluginHostOptions, "source" | "installation">
    & Partial<PluginHostOptions>,
): PluginHost {
  const home = readEnvironment("HOME");
  return new PluginHost({
    approved: {},
    ...(home !== undefined && { home }),
    deno: options.installation.deno,
    env: readEnvironment,
    limits: {
      timeoutMs: 3_600_000,
      maxHeapMb: 512,
      maxMemoryMb: 1_024,
      maxLineChars: 16_000_000,
    },
    ...options,
  });
}
