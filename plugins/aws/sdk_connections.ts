import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import type { CredentialsProvider } from "./account_credentials.ts";
import {
  loadService,
  type SdkClient,
  type SdkModule,
  type ServiceName,
} from "./services.ts";

/** What connections are made with. */
export interface SdkConnectionsOptions {
  /** Keys that sign every call. */
  readonly credentials: CredentialsProvider;
  /** Address that takes all calls. Default: that of service and region. */
  readonly endpoint?: string | undefined;
  /** Sockets that are open side by side. */
  readonly sockets: number;
}

const CONNECT_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 60_000;
/** Sockets of one host that are kept though nobody uses them. */
const SPARE_SOCKETS = 8;

type Connection = Promise<readonly [SdkModule, SdkClient]>;

/**
 * The SDK's clients of one account, one for each service and region that is
 * called, and the sockets that all of them share.
 */
export class SdkConnections implements Disposable {
  readonly #options: SdkConnectionsOptions;
  readonly #connections = new Map<string, Connection>();
  readonly #agents: { readonly http: HttpAgent; readonly https: HttpsAgent };

  /** Makes them; nothing is connected yet. */
  constructor(options: SdkConnectionsOptions) {
    this.#options = options;
    const sockets = {
      keepAlive: true,
      maxSockets: options.sockets,
      maxTotalSockets: options.sockets,
      maxFreeSockets: SPARE_SOCKETS,
    };
    this.#agents = {
      http: new HttpAgent(sockets),
      https: new HttpsAgent(sockets),
    };
  }

  async #connect(service: ServiceName, region: string) {
    const { credentials, endpoint } = this.#options;
    const module = await loadService(service);
    const client = new module.Client({
      region,
      credentials: () => credentials(),
      // A bucket has no host name of its own at an address that is given.
      ...(endpoint !== undefined && { endpoint, forcePathStyle: true }),
      // A bucket is asked where it is, not where it was listed.
      followRegionRedirects: true,
      // Calls are tried again by whoever knows of the others.
      maxAttempts: 1,
      retryMode: "standard",
      requestHandler: service === "kinesis"
        ? await this.#sharedHandler()
        : this.#handlerOptions(),
    });
    return [module, client] as const;
  }

  #handlerOptions(): Readonly<Record<string, unknown>> {
    return {
      httpAgent: this.#agents.http,
      httpsAgent: this.#agents.https,
      connectionTimeout: CONNECT_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      socketTimeout: REQUEST_TIMEOUT_MS,
      throwOnRequestTimeout: true,
    };
  }

  /**
   * The handler that the SDK makes for most services. By itself Kinesis gets one
   * for HTTP/2, which knows neither our sockets nor our time-outs.
   */
  async #sharedHandler(): Promise<unknown> {
    const { Client } = await loadService("sts");
    const { config } = new Client({
      region: "us-east-1",
      requestHandler: this.#handlerOptions(),
    }) as unknown as { readonly config: { readonly requestHandler: unknown } };
    return config.requestHandler;
  }

  /** The client of a service in a region. */
  of(service: ServiceName, region: string): Connection {
    const key = `${region}:${service}`;
    let connection = this.#connections.get(key);
    if (connection === undefined) {
      connection = this.#connect(service, region);
      this.#connections.set(key, connection);
    }
    return connection;
  }

  /** Forgets the clients of a region, or of one service in it. */
  release(region: string, service?: ServiceName): void {
    for (const key of this.#connections.keys()) {
      const [at, name] = key.split(":");
      if (at === region && (service ?? name) === name) {
        // The sockets are everybody's: they stay.
        this.#connections.delete(key);
      }
    }
  }

  /** Closes the sockets. */
  [Symbol.dispose](): void {
    this.#connections.clear();
    this.#agents.http.destroy();
    this.#agents.https.destroy();
  }
}
