/**
 * Where Skymap keeps its data on this machine, and what a person left there.
 *
 * @module
 */

/**
 * The data directory: what the flag says, else `SKYMAP_DATA_DIR`, else
 * `$XDG_DATA_HOME/skymap`, else `~/.local/share/skymap`.
 */
export function dataDirectory(
  flag: string | undefined,
  env: (name: string) => string | undefined,
): string {
  const said = flag ?? env("SKYMAP_DATA_DIR");
  if (said !== undefined && said !== "") return said;
  const share = env("XDG_DATA_HOME") || `${env("HOME") ?? "."}/.local/share`;
  return `${share}/skymap`;
}

/**
 * The folder of what the shell remembers of a person: `$XDG_STATE_HOME/skymap`,
 * else `~/.local/state/skymap`.
 */
export function stateDirectory(
  env: (name: string) => string | undefined,
): string {
  const state = env("XDG_STATE_HOME") || `${env("HOME") ?? "."}/.local/state`;
  return `${state}/skymap`;
}
