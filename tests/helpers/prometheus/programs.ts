/**
 * The programs of Prometheus, under the names that Debian or their authors give
 * them.
 *
 * @module
 */

/** What each program is called. */
const NAMES = {
  prometheus: ["prometheus"],
  promtool: ["promtool"],
  alertmanager: ["prometheus-alertmanager", "alertmanager"],
  amtool: ["amtool"],
} as const;

/** One of the programs. */
export type Program = keyof typeof NAMES;

async function find(program: Program): Promise<string | undefined> {
  for (const name of NAMES[program]) {
    try {
      const { success } = await new Deno.Command(name, {
        args: ["--version"],
        stdout: "null",
        stderr: "null",
      }).output();
      if (success) return name;
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
}

const PARTS = Object.fromEntries(
  await Promise.all(
    Object.keys(NAMES).map(async (program) =>
      [program, await find(program as Program)] as const
    ),
  ),
) as Readonly<Record<Program, string | undefined>>;

const MISSING = Object.entries(PARTS)
  .flatMap(([program, name]) => name === undefined ? [program] : []);

/** Why tests that need the programs cannot run here, or undefined. */
export const missingPrograms: string | undefined = MISSING.length === 0
  ? undefined
  : `needs ${
    MISSING.join(" and ")
  }; on Debian: prometheus prometheus-alertmanager`;

if (missingPrograms !== undefined && Deno.env.get("CI") === "true") {
  throw new Error(missingPrograms);
}

/** The name that a program has here. */
export function programName(program: Program): string {
  const name = PARTS[program];
  if (name === undefined) throw new Error(`${program} is not installed`);
  return name;
}

/** Registers a test that needs the programs; where they are not, it says so. */
export function prometheusTest(
  name: string,
  fn: (t: Deno.TestContext) => Promise<void>,
): void {
  Deno.test({
    name: missingPrograms === undefined ? name : `${name} (${missingPrograms})`,
    ignore: missingPrograms !== undefined,
    fn,
  });
}
