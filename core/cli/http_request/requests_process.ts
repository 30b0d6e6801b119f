/**
 * The process that sends the requests of `http`: it may use the network, and
 * nothing else. It reads {@linkcode RequestsSetup} and then requests, and
 * answers each as soon as it can.
 *
 * @module
 */

import { parseHostPattern } from "../../config/host_pattern.ts";
import { AddressGuard } from "./address_guard.ts";
import type {
  ReplyMessage,
  RequestMessage,
  RequestsSetup,
} from "./request_messages.ts";
import { RequestSender } from "./send_request.ts";

const encoder = new TextEncoder();

/** Answers are short: each is written at once, and none into another. */
function reply(message: ReplyMessage): void {
  const bytes = encoder.encode(`${JSON.stringify(message)}\n`);
  for (let at = 0; at < bytes.length;) {
    at += Deno.stdout.writeSync(bytes.subarray(at));
  }
}

function senderOf(setup: RequestsSetup): RequestSender {
  const { allowed, timeoutMs, verifiesTls } = setup;
  const patterns = allowed.map(parseHostPattern)
    .filter((pattern) => pattern !== undefined);
  return new RequestSender({
    guard: new AddressGuard(patterns),
    timeoutMs,
    verifiesTls,
  });
}

let sender: RequestSender | undefined;
let rest = "";
const decoder = new TextDecoder();
for await (const chunk of Deno.stdin.readable) {
  const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
  rest = lines.pop() ?? "";
  for (const line of lines) {
    if (sender === undefined) {
      sender = senderOf(JSON.parse(line) as RequestsSetup);
      continue;
    }
    const message = JSON.parse(line) as RequestMessage;
    sender.send(message).then((result) => reply({ id: message.id, result }));
  }
}
sender?.[Symbol.dispose]();
