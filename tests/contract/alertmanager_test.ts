/**
 * The command `alertmanager` against the real Alertmanager.
 *
 * @module
 */

import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { FakeClock } from "@skymap/lib/testing";
import { runTestLine, testZoo, zooService } from "../../core/cli/_test_line.ts";
import { customCommands } from "../../core/cli/custom_commands/custom_command.ts";
import { SHIPPED_COMMANDS } from "../../core/cli/custom_commands/shipped_commands.ts";
import { freePort, until } from "../helpers/system.ts";

/** An alert as Alertmanager shows it. */
interface ShownAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly status: { readonly state: string };
}

/** Name of the program, as Debian or its authors call it. */
async function findAlertmanager(): Promise<string | undefined> {
  for (const name of ["prometheus-alertmanager", "alertmanager"]) {
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

/** A running Alertmanager that tells nobody. */
class Alertmanager implements AsyncDisposable {
  readonly #folder: string;
  readonly #child: Deno.ChildProcess;
  /** Its address. */
  readonly url: string;

  constructor(program: string) {
    this.#folder = Deno.makeTempDirSync();
    const config = `${this.#folder}/config.yml`;
    Deno.writeTextFileSync(
      config,
      "route: { receiver: nobody }\nreceivers: [{ name: nobody }]\n",
    );
    const port = freePort();
    this.url = `http://127.0.0.1:${port}`;
    this.#child = new Deno.Command(program, {
      args: [
        `--config.file=${config}`,
        `--storage.path=${this.#folder}/data`,
        `--web.listen-address=127.0.0.1:${port}`,
        "--cluster.listen-address=",
      ],
      stdout: "null",
      stderr: "null",
    }).spawn();
  }

  async alerts(): Promise<readonly ShownAlert[]> {
    return await (await fetch(`${this.url}/api/v2/alerts`)).json();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#child.status;
    await Deno.remove(this.#folder, { recursive: true });
  }
}

const program = await findAlertmanager();
const missing = "needs Alertmanager, on Debian: prometheus-alertmanager";
if (program === undefined && Deno.env.get("CI") === "true") {
  throw new Error(missing);
}

const NAME =
  "alertmanager fires an alert that the real Alertmanager shows, with labels and times";

/** Fires an alert, and reads it back from Alertmanager. */
async function fire(): Promise<void> {
  await using server = new Alertmanager(program ?? "");
  await until(
    "Alertmanager answers",
    async () => (await fetch(`${server.url}/-/ready`)).ok,
  );
  await using zoo = await testZoo();
  const now = Math.floor(Date.now() / 1_000) * 1_000;
  const run = (line: string) =>
    runTestLine(line, {
      graph: zooService(zoo),
      clock: new FakeClock(now),
      services: {
        commandConfig: {
          allowedHosts: () => ["127.0.0.1"],
          customCommands: () => [],
        },
      },
      commands: customCommands(SHIPPED_COMMANDS),
    });
  const name = `Cats "at large" | 'und' \\ so`;
  const { text } = await run(
    `search is(zoo_cat) | alertmanager --name ${JSON.stringify(name)} ` +
      `--alertmanager-url ${server.url} --description 'Too many cats' ` +
      "--severity critical --duration 45m",
  );
  strictEqual(text, "1 request with status 200 sent.\n");
  const [alert, ...more] = await until("the alert is there", async () => {
    const alerts = await server.alerts();
    return alerts.length > 0 && alerts;
  });
  strictEqual(more.length, 0);
  ok(alert !== undefined);
  deepStrictEqual(alert.labels, {
    alertname: name,
    issued_by: "skymap",
    severity: "critical",
  });
  deepStrictEqual(alert.annotations, {
    description: "Too many cats",
    summary: `3 resources: ${name}`,
  });
  strictEqual(Date.parse(alert.startsAt), now);
  strictEqual(Date.parse(alert.endsAt), now + 45 * 60_000);

  const { text: none } = await run(
    "search is(zoo_cat) and name = Nobody | alertmanager --name None " +
      `--alertmanager-url ${server.url}`,
  );
  strictEqual(none, "0 requests sent.\n");
  strictEqual((await server.alerts()).length, 1);
}

Deno.test({
  name: program === undefined ? `${NAME} (${missing})` : NAME,
  ignore: program === undefined,
  fn: fire,
});
