import assert from "node:assert/strict";
import { readForm } from "./read_form.ts";

function requestOf(file: Uint8Array<ArrayBuffer>): Request {
  const form = new FormData();
  form.set("command", "graph list");
  form.set("a.bin", new Blob([file]));
  return new Request("http://core/", { method: "POST", body: form });
}

Deno.test("readForm() reads lines and files", async () => {
  const form = await readForm(requestOf(new Uint8Array([1, 2, 3])));
  assert.equal(form.get("command"), "graph list");
  const file = form.get("a.bin");
  assert.ok(file instanceof Blob);
  assert.deepEqual([...await file.bytes()], [1, 2, 3]);
});

Deno.test("readForm() reads no more than it may, whether the length is told or not", async () => {
  const tooLarge = {
    code: "body_invalid",
    message: /they have more than 1000 bytes, wanted .*\/import or POST/,
  };
  await assert.rejects(readForm(requestOf(new Uint8Array(2_000)), 1_000), {
    ...tooLarge,
  });
  let pulled = 0;
  const endless = new ReadableStream<Uint8Array>({
    pull(controller) {
      pulled++;
      controller.enqueue(new Uint8Array(100));
    },
  });
  const headers = { "content-type": "multipart/form-data; boundary=x" };
  const request = new Request("http://core/", {
    method: "POST",
    body: endless,
    headers,
  });
  await assert.rejects(readForm(request, 1_000), tooLarge);
  assert.ok(pulled < 20, String(pulled));
  const told = new Request("http://core/", {
    method: "POST",
    body: "--x--",
    headers: { ...headers, "content-length": "1001" },
  });
  await assert.rejects(readForm(told, 1_000), tooLarge);
  const wrong = new Request("http://core/", { method: "POST", body: "no" });
  await assert.rejects(readForm(wrong), { code: "body_invalid" });
});
