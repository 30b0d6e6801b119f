/**
 * Scripts that let a system's shell complete `skymap`.
 *
 * @module
 */

import { SkymapError } from "@skymap/lib/errors";
import { ROLES } from "./roles.ts";

/** Prints what may follow some words: what their own help lists. */
const READ_HELP = `"$@" --help 2>/dev/null |
      sed -nE 's/^ +(-[A-Za-z], )?(--[a-z][a-z-]*).*/\\2/p; s/^  ([a-z][a-z_-]*)  .*/\\1/p'`;

const roles = Object.entries({
  ...ROLES,
  completion: "Prints what lets bash, zsh or fish complete these words",
});

const names = roles.map(([name]) => name).join(" ");

// The help of a role is asked for once in a session.
const BASH = `# Completion of skymap for bash: source <(skymap completion bash)
_skymap_words() {
  local all="$*"
  local key="_skymap_words_\${all//[^A-Za-z0-9]/_}"
  if [[ -z \${!key+set} ]]; then
    printf -v "$key" '%s' "$(
      ${READ_HELP}
    )"
  fi
  printf '%s' "\${!key}"
}
_skymap() {
  local word="\${COMP_WORDS[COMP_CWORD]}" role="\${COMP_WORDS[1]}"
  COMPREPLY=()
  if ((COMP_CWORD == 1)); then
    COMPREPLY=($(compgen -W "${names} --help --version" -- "$word"))
  elif [[ $role == completion ]]; then
    COMPREPLY=($(compgen -W "bash zsh fish" -- "$word"))
  elif [[ $role == plugin ]] && ((COMP_CWORD > 2)) && [[ $word == -* ]]; then
    _skymap_words "\${COMP_WORDS[@]:0:3}" >/dev/null
    COMPREPLY=($(compgen -W "$(_skymap_words "\${COMP_WORDS[@]:0:3}")" -- "$word"))
  elif [[ $word == -* ]] || { [[ $role == plugin ]] && ((COMP_CWORD == 2)); }; then
    _skymap_words "\${COMP_WORDS[@]:0:2}" >/dev/null
    COMPREPLY=($(compgen -W "$(_skymap_words "\${COMP_WORDS[@]:0:2}")" -- "$word"))
  fi
}
complete -o default -o bashdefault -F _skymap skymap
`;

function zshQuoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

const ZSH = `#compdef skymap
# Completion of skymap for zsh: source <(skymap completion zsh)
typeset -gA _skymap_known
_skymap_words() {
  local key="$*"
  if (( ! \${+_skymap_known[$key]} )); then
    _skymap_known[$key]="$(
      ${READ_HELP}
    )"
  fi
  compadd -- \${(f)_skymap_known[$key]}
}
_skymap() {
  local -a roles=(
    ${roles.map(([name, help]) => zshQuoted(`${name}:${help}`)).join("\n    ")}
  )
  if (( CURRENT == 2 )); then
    _describe role roles
  elif [[ $words[2] == completion ]]; then
    compadd bash zsh fish
  elif [[ $words[2] == plugin ]] && (( CURRENT > 3 )) && [[ $PREFIX == -* ]]; then
    _skymap_words "\${(@)words[1,3]}"
  elif [[ $PREFIX == -* || ( $words[2] == plugin && $CURRENT == 3 ) ]]; then
    _skymap_words "\${(@)words[1,2]}"
  else
    _files
  fi
}
compdef _skymap skymap
`;

const FISH = `# Completion of skymap for fish: skymap completion fish | source
function __skymap_words
  set -l words (commandline -opc)
  if test (count $words) -gt 2; and test "$words[2]" = plugin
    set words $words[1..3]
  else
    set words $words[1..2]
  end
  set -l key __skymap_words_(string replace -ra '[^A-Za-z0-9]' _ -- "$words")
  if not set -q $key
    set -g $key ($words --help 2>/dev/null |
      sed -nE 's/^ +(-[A-Za-z], )?(--[a-z][a-z-]*).*/\\2/p; s/^  ([a-z][a-z_-]*)  .*/\\1/p')
  end
  string join \\n -- $$key
end
complete -c skymap -f -n __fish_use_subcommand -a '--help --version'
${
  roles.map(([name, help]) =>
    `complete -c skymap -f -n __fish_use_subcommand -a ${name} -d ${
      zshQuoted(help)
    }`
  ).join("\n")
}
complete -c skymap -f -n '__fish_seen_subcommand_from completion' -a 'bash zsh fish'
complete -c skymap -n 'not __fish_use_subcommand; and not __fish_seen_subcommand_from completion' -a '(__skymap_words)'
`;

const SCRIPTS: Readonly<Record<string, string>> = {
  bash: BASH,
  zsh: ZSH,
  fish: FISH,
};

/**
 * The script for a shell.
 *
 * @throws {SkymapError} `usage`, if there is none.
 */
export function completionScript(shell: string | undefined): string {
  const script = Object.hasOwn(SCRIPTS, shell ?? "")
    ? SCRIPTS[shell ?? ""]
    : undefined;
  if (script !== undefined) return script;
  throw new SkymapError(
    "usage",
    `Cannot complete in "${shell ?? ""}": no such shell, wanted one of ${
      Object.keys(SCRIPTS).join(", ")
    }`,
  );
}
