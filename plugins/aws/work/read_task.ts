import type { DeleteTask, JsonObject, TagTask } from "@skymap/lib/plugin";
import { z } from "zod";

const resource = z.object({
  node: z.string(),
  kind: z.string(),
  id: z.string(),
  region: z.string(),
  reported: z.record(z.string(), z.json()),
});

/** Tags as they are: a record of zod has no name `__proto__`. */
const texts = z.custom<Readonly<Record<string, string>>>(
  (value) =>
    typeof value === "object" && value !== null && !Array.isArray(value) &&
    Object.values(value).every((each) => typeof each === "string"),
  "wanted an object of texts",
);

const tagTask = z.object({
  changes: z.array(z.object({
    resource,
    update: texts,
    remove: z.array(z.string()),
  })),
});

const deleteTask = z.object({
  resources: z.array(resource),
  dry_run: z.boolean(),
});

function read<T>(schema: z.ZodType<T>, args: JsonObject, task: string): T {
  const { success, data, error } = schema.safeParse(args);
  if (success) return data;
  throw new TypeError(
    `Cannot read the arguments of task "${task}": ${z.prettifyError(error)}`,
  );
}

/**
 * The arguments of the task `tag`.
 *
 * @throws {TypeError} If they are something else.
 */
export function readTagTask(args: JsonObject): TagTask {
  return read(tagTask, args, "tag");
}

/**
 * The arguments of the tasks `delete` and `detach`.
 *
 * @throws {TypeError} If they are something else.
 */
export function readDeleteTask(args: JsonObject, task: string): DeleteTask {
  return read(deleteTask, args, task);
}
