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
import { Alertmanager } from "../helpers/prometheus/alertmanager.ts";
import { prometheusTest } from "../helpers/prometheus/programs.ts";
import { until } from "../helpers/system.ts";

/** An alert as Alertmanager shows it. */
interface ShownAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly status: { readonly state: string };
}

/** The alerts that Alertmanager has. */
async function alertsOf(
  { address }: Alertmanager,
): Promise<readonly ShownAlert[]> {
  return await (await fetch(`http://${address}/api/v2/alerts`)).json();
}

/** Fires an alert, and reads it back from Alertmanager. */
async function fire(): Promise<void> {
  await using server = await Alertmanager.start(
    "route: { receiver: nobody }\nreceivers: [{ name: nobody }]\n",
  );
  const url = `http://${server.address}`;
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
      `--alertmanager-url ${url} --description 'Too many cats' ` +
      "--severity critical --duration 45m",
  );
  strictEqual(text, "1 request with status 200 sent.\n");
  const [alert, ...more] = await until("the alert is there", async () => {
    const alerts = await alertsOf(server);
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
      `--alertmanager-url ${url}`,
  );
  strictEqual(none, "0 requests sent.\n");
  strictEqual((await alertsOf(server)).length, 1);
}

prometheusTest(
  "alertmanager fires an alert that the real Alertmanager shows, with labels and times",
  fire,
);
