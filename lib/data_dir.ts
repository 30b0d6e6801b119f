/**
 * Where Skymap keeps its data on this machine.
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
