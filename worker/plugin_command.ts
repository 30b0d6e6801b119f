/** A command of the role `plugin`: `skymap plugin NAME …`. */
export interface PluginCommand {
  /** What it does, in one sentence, for `--help`. */
  readonly help: string;
  /** Carries it out with the words after its name; gives the exit code. */
  readonly run: (args: readonly string[]) => Promise<number>;
}

/** Commands by name. */
export type PluginCommands = Readonly<Record<string, PluginCommand>>;
