import { z } from "zod";

const NAME = /^[A-Za-z][A-Za-z0-9_-]{0,62}$/;

/** Whether a graph can have this name. */
export function isGraphName(name: string): boolean {
  return NAME.test(name);
}

/** The name of a graph as a setting; `main` where none is set. */
export const GRAPH_NAME: z.ZodDefault<z.ZodString> = z.string().regex(
  NAME,
  'wanted a letter and up to 62 letters, digits, "_" or "-"',
).default("main");
