import type { SdkResponse } from "./fetch_handler.ts";

/** What is seen of an answer when it has come in. */
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
type Handler = (args: unknown) => Promise<{ readonly response: SdkResponse }>;

/** Milliseconds that an answer asks for; dates are not worth their trouble. */
function retryAfterOf({ headers }: SdkResponse): number | undefined {
  const milliseconds = Number(headers["x-amz-retry-after"] ?? NaN);
  if (milliseconds > 0) return milliseconds;
  const seconds = Number(headers["retry-after"] ?? NaN);
  return seconds > 0 ? seconds * 1_000 : undefined;
}

/** Watches what the service answers to a command, whatever becomes of it. */
export function watchAnswer(command: unknown, watch: AnswerWatch): void {
  const { middlewareStack } = command as WatchedCommand;
  middlewareStack.add((next) => async (args) => {
    const result = await next(args);
    const { response } = result;
    watch.bytes(response.byteLength);
    const wanted = retryAfterOf(response);
    if (wanted !== undefined) watch.retryAfter(wanted);
    return result;
  }, { name: "watchAnswer", step: "deserialize", priority: "low" });
}
