/**
 * How a command line may go on.
 *
 * @module
 */

import { z } from "@hono/zod-openapi";
import type { CommandLine } from "../../cli/command_line.ts";
import { completeLine } from "../../cli/complete/complete_line.ts";
import { addEndpoint, type Api, readBody, readQuery } from "../endpoint.ts";
import type { Services } from "../services.ts";

const QUERY = z.strictObject({
  graph: z.string().optional().openapi({
    description: "Default: what skymap.core says",
  }),
  section: z.string().optional().openapi({
    description: "Default: what skymap.core says",
  }),
});

const TYPED = z.strictObject({
  line: z.string().max(100_000).openapi({ example: "search is(inst" }),
  offset: z.number().int().min(0).optional().openapi({
    description: "Where it goes on. Default: at its end",
  }),
});

const COMPLETIONS = z.object({
  start: z.number().int().openapi({
    description: "Where the word begins that is being typed",
  }),
  end: z.number().int().openapi({ description: "Where it ends" }),
  suggestions: z.array(z.object({
    type: z.string().openapi({ example: "kind" }),
    text: z.string().openapi({
      description: "What replaces the text from start to end",
      example: "instance",
    }),
    help: z.string().optional(),
  })),
  is_file: z.literal(true).optional().openapi({
    description: "Set when the word is the name of a file of the caller",
  }),
});

/** Adds the path `/cli/complete`. */
export function addCompleteRoutes(
  api: Api,
  services: Services,
  commandLine: CommandLine,
): void {
  addEndpoint(api, {
    method: "post",
    path: "/cli/complete",
    tag: "cli",
    summary: "Tells how a command line may go on at a place of it",
    roles: [],
    query: QUERY,
    body: TYPED,
    answer: { "application/json": COMPLETIONS },
    handle: async (context) => {
      const defaults = commandLine.defaults();
      const { graph = defaults.graph, section = defaults.section } = readQuery(
        context,
        QUERY,
      );
      const { line, offset = line.length } = await readBody(context, TYPED);
      const { signal } = context.req.raw;
      const commands = commandLine.commands().all;
      const options = {
        services,
        commands,
        ...(graph !== undefined && { graph }),
        ...(section !== undefined && { section }),
        signal,
      };
      return Response.json(await completeLine(line, offset, options));
    },
  });
}
