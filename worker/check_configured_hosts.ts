import type { ActivePluginJson } from "@skymap/lib/client";
import { SkymapError } from "@skymap/lib/errors";
import type { JsonObject } from "@skymap/lib/json";
import { coversPermission, resolvePermissions } from "@skymap/lib/plugin_host";

/**
 * Compares hosts of a plugin's configuration, which only its worker knows, with
 * the policy's cap.
 *
 * @throws {SkymapError} `plugin_refused`, with every host that is too much;
 * `config_invalid`, if one is no URL.
 */
export function checkConfiguredHosts(
  { name, permissions }: ActivePluginJson,
  config: JsonObject,
  cap: readonly string[] | undefined,
): void {
  if (cap === undefined) return;
  const hosts = Object.values(permissions).flatMap(({ net = [] }) =>
    resolvePermissions(
      { net: net.filter((each) => typeof each !== "string") },
      { config },
    ).net
  );
  const excess = [...new Set(hosts)].filter((host) =>
    !cap.some((each) => coversPermission("net", each, host))
  );
  if (excess.length === 0) return;
  throw new SkymapError(
    "plugin_refused",
    `Cannot run plugin "${name}": its configuration names ${
      excess.join(", ")
    }, the policy allows ${
      cap.length === 0 ? "no net" : `net ${cap.join(", ")}`
    }`,
    { details: { excess } },
  );
}
