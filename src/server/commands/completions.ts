/** `lam-gateway completions`: scripts with which a shell completes commands and options. */
import { flagName } from '../config.ts';
import { KEYS, type KeyName } from '../config-keys.ts';
import { type CommandStreams, EXIT_USAGE, PROCESS_STREAMS } from './streams.ts';

/** Names and what each is good for, in the order of --help. */
export type CommandNames = readonly (readonly [name: string, summary: string])[];

type Shell = (commands: CommandNames, flags: readonly string[]) => string;

const SHELLS: Readonly<Record<string, Shell>> = { bash, zsh, fish, powershell };

export function completionsUsage(): string {
  return `lam-gateway completions ${Object.keys(SHELLS).join('|')}

Prints a completion script, for example: source <(lam-gateway completions bash)
`;
}

/** Returns the exit code. */
export function runCompletions(
  argv: readonly string[],
  commands: CommandNames,
  streams: CommandStreams = PROCESS_STREAMS,
) {
  const [name = ''] = argv;
  const shell = Object.hasOwn(SHELLS, name) ? SHELLS[name] : undefined;
  if (shell === undefined) {
    const isHelp = name === '--help' || name === '-h';
    (isHelp ? streams.out : streams.error)(completionsUsage());
    return isHelp ? 0 : EXIT_USAGE;
  }
  const keys = (Object.keys(KEYS) as KeyName[]).map(flagName);
  streams.out(shell(commands, ['--help', '--version', '--print-config', '--config', ...keys]));
  return 0;
}

function bash(commands: CommandNames, flags: readonly string[]): string {
  return `_lam_gateway() {
  local word=\${COMP_WORDS[COMP_CWORD]}
  if [[ $word == --* ]]; then
    COMPREPLY=($(compgen -W '${flags.join(' ')}' -- "$word"))
  elif [[ $COMP_CWORD -eq 1 ]]; then
    COMPREPLY=($(compgen -W '${commands.map(([name]) => name).join(' ')}' -- "$word"))
  else
    COMPREPLY=($(compgen -f -- "$word"))
  fi
}
complete -F _lam_gateway lam-gateway
`;
}

function zsh(commands: CommandNames, flags: readonly string[]): string {
  const described = commands.map(([name, summary]) => `    '${name}:${summary.replaceAll("'", "'\\''")}'`);
  return `#compdef lam-gateway
_lam_gateway() {
  local -a commands
  commands=(
${described.join('\n')}
  )
  if [[ $PREFIX == --* ]]; then
    compadd -- ${flags.join(' ')}
  elif (( CURRENT == 2 )); then
    _describe command commands
  else
    _files
  fi
}
compdef _lam_gateway lam-gateway
`;
}

function fish(commands: CommandNames, flags: readonly string[]): string {
  const lines = commands.map(([name, summary]) => {
    const text = summary.replaceAll('\\', '\\\\').replaceAll("'", "\\'");
    return `complete -c lam-gateway -n __fish_use_subcommand -f -a ${name} -d '${text}'`;
  });
  return `${[...lines, ...flags.map((flag) => `complete -c lam-gateway -l ${flag.slice(2)}`)].join('\n')}\n`;
}

function powershell(commands: CommandNames, flags: readonly string[]): string {
  const quoted = (words: readonly string[]) => words.map((word) => `'${word}'`).join(', ');
  return `Register-ArgumentCompleter -Native -CommandName lam-gateway -ScriptBlock {
  param($word, $ast, $position)
  $words = if ($word -like '--*') { @(${quoted(flags)}) } else { @(${quoted(commands.map(([name]) => name))}) }
  $words | Where-Object { $_ -like "$word*" } | ForEach-Object {
    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
  }
}
`;
}
