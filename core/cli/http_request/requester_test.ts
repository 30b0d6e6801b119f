import { match, ok, rejects, strictEqual } from "node:assert/strict";
import { SideProcess } from "../side_process/side_process.ts";
import { denyFlags, Requester } from "./requester.ts";

const REQUEST = { method: "POST", url: "http://127.0.0.1:9/", headers: [] };

function requester(signal: AbortSignal): Requester {
  return new Requester({
    allowed: [],
    timeoutMs: 1_000,
    verifiesTls: true,
    signal,
  });
}

Deno.test("Requester fails what waits, and what comes later, when its process ends", async () => {
  const controller = new AbortController();
  await using requests = requester(controller.signal);
  const waiting = requests.send(REQUEST);
  controller.abort(new Error("enough"));
  await rejects(waiting, /enough/);
  await rejects(requests.send(REQUEST), /enough/);
});

Deno.test("denyFlags() closes in Deno what the check closes, but for what is opened", () => {
  match(denyFlags([])[0] ?? "", /10\.0\.0\.0\/8,.*127\.0\.0\.0\/8,.*\[::1\]/);
  const some = denyFlags(["10.1.0.0/16", "127.0.0.1:9093"])[0] ?? "";
  ok(!some.includes("10.0.0.0/8") && !some.includes("127.0.0.0/8"), some);
  ok(some.includes("192.168.0.0/16") && some.includes("[::1]"), some);
  ok(!denyFlags(["fd00::/8"])[0]?.includes("[::1]"));
  ok(!denyFlags(["0.0.0.0/0"])[0]?.includes("/8"));
  strictEqual(denyFlags(["localhost:8080"]).length, 0);
});

Deno.test("denyFlags() are a wall of their own: a process that checks nothing stays outside", async () => {
  const connect = `for (const hostname of ["127.0.0.1", "localhost",
    "::ffff:127.0.0.1", "::1", "10.0.0.1", "169.254.169.254"]) {
      try { await Deno.connect({ hostname, port: 9 }); console.log("reached"); }
      catch (error) { console.log(error.name); }
    }`;
  await using child = new SideProcess({
    module: `data:text/javascript,${encodeURIComponent(connect)}`,
    flags: ["--no-config", "--no-lock", "--allow-net", ...denyFlags([])],
    maxHeapMb: 32,
    failure: (reason) => new Error(reason),
    signal: new AbortController().signal,
  });
  const decoder = new TextDecoder();
  let told = "";
  for await (const chunk of child.chunks()) {
    told += decoder.decode(chunk, { stream: true });
  }
  strictEqual(told, "NotCapable\n".repeat(6));
});
