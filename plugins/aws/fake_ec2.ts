/**
 * An EC2 and STS of our own, for tests of the client: it answers what it is
 * told to, and keeps what it was asked.
 *
 * @module
 */

/** A request, as the query protocol of EC2 writes it. */
export type FakeRequest = Readonly<Record<string, string>>;

/** Answers a request. */
export type FakeAnswer = (request: FakeRequest) => Response | Promise<Response>;

/** A server on a free port. */
export class FakeEc2 implements AsyncDisposable {
  /** Its address. */
  readonly endpoint: string;
  /** What it was asked, in order. */
  readonly requests: FakeRequest[] = [];
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  /** Starts it. */
  constructor(answer: FakeAnswer) {
    this.#server = Deno.serve({
      hostname: "127.0.0.1",
      port: 0,
      onListen() {},
    }, async (request) => {
      const asked = Object.fromEntries(
        new URLSearchParams(await request.text()),
      );
      this.requests.push(asked);
      return await answer(asked);
    });
    this.endpoint = `http://127.0.0.1:${this.#server.addr.port}`;
  }

  /** The actions that were asked for, in order. */
  get actions(): string[] {
    return this.requests.map((request) => request["Action"] ?? "");
  }

  /** Stops it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }
}

/** An answer in XML: the parts inside of the action's element. */
export function xml(action: string, inside: string): Response {
  return new Response(
    `<${action}Response xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>1</requestId>${inside}</${action}Response>`,
    { headers: { "content-type": "text/xml" } },
  );
}

/** A refusal as EC2 writes it. */
export function refusal(
  status: number,
  code: string,
  message: string,
): Response {
  return new Response(
    `<Response><Errors><Error><Code>${code}</Code><Message>${message}</Message></Error></Errors><RequestID>1</RequestID></Response>`,
    { status, headers: { "content-type": "text/xml" } },
  );
}

/** A refusal as STS writes it. */
export function stsRefusal(
  status: number,
  code: string,
  message: string,
): Response {
  return new Response(
    `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>1</RequestId></ErrorResponse>`,
    { status, headers: { "content-type": "text/xml" } },
  );
}
