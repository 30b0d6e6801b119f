/**
 * Lines of the command line: run, understood, explained.
 *
 * @module
 */

import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import type {
  CliInfoJson,
  CoverageJson,
  EvaluatedLineJson,
} from "@skymap/lib/client";
import { SkymapError } from "@skymap/lib/errors";
import { cliInfo } from "../../cli/cli_info.ts";
import type { CommandLine } from "../../cli/command_line.ts";
import { VARIABLES } from "../../cli/environment.ts";
import { evaluateLine } from "../../cli/evaluate_line.ts";
import type { LineEvent } from "../../cli/execute_lines.ts";
import { CLI_FRAMES, cliFrame } from "../cli_frame.ts";
import { addEndpoint, type Api } from "../endpoint.ts";
import type { ApiEnv } from "../middleware/api_env.ts";
import { tellProblem } from "../middleware/problem.ts";
import { readLineRequest, wantsFrames } from "../read_lines.ts";
import { stoppableStream } from "../stoppable_stream.ts";
import { bytesOf, coverageHeader } from "../stream_answer.ts";

const TAG = "cli";

const QUERY = z.object(
  Object.fromEntries(
    VARIABLES.map(({ name, help, default: fallback }) => [
      name,
      z.string().optional().openapi({
        description: fallback === undefined
          ? help
          : `${help}. Default: ${fallback}`,
      }),
    ]),
  ),
);

const FORM = z.object({
  command: z.string().openapi({ description: "The lines" }),
}).catchall(
  z.string().openapi({
    format: "binary",
    description: "A file, named as in the line",
  }),
);

const TEXT_MAP = z.record(z.string(), z.string());

const EVALUATED: z.ZodType<EvaluatedLineJson> = z.object({
  line: z.string(),
  environment: TEXT_MAP,
  stages: z.array(z.object({
    command: z.string(),
    text: z.string(),
    is_search: z.boolean().openapi({
      description: "Whether it became part of the one search",
    }),
    is_added: z.boolean().openapi({
      description: "Whether it was put to the end of the line",
    }),
  })),
  search: z.object({
    text: z.string(),
    form: z.enum(["list", "graph", "aggregate", "count", "explain"]),
    of: z.enum(["nodes", "changes"]),
  }).optional(),
  output: z.enum(["text", "file"]),
  files: z.array(z.string()).openapi({
    description: "Files of the caller that it reads",
  }),
}).openapi("EvaluatedLine") as unknown as z.ZodType<EvaluatedLineJson>;

const PARAMETER = z.object({
  name: z.string(),
  short: z.string().optional(),
  type: z.string().optional().openapi({
    description: "What it takes; absent for a flag",
  }),
  choices: z.array(z.string()).optional(),
  is_required: z.boolean(),
  is_repeated: z.boolean(),
  is_rest: z.boolean(),
  help: z.string(),
  default: z.string().optional(),
});

const INFO: z.ZodType<CliInfoJson> = z.object({
  groups: TEXT_MAP,
  commands: z.array(z.object({
    name: z.string(),
    aliases: z.array(z.string()),
    group: z.string(),
    brief: z.string(),
    description: z.string(),
    position: z.enum(["source", "flow", "either"]),
    forms: z.array(z.object({
      verb: z.string().optional(),
      usage: z.string(),
      brief: z.string(),
      parameters: z.array(PARAMETER),
    })),
    examples: z.array(z.object({ line: z.string(), says: z.string() })),
  })),
  environment: z.array(z.object({
    name: z.string(),
    type: z.string(),
    choices: z.array(z.string()).optional(),
    help: z.string(),
    default: z.string().optional(),
  })),
  placeholders: z.array(z.string()),
}).openapi("CliInfo") as unknown as z.ZodType<CliInfoJson>;

/** The events again, once it is known how the first line begins. */
async function begun(events: AsyncGenerator<LineEvent>) {
  const before: LineEvent[] = [];
  for (;;) {
    const { done, value } = await events.next();
    if (done === true) break;
    if (value.type === "failed") throw value.error;
    before.push(value);
    if (value.type !== "begin") continue;
    return { begin: value, events: again(before, events) };
  }
  throw new TypeError("Lines that begin nothing");
}

async function* again(
  before: readonly LineEvent[],
  events: AsyncGenerator<LineEvent>,
): AsyncGenerator<LineEvent> {
  try {
    yield* before;
    yield* events;
  } finally {
    await events.return(undefined);
  }
}

async function* frames(
  events: AsyncGenerator<LineEvent>,
  context: Context<ApiEnv>,
): AsyncGenerator<string> {
  for await (const event of events) {
    yield `${JSON.stringify(cliFrame(event, context))}\n`;
  }
}

/** The output of lines alone; several texts are told apart by `---`. */
async function* bare(
  events: AsyncGenerator<LineEvent>,
  context: Context<ApiEnv>,
): AsyncGenerator<string | Uint8Array> {
  for await (const event of events) {
    switch (event.type) {
      case "begin":
        if (event.line > 0) yield "---\n";
        break;
      case "text":
        yield event.text;
        break;
      case "bytes":
        yield event.bytes;
        break;
      case "failed": {
        const { code } = tellProblem(event.error, context);
        const cut = new Error(`The answer was cut: ${code}`);
        // The server prints what a stream throws; where is known already.
        cut.stack = cut.message;
        throw cut;
      }
    }
  }
}

function streamed(
  pieces: AsyncIterable<string | Uint8Array>,
  headers: Record<string, string>,
  gone: () => void,
  coverage?: CoverageJson,
): Response {
  return new Response(stoppableStream(bytesOf(pieces), gone), {
    headers: {
      ...headers,
      vary: "accept",
      ...(coverage !== undefined && {
        "skymap-coverage": coverageHeader(coverage),
      }),
    },
  });
}

async function execute(
  context: Context<ApiEnv>,
  commandLine: CommandLine,
): Promise<Response> {
  const { text, request: asked } = await readLineRequest(context);
  const stop = new AbortController();
  const gone = () => {
    const { aborted, reason } = asked.signal;
    stop.abort(aborted ? reason : new DOMException("Cancelled", "AbortError"));
  };
  asked.signal.addEventListener("abort", gone, { once: true });
  if (asked.signal.aborted) gone();
  const request = { ...asked, signal: stop.signal };
  const lines = await commandLine.prepare(text, request);
  const framed = wantsFrames(context.req.header("accept"));
  const several = lines.length > 1;
  if (!framed && several && lines.some(({ output }) => output === "file")) {
    throw new SkymapError(
      "not_acceptable",
      `Cannot answer: one of ${lines.length} lines makes a file, wanted ` +
        `"Accept: ${CLI_FRAMES}", or the line alone`,
    );
  }
  if (framed) {
    // It begins at once: Deno tells of a caller that is gone before an answer
    // begins only if the body came together with the head of its request.
    const answer = frames(commandLine.run(lines, request), context);
    return streamed(answer, { "content-type": CLI_FRAMES }, gone);
  }
  const { begin, events } = await begun(commandLine.run(lines, request));
  const { mediaType, name } = begin;
  const type = several ? "text/plain" : mediaType;
  return streamed(
    bare(events, context),
    {
      "content-type": type.startsWith("text/")
        ? `${type}; charset=utf-8`
        : type,
      ...(name !== undefined && {
        "content-disposition": `attachment; filename*=UTF-8''${
          encodeURIComponent(name)
        }`,
      }),
    },
    gone,
    // Of several lines it would be taken for all of them.
    several ? undefined : begin.coverage,
  );
}

/** Adds the paths `/cli/execute`, `/cli/evaluate` and `/cli/info`. */
export function addCliRoutes(api: Api, commandLine: CommandLine): void {
  addEndpoint(api, {
    method: "post",
    path: "/cli/execute",
    tag: TAG,
    summary: "Runs lines and streams what they give",
    roles: [],
    query: QUERY,
    body: "text/plain",
    form: FORM,
    answer: {
      "text/plain": z.string(),
      [CLI_FRAMES]: z.object({ type: z.string() }).openapi({
        description:
          "One JSON object a line: begin, text, bytes, note, end, error",
      }),
    },
    handle: (context) => execute(context, commandLine),
  });
  addEndpoint(api, {
    method: "post",
    path: "/cli/evaluate",
    tag: TAG,
    summary: "Tells what lines would do, and runs nothing",
    roles: [],
    query: QUERY,
    body: "text/plain",
    answer: { "application/json": z.array(EVALUATED) },
    handle: async (context) => {
      const { text, request } = await readLineRequest(context);
      const lines = await commandLine.prepare(text, request);
      return Response.json(lines.map(evaluateLine));
    },
  });
  addEndpoint(api, {
    method: "get",
    path: "/cli/info",
    tag: TAG,
    summary: "Lists commands, variables and placeholders",
    roles: [],
    answer: { "application/json": INFO },
    handle: () => Response.json(cliInfo(commandLine.commands().all)),
  });
}
