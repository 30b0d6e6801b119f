/** What the watchdog writes on standard error before it kills. */
export const MEMORY_MARK = "skymap: memory limit exceeded";

/**
 * Runs in a thread of its own, so that a plugin that never yields is watched
 * too. JavaScript, as no compiler is at hand in a `blob:` module.
 */
function source(maxBytes: number): string {
  return `const parent = Deno.ppid;
setInterval(() => {
  const full = Deno.memoryUsage().rss > ${maxBytes};
  if (!full && Deno.ppid === parent) return;
  if (full) Deno.stderr.writeSync(new TextEncoder().encode("${MEMORY_MARK}\\n"));
  Deno.kill(Deno.pid, "SIGKILL");
}, 100);`;
}

/**
 * Kills this process when it holds more memory than it may, also outside of
 * the JavaScript heap, or when the process that started it is gone. It needs
 * no permission.
 */
export function startWatchdog(maxBytes: number): void {
  const module = new Blob([source(maxBytes)], { type: "text/javascript" });
  new Worker(URL.createObjectURL(module), { type: "module" });
}
