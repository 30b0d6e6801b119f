/** A variable, or undefined when this process may not see it. */
export function readEnvironment(name: string): string | undefined {
  try {
    return Deno.env.get(name);
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) return;
    throw error;
  }
}
