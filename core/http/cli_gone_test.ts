import { strictEqual } from "node:assert/strict";
import { aborted } from "@skymap/lib/lifecycle";
import type { Command } from "../cli/command.ts";
import { apiOf, request } from "./_test_api.ts";

Deno.test("POST /cli/execute ends a filter that never ends when the caller goes", async () => {
  for (const accept of ["*/*", "application/vnd.skymap.cli+ndjson"]) {
    const response = await request("/cli/execute", {
      method: "POST",
      body: "json [7] | jq '., (def f: f; f)'",
      headers: { accept },
    });
    strictEqual(response.status, 200);
    const reader = response.body?.getReader();
    const decoder = new TextDecoder();
    let text = "";
    while (!text.includes("7")) {
      text += decoder.decode((await reader?.read())?.value);
    }
    // Is asked for while the reader goes; its process is killed, or this waits.
    const next = reader?.read();
    await reader?.cancel();
    strictEqual((await next)?.done, true);
  }
});

Deno.test("POST /cli/execute stops a line before its first output when the caller goes", async () => {
  const started = Promise.withResolvers<void>();
  const stopped = Promise.withResolvers<void>();
  const waits: Command = {
    name: "waits",
    group: "flow",
    brief: "Waits until it is stopped",
    description: "",
    position: "source",
    forms: [{
      brief: "Waits",
      parameters: [],
      prepare: () => ({
        output: "text",
        run: async (_input, { signal }) => {
          started.resolve();
          await aborted(signal);
          stopped.resolve();
          throw signal.reason;
        },
      }),
    }],
    examples: [],
  };
  const api = apiOf({}, {}, [waits]);
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    (asked) => api.fetch(asked),
  );
  const connection = await Deno.connect({ port: server.addr.port });
  const encoder = new TextEncoder();
  const answer = new Uint8Array(4_096);
  await connection.write(encoder.encode(
    "POST /cli/execute HTTP/1.1\r\nhost: core\r\ncontent-length: 5\r\n" +
      "expect: 100-continue\r\nauthorization: Bearer operator\r\n" +
      "accept: application/vnd.skymap.cli+ndjson\r\n\r\n",
  ));
  // Only now the body: in a packet of its own.
  await connection.read(answer);
  await connection.write(encoder.encode("waits"));
  await started.promise;
  connection.close();
  await stopped.promise;
});
