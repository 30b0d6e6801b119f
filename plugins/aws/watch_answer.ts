import { PassThrough, pipeline, type Readable } from "node:stream";

/** What is seen of an answer while it comes in. */
export interface AnswerWatch {
  /** Bytes came in. */
  readonly bytes: (count: number) => void;
  /** The service wants to be left alone for some milliseconds. */
  readonly retryAfter: (milliseconds: number) => void;
}

/** The part of a command of the SDK that is needed to watch its answer. */
interface WatchedCommand {
  readonly middlewareStack: {
    add(
      middleware: (next: Handler) => Handler,
      options: Readonly<Record<string, unknown>>,
    ): void;
  };
}

/** A step of the SDK's way from a command to its answer. */
type Handler = (args: unknown) => Promise<{ readonly response: Answer }>;

/** An answer as it came. */
interface Answer {
  readonly headers?: Readonly<Record<string, string>>;
  body?: unknown;
}

/** Milliseconds that an answer asks for; dates are not worth their trouble. */
function retryAfterOf({ headers = {} }: Answer): number | undefined {
  const milliseconds = Number(headers["x-amz-retry-after"] ?? NaN);
  if (milliseconds > 0) return milliseconds;
  const seconds = Number(headers["retry-after"] ?? NaN);
  return seconds > 0 ? seconds * 1_000 : undefined;
}

function isReadable(body: unknown): body is Readable {
  return typeof (body as Readable | undefined)?.pipe === "function";
}

/** Watches what the service answers to a command, whatever becomes of it. */
export function watchAnswer(command: unknown, watch: AnswerWatch): void {
  const { middlewareStack } = command as WatchedCommand;
  middlewareStack.add((next) => async (args) => {
    const result = await next(args);
    const { response } = result;
    const wanted = retryAfterOf(response);
    if (wanted !== undefined) watch.retryAfter(wanted);
    if (isReadable(response.body)) {
      const counted = new PassThrough();
      counted.on("data", (chunk: Uint8Array) => watch.bytes(chunk.length));
      // Whoever reads it sees its errors; here there is nothing to do about them.
      response.body = pipeline(response.body, counted, () => {});
    }
    return result;
  }, { name: "watchAnswer", step: "deserialize", priority: "low" });
}
