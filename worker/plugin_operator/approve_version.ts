import {
  type PluginClient,
  type PluginLimits,
  type PluginVersionJson,
  unwrap,
} from "@skymap/lib/client";
import type { SettingDeclarations, Settings } from "@skymap/lib/settings";

/** Flags of every command that approves. */
export const APPROVAL_SETTINGS = {
  yes: {
    type: "boolean",
    short: "y",
    help: "Approves without asking.",
    default: false,
  },
  heapMb: { type: "integer", help: "JavaScript heap it may use.", min: 32 },
  memoryMb: { type: "integer", help: "Memory it may use in all.", min: 64 },
  timeoutS: {
    type: "integer",
    help: "Seconds one account or call may take.",
    min: 1,
  },
} as const satisfies SettingDeclarations;

/** Values of these flags. */
export type ApprovalSettings = Settings<typeof APPROVAL_SETTINGS>;

function limitsOf(
  { heapMb, memoryMb, timeoutS }: ApprovalSettings,
): Partial<PluginLimits> {
  return {
    ...(heapMb !== undefined && { heap_mb: heapMb }),
    ...(memoryMb !== undefined && { memory_mb: memoryMb }),
    ...(timeoutS !== undefined && { timeout_s: timeoutS }),
  };
}

/** Whether the operator says yes; no when there is nobody to ask. */
async function isConfirmed(
  question: string,
  signal: AbortSignal,
): Promise<boolean> {
  if (!Deno.stdin.isTerminal()) return false;
  await Deno.stdout.write(new TextEncoder().encode(`${question} [y/N] `));
  const stopped = Promise.withResolvers<never>();
  const stop = () => stopped.reject(signal.reason);
  signal.addEventListener("abort", stop, { once: true });
  try {
    // A prompt of the runtime would not let Ctrl-C through.
    const line = new Uint8Array(1_024);
    const length = await Promise.race([Deno.stdin.read(line), stopped.promise]);
    const answer = new TextDecoder().decode(line.subarray(0, length ?? 0));
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/**
 * Approves a version that was just shown, if the operator says so. Gives what
 * to print.
 */
export async function approveVersion(
  plugins: PluginClient,
  shown: PluginVersionJson,
  settings: ApprovalSettings,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { name, version, sha256, permissions_hash } = shown;
  const isMeant = settings.yes ||
    await isConfirmed(`Approve ${name} ${version}?`, signal);
  if (!isMeant) {
    return [
      `${name} ${version} waits: skymap plugin approve ${name}@${version}`,
    ];
  }
  unwrap(
    await plugins.approve(name, version, {
      ...(sha256 !== undefined && { sha256 }),
      permissions_hash,
      limits: limitsOf(settings),
    }),
  );
  return [`${name} ${version} is approved and runs from now on`];
}
