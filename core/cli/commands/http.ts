/**
 * The command `http`.
 *
 * @module
 */

import { isDuration, parseDuration } from "@skymap/lib/duration";
import type { Arguments } from "../arguments.ts";
import type { Command, Stage } from "../command.ts";
import { elementsOf } from "../elements_of.ts";
import { readRequest } from "../http_request/read_request.ts";
import { Requester } from "../http_request/requester.ts";
import type { RequestPlan } from "../http_request/request_plan.ts";
import { sendElements } from "../http_request/send_elements.ts";
import type { Flow } from "../flow.ts";
import type { LineContext } from "../line_context.ts";

const RETRIES = 3;
const MAX_RETRIES = 20;
const TIMEOUT = "30";
/** How often progress is told. */
const PROGRESS_MS = 1_000;

/** Milliseconds of seconds or of a duration. */
function timeoutOf(args: Arguments): number {
  const text = args.get("--timeout") ?? TIMEOUT;
  const ms = /^\d+(?:\.\d+)?$/.test(text)
    ? Number(text) * 1_000
    : isDuration(text)
    ? parseDuration(text)
    : 0;
  if (ms >= 1 && ms <= 3_600_000) return ms;
  throw args.fault(
    `"--timeout" is ${
      JSON.stringify(text)
    }, wanted seconds or a duration such as 10s, up to 1h`,
    "--timeout",
  );
}

function retriesOf(args: Arguments): number {
  const retries = args.number("--nr-of-retries") ?? RETRIES;
  if (Number.isInteger(retries) && retries >= 0 && retries <= MAX_RETRIES) {
    return retries;
  }
  throw args.fault(
    `"--nr-of-retries" is ${retries}, wanted a whole number from 0 to ${MAX_RETRIES}`,
    "--nr-of-retries",
  );
}

/** How the requests of a line are sent. */
interface Sending {
  readonly plan: (version: string) => RequestPlan;
  readonly timeoutMs: number;
  readonly retries: number;
  readonly verifiesTls: boolean;
}

async function* send(
  input: Flow | undefined,
  { plan, timeoutMs, retries, verifiesTls }: Sending,
  context: LineContext,
): AsyncGenerator<string> {
  const { services, signal, clock, note } = context;
  await using requester = new Requester({
    allowed: services.commandConfig.allowedHosts(),
    timeoutMs,
    verifiesTls,
    signal,
  });
  let told = clock.now();
  yield* sendElements(elementsOf(input).batches, {
    plan: plan(services.version),
    send: (request) => requester.send(request),
    attempts: retries + 1,
    onAnswer(count) {
      if (clock.now() - told < PROGRESS_MS) return;
      told = clock.now();
      note({ type: "progress", text: "requests sent", done: count });
    },
    signal,
  });
}

function prepare(args: Arguments): Stage {
  const plan = (version: string) =>
    readRequest({
      words: args.all("request"),
      scheme: args.word === "https" ? "https" : "http",
      auth: args.get("--auth"),
      bearer: args.get("--bearer"),
      isBare: args.has("--no-body"),
      isCompressed: args.has("--compress"),
      userAgent: `Skymap/${version}`,
      fault: (message, at = 0) =>
        typeof at === "number"
          ? args.fault(message, "request", at)
          : args.fault(message, at),
    });
  // What is wrong is told before anything runs.
  plan("");
  const sending: Sending = {
    plan,
    timeoutMs: timeoutOf(args),
    retries: retriesOf(args),
    verifiesTls: !args.has("--no-ssl-verify"),
  };
  return {
    output: "text",
    isChange: true,
    run: (input, context) => ({
      type: "text",
      chunks: send(input, sending, context),
    }),
  };
}

/** Sends each element to a host. */
export const HTTP: Command = {
  name: "http",
  aliases: ["https"],
  group: "automate",
  brief: "Sends each element to a host, as the body of a request",
  description: `Every element becomes one request, with the element as JSON in
its body; \`chunk\` before it makes one request of many elements. Eight are under
way at a time. When all are answered, a line for each status says how many there
were.

\`\`\`
http [OPTIONS] [METHOD] URL [Header:value]… [name==value]…
\`\`\`

METHOD is \`POST\` where none is given; \`GET\` and \`HEAD\` have no body. A URL
without a scheme has that of the command, \`http\` or \`https\`; \`:8080/path\` is
\`localhost:8080\`. \`Header:value\` adds a header, \`name==value\` a parameter of the
query.

An answer of 408, 429 or 500 and above, and a connection that fails, are tried
again after a pause that doubles each time and is at least as long as
\`Retry-After\` wants. When the last try fails, nothing further is sent, and the
error says how many elements were. Any other status that is no success lets the
others go on and makes the line fail at its end.

Redirects are followed, up to five; \`Authorization\` and other headers stay with
the first host. Hosts on this machine, in private networks and at link-local
addresses are refused, whatever their name or spelling, unless
\`core.cli.http_allowed_hosts\` in the configuration \`skymap.core\` names them.`,
  position: "flow",
  forms: [{
    brief: "Sends each element to a host",
    parameters: [
      { name: "--compress", help: "Sends the body as gzip" },
      {
        name: "--timeout",
        type: "text",
        help: "Time of one try: seconds, or a duration such as 10s",
        default: TIMEOUT,
      },
      {
        name: "--no-ssl-verify",
        help: "Takes any certificate, also one of somebody else",
      },
      { name: "--no-body", help: "Does not send the element" },
      {
        name: "--nr-of-retries",
        type: "number",
        help: "Tries beyond the first, where another may go better",
        default: String(RETRIES),
      },
      {
        name: "--auth",
        type: "text",
        help: "User and password as user:password",
      },
      { name: "--bearer", type: "text", help: "Token of the authorization" },
      {
        name: "request",
        type: "url",
        isRequired: true,
        isRepeated: true,
        help: "Method, address, headers and parameters",
      },
    ],
    prepare,
  }],
  examples: [
    {
      line: "search is(instance) limit 2 | http :8080/instances",
      says: "Posts each instance to a program on this machine",
      needs: "a host on port 8080 that the configuration opens",
    },
    {
      line: "search is(volume) and volume_status = available | chunk 50 | " +
        "https --bearer TOKEN PUT hooks.example.com/volumes source==skymap",
      says: "Sends unused volumes, fifty at a time, with a token",
      needs: "the host hooks.example.com",
    },
    {
      line: "search is(instance) limit 1 | http --no-body --nr-of-retries 5 " +
        "--timeout 5 GET hooks.example.com/ping X-From:skymap",
      says: "Calls an address for an instance, and does not send it",
      needs: "the host hooks.example.com",
    },
  ],
};
