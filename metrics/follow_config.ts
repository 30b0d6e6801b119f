import { ConfigClient, type CoreClient, unwrap } from "@skymap/lib/client";
import { FollowedConfig } from "@skymap/lib/config";
import type { Override } from "@skymap/lib/settings";
import { type MetricsConfig, readMetricsConfig } from "./metrics_config.ts";

/** Follows what core says is configured, as far as it can be read. */
export function followConfig(
  client: CoreClient,
  overrides: readonly Override[],
  onChange: (config: MetricsConfig) => void = () => {},
): FollowedConfig<MetricsConfig> {
  const documents = new ConfigClient(client);
  return new FollowedConfig({
    fetch: async (unless, signal) =>
      unwrap(
        await documents.active("skymap.metrics", {
          signal,
          ...(unless !== undefined && { unless }),
        }),
      ),
    read: (document) => readMetricsConfig(document, overrides),
    onChange,
  });
}
