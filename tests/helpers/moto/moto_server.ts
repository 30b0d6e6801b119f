/**
 * A made-up AWS that is not ours: moto, filled and listed by boto3.
 *
 * @module
 */

import { freePort, until } from "../system.ts";
import { LineProgram } from "./line_program.ts";

const ROOT = new URL("../../../", import.meta.url).pathname;
const HERE = new URL(".", import.meta.url).pathname;
const VENV = `${ROOT}.venv`;

/** The accounts of the estate. */
export const ACCOUNTS: readonly string[] = ["111111111111", "222222222222"];

/** The regions of the estate. */
export const REGIONS: readonly string[] = [
  "ap-southeast-2",
  "eu-west-1",
  "us-east-1",
];

/** The kinds of the estate, and the account itself. */
export const ESTATE_KINDS: readonly string[] = [
  "aws_account",
  "aws_ec2_elastic_ip",
  "aws_ec2_image",
  "aws_ec2_instance",
  "aws_ec2_instance_type",
  "aws_ec2_keypair",
  "aws_ec2_network_interface",
  "aws_ec2_security_group",
  "aws_ec2_snapshot",
  "aws_ec2_subnet",
  "aws_ec2_volume",
  "aws_ec2_volume_type",
  "aws_vpc",
];

/** Configuration of the plugin that collects the estate. */
export function estateConfig(endpoint: string): Record<string, unknown> {
  return {
    access_key_id: "base",
    secret_access_key: "base",
    role: "skymap-reader",
    account: ACCOUNTS,
    region: REGIONS,
    endpoint,
  };
}

/** The same as words for a worker. */
export function estateOverrides(
  endpoint: string,
  changed: Readonly<Record<string, unknown>> = {},
): string[] {
  return Object.entries({
    ...estateConfig(endpoint),
    collect: ESTATE_KINDS,
    ...changed,
  })
    .flatMap(([name, value]) => [
      "--override",
      `aws.${name}=${JSON.stringify(value)}`,
    ]);
}

/** What boto3 tells of a resource; edges follow from it. */
export type Facts = Readonly<Record<string, unknown>>;

/** What boto3 lists: by account, region, kind and id. */
export type Estate = Readonly<
  Record<
    string,
    Readonly<Record<string, Readonly<Record<string, Record<string, Facts>>>>>
  >
>;

/**
 * What a module of `services/` lists: tags by account, region, kind and id; null
 * where the kind has none.
 */
export type KindsFound = Readonly<
  Record<
    string,
    Readonly<Record<string, Readonly<Record<string, FoundTags>>>>
  >
>;

/** Tags by the id of a resource. */
type FoundTags = Readonly<
  Record<string, Readonly<Record<string, string>> | null>
>;

/** What {@linkcode MotoServer.change} did. */
export interface Change {
  /** Ids of volumes that are gone. */
  readonly deleted: readonly string[];
  /** Ids of volumes that are new. */
  readonly created: readonly string[];
}

async function run(command: string, ...args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(command, {
    args,
    env: { PYTHONDONTWRITEBYTECODE: "1" },
  }).output();
  const decoder = new TextDecoder();
  if (success) return decoder.decode(stdout);
  const lines = decoder.decode(stderr).trim().split("\n");
  throw new Error(`${command} ${args[0]}: ${lines.slice(-8).join("\n")}`);
}

/**
 * Makes the virtual environment, unless it is there as it should be. Others that
 * want it meanwhile wait.
 */
async function install(): Promise<void> {
  await Deno.mkdir(VENV, { recursive: true });
  using lock = await Deno.open(`${VENV}/skymap-install.lock`, {
    create: true,
    write: true,
  });
  await lock.lock(true);
  const requirements = await Deno.readTextFile(`${HERE}requirements.txt`);
  const mark = `${VENV}/skymap-requirements.txt`;
  const there = await Deno.readTextFile(mark).catch(() => "");
  if (there === requirements) return;
  await run("python3", "-m", "venv", VENV);
  await run(
    `${VENV}/bin/python`,
    "-m",
    "pip",
    "install",
    "--quiet",
    "--disable-pip-version-check",
    "--requirement",
    `${HERE}requirements.txt`,
  );
  await Deno.writeTextFile(mark, requirements);
}

/**
 * Makes moto ready to run. Returns why it is not, for tests to skip; where
 * `CI` is `true` nothing may be skipped, and the reason is thrown.
 */
export async function setUpMoto(): Promise<string | undefined> {
  try {
    await install();
    return;
  } catch (error) {
    const reason = `needs python3 and moto: ${(error as Error).message}`;
    if (Deno.env.get("CI") === "true") throw new Error(reason);
    return reason;
  }
}

/** Defines a test that needs moto; its name tells why it is skipped. */
export async function motoTest(
  name: string,
  test: (context: Deno.TestContext) => Promise<void>,
): Promise<void> {
  const reason = await setUpMoto();
  Deno.test({
    name: reason === undefined ? name : `${name} (${reason})`,
    ignore: reason !== undefined,
    fn: test,
  });
}

/** A running moto. */
export class MotoServer implements AsyncDisposable {
  /** Its address. */
  readonly endpoint: string;
  readonly #child: Deno.ChildProcess;
  #kinds: LineProgram | undefined;

  private constructor(endpoint: string, child: Deno.ChildProcess) {
    this.endpoint = endpoint;
    this.#child = child;
  }

  /** Starts it on a free port, empty. */
  static async start(): Promise<MotoServer> {
    const port = freePort();
    const child = new Deno.Command(`${VENV}/bin/python`, {
      args: [`${HERE}serve.py`, String(port)],
      // Else each region begins with thousands of images and snapshots.
      env: { MOTO_EC2_LOAD_DEFAULT_AMIS: "false" },
      stdout: "null",
      stderr: "null",
    }).spawn();
    const server = new MotoServer(`http://127.0.0.1:${port}`, child);
    try {
      await until("moto answers", async () => {
        const answer = await fetch(`${server.endpoint}/moto-api/data.json`);
        await answer.body?.cancel();
        return answer.ok;
      });
    } catch (error) {
      await server[Symbol.asyncDispose]();
      throw error;
    }
    return server;
  }

  async #script(name: string, ...words: string[]): Promise<string> {
    const script = `${HERE}${name}`;
    return await run(`${VENV}/bin/python`, script, this.endpoint, ...words);
  }

  /** Lets a module of `services/` do something; the program stays for more. */
  async #ask(task: string): Promise<unknown> {
    this.#kinds ??= new LineProgram(`${VENV}/bin/python`, [
      `${HERE}kinds.py`,
      this.endpoint,
    ]);
    return await this.#kinds.ask(task);
  }

  /** Empties it. */
  async reset(): Promise<void> {
    await this.#ask("reset");
  }

  /**
   * Fills it with what a module of `services/` seeds. Gives what the module says
   * of it, by account and region.
   */
  async seedKinds(
    module: string,
  ): Promise<Record<string, Record<string, unknown>>> {
    return await this.#ask(`${module} seed`) as Record<
      string,
      Record<string, unknown>
    >;
  }

  /** What a module of `services/` lists with boto3. */
  async foundKinds(module: string): Promise<KindsFound> {
    return await this.#ask(`${module} found`) as KindsFound;
  }

  /** Lets a module of `services/` do something else, by a function's name. */
  async callKinds(module: string, name: string): Promise<void> {
    await this.#ask(`${module} ${name}`);
  }

  /** Fills it with the estate. Default: in all accounts and regions. */
  async seed(
    accounts: readonly string[] = ACCOUNTS,
    regions: readonly string[] = REGIONS,
  ): Promise<void> {
    await this.#script("seed.py", accounts.join(), regions.join());
  }

  /** Lists the estate with boto3. */
  async list(): Promise<Estate> {
    return JSON.parse(await this.#script("list.py"));
  }

  /** Deletes ten volumes and adds three. */
  async change(): Promise<Change> {
    return JSON.parse(await this.#script("change.py"));
  }

  /** Stops it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#kinds?.[Symbol.asyncDispose]();
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // It has ended meanwhile.
    }
    await this.#child.status;
  }
}
