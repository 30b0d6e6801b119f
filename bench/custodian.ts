/**
 * Cloud Custodian, the rival that lists the same resources.
 *
 * @module
 */

const ROOT = new URL("../", import.meta.url).pathname;
const VENV = `${ROOT}.venv/custodian`;
const VERSION = "c7n==0.9.53";

/** What a run of another program took. */
export interface ProgramRun {
  /** Seconds of the whole process. */
  readonly seconds: number;
  /** Most memory that it had, in MB. */
  readonly peakMb: number;
  /** What it printed. */
  readonly stdout: string;
}

/** Runs a program to its end and watches its memory. */
export async function runProgram(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<ProgramRun> {
  const startedAt = performance.now();
  const child = new Deno.Command(command, {
    args: [...args],
    env,
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let peakKb = 0;
  const watch = setInterval(async () => {
    const status = await Deno.readTextFile(`/proc/${child.pid}/status`)
      .catch(() => "");
    peakKb = Math.max(peakKb, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0));
  }, 50);
  const { success, stdout, stderr } = await child.output();
  clearInterval(watch);
  const seconds = (performance.now() - startedAt) / 1_000;
  const decoder = new TextDecoder();
  if (!success) throw new Error(`${command}: ${decoder.decode(stderr)}`);
  return {
    seconds,
    peakMb: peakKb / 1_024,
    stdout: decoder.decode(stdout),
  };
}

/** Installs it, unless it is there. */
export async function setUpCustodian(): Promise<void> {
  const isThere = await Deno.stat(`${VENV}/bin/custodian`).catch(() => false);
  if (isThere !== false) return;
  await runProgram("python3", ["-m", "venv", VENV]);
  await runProgram(`${VENV}/bin/pip`, ["install", "--quiet", VERSION]);
}

/** Lists resources with it; gives how many of each there were. */
export async function runCustodian(
  endpoint: string,
  resources: readonly string[],
): Promise<ProgramRun & { readonly counts: Readonly<Record<string, number>> }> {
  const folder = await Deno.makeTempDir();
  try {
    const policies = resources.map((resource) => ({
      name: resource.replace(/^aws\./, ""),
      resource,
    }));
    const file = `${folder}/policies.json`;
    await Deno.writeTextFile(file, JSON.stringify({ policies }));
    const run = await runProgram(
      `${VENV}/bin/custodian`,
      [
        "run",
        "--output-dir",
        `${folder}/out`,
        "--cache-period",
        "0",
        "--region",
        "us-east-1",
        file,
      ],
      {
        AWS_ENDPOINT_URL: endpoint,
        AWS_ACCESS_KEY_ID: "bench",
        AWS_SECRET_ACCESS_KEY: "bench",
      },
    );
    const counts: Record<string, number> = {};
    for (const { name, resource } of policies) {
      const found = JSON.parse(
        await Deno.readTextFile(`${folder}/out/${name}/resources.json`),
      );
      counts[resource] = found.length;
    }
    return { ...run, counts };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
