/** The text of a file below the home folder; empty when there is none. */
export async function readHome(path: string): Promise<string> {
  const home = Deno.env.get("HOME") ?? Deno.env.get("USERPROFILE");
  if (home === undefined) return "";
  try {
    return await Deno.readTextFile(`${home}/${path}`);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}
