/**
 * `http` and the commands that stand for it in a real core, which itself may
 * reach nothing but its own port.
 *
 * @module
 */

import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import type { CoreClient } from "@skymap/lib/client";
import { messageOf } from "@skymap/lib/errors";
import { Receiver } from "../../core/cli/http_request/_receiver.ts";
import { System } from "../helpers/system.ts";

/** Text of a line, and what it failed with. */
async function run(client: CoreClient, line: string): Promise<string> {
  let text = "";
  try {
    for await (const frame of client.execute(line)) {
      if (frame.type === "text") text += frame.text;
      if (frame.type === "error") text += frame.problem.detail;
    }
  } catch (error) {
    // Told in place of an answer, when nothing was given before.
    text += messageOf(error);
  }
  return text;
}

Deno.test("core sends requests to what its configuration opens, from a process of its own", async (t) => {
  await using host = new Receiver();
  await using system = await System.start({ core: ["--no-scheduling"] });
  const client = await system.client();
  const hook = `:${host.port}/hook`;

  await t.step("nothing inside is open at first", async () => {
    match(
      await run(client, `json {"a": 1} | http ${hook}`),
      /^Cannot send to http:\/\/localhost:\d+: "localhost" .*lies inside/,
    );
    strictEqual(host.received.length, 0);
  });

  await t.step(
    "what the configuration opens is, without a restart",
    async () => {
      await run(
        client,
        `configs set skymap.core core.cli.http_allowed_hosts=["localhost:${host.port}"]`,
      );
      strictEqual(
        await run(client, `json [{"a":1},{"a":2}] | http ${hook}`),
        "2 requests with status 200 sent.\n",
      );
      deepStrictEqual(host.bodies.toSorted(), ['{"a":1}', '{"a":2}']);
    },
  );

  await t.step(
    "shipped templates and those of the configuration are commands",
    async () => {
      const url = `http://localhost:${host.port}/slack`;
      strictEqual(
        await run(
          client,
          `json {"name": "x"} | slack --title Hi --webhook-url ${url}`,
        ),
        "1 request with status 200 sent.\n",
      );
      match(host.bodies.at(-1) ?? "", /"text":"Hi"/);
      const commands = JSON.stringify([{
        name: "tell",
        info: "Tells a host",
        template: "http {{url}}",
        parameters: [{ name: "url", description: "Where" }],
      }]);
      await run(
        client,
        `configs set skymap.commands 'custom_commands.commands=${commands}'`,
      );
      strictEqual(
        await run(client, `json 5 | tell --url ${url}`),
        "1 request with status 200 sent.\n",
      );
      strictEqual(host.bodies.at(-1), "5");
    },
  );
});
