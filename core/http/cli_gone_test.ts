import { strictEqual } from "node:assert/strict";
import { request } from "./_test_api.ts";

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
