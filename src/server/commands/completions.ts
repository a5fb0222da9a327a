/** `lam-gateway completions`: scripts with which a shell completes commands, their options, and the values of these. */
import { COMMAND_OPTIONS, type CommandOptions, SHELL_NAMES } from './command-options.ts';
import { type CommandStreams, EXIT_USAGE, PROCESS_STREAMS } from './streams.ts';

/** Names and what each is good for, in the order of --help. */
export type CommandNames = readonly (readonly [name: string, summary: string])[];

type Command = CommandOptions & { readonly name: string; readonly summary: string };

const SHELLS: Readonly<Record<string, (commands: readonly Command[]) => string>> = { bash, zsh, fish, powershell };

export function completionsUsage(): string {
  return `lam-gateway completions ${SHELL_NAMES.join('|')}

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
  streams.out(shell(commands.map(describe)));
  return 0;
}

function describe([name, summary]: CommandNames[number]): Command {
  return { name, summary, ...(COMMAND_OPTIONS[name] ?? { words: [], options: {} }) };
}

const NO_WORDS = { words: [], options: {} };

/** Without a command it is that of `serve`. */
function defaultOf(commands: readonly Command[]): CommandOptions {
  return commands.find(({ name }) => name === 'serve') ?? NO_WORDS;
}

/** Options that take a value, of whatever command: no two of one name are followed by different choices. */
function withValues(commands: readonly Command[]) {
  const all = Object.assign({}, ...commands.map(({ options }) => options)) as CommandOptions['options'];
  const entries = Object.entries(all);
  return {
    chosen: entries.flatMap(([name, following]) => (typeof following === 'string' ? [] : [[name, following] as const])),
    free: entries.filter(([, following]) => following === 'value').map(([name]) => name),
  };
}

const optionsOf = ({ options }: CommandOptions) => Object.keys(options).join(' ');
const namesOf = (commands: readonly Command[]) => commands.map(({ name }) => name).join(' ');

function bash(commands: readonly Command[]): string {
  const { chosen, free } = withValues(commands);
  const words = (text: string) => `COMPREPLY=($(compgen -W '${text}' -- "$word"))`;
  const cases = commands.map((command) => {
    return `    ${command.name}) words='${command.words.join(' ')}' options='${optionsOf(command)}' ;;`;
  });
  return `_lam_gateway() {
  local word=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} words options
  case $previous in
${chosen.map(([name, values]) => `    ${name}) ${words(values.join(' '))}; return ;;`).join('\n')}
    ${free.join('|')}) COMPREPLY=($(compgen -f -- "$word")); return ;;
  esac
  case \${COMP_WORDS[1]} in
${cases.join('\n')}
    *) words= options='${optionsOf(defaultOf(commands))}' ;;
  esac
  if [[ $word == -* ]]; then ${words('$options').replaceAll("'", '"')}
  elif [[ $COMP_CWORD -eq 1 ]]; then ${words(namesOf(commands))}
  elif [[ $COMP_CWORD -eq 2 && -n $words ]]; then ${words('$words').replaceAll("'", '"')}
  else COMPREPLY=($(compgen -f -- "$word"))
  fi
}
complete -F _lam_gateway lam-gateway
`;
}

function zsh(commands: readonly Command[]): string {
  const { chosen, free } = withValues(commands);
  const described = commands.map(({ name, summary }) => `    '${name}:${summary.replaceAll("'", "'\\''")}'`);
  const cases = commands.map((command) => {
    return `    ${command.name}) first=(${command.words.join(' ')}) options=(${optionsOf(command)}) ;;`;
  });
  return `#compdef lam-gateway
_lam_gateway() {
  local -a commands first options
  commands=(
${described.join('\n')}
  )
  case $words[CURRENT-1] in
${chosen.map(([name, values]) => `    ${name}) compadd -- ${values.join(' ')}; return ;;`).join('\n')}
    ${free.join('|')}) _files; return ;;
  esac
  case $words[2] in
${cases.join('\n')}
    *) options=(${optionsOf(defaultOf(commands))}) ;;
  esac
  if [[ $PREFIX == -* ]]; then compadd -- $options
  elif (( CURRENT == 2 )); then _describe command commands
  elif (( CURRENT == 3 && $#first > 0 )); then compadd -- $first
  else _files
  fi
}
compdef _lam_gateway lam-gateway
`;
}

function fish(commands: readonly Command[]): string {
  const lines = commands.flatMap(({ name, summary, words, options }) => {
    const text = summary.replaceAll('\\', '\\\\').replaceAll("'", "\\'");
    const seen = `__fish_seen_subcommand_from ${name}`;
    const here = `complete -c lam-gateway -n '${name === 'serve' ? `${seen}; or __fish_use_subcommand` : seen}'`;
    return [
      `complete -c lam-gateway -n __fish_use_subcommand -f -a ${name} -d '${text}'`,
      ...(words.length === 0 ? [] : [`${here} -f -a '${words.join(' ')}'`]),
      ...Object.entries(options).map(([option, following]) => {
        const values = following === 'flag' ? '' : following === 'value' ? ' -r' : ` -x -a '${following.join(' ')}'`;
        return `${here} -l ${option.slice(2)}${values}`;
      }),
    ];
  });
  return `${lines.join('\n')}\n`;
}

function powershell(commands: readonly Command[]): string {
  const list = (words: readonly string[]) => `@(${words.map((word) => `'${word}'`).join(', ')})`;
  const { chosen, free } = withValues(commands);
  const table = (rows: readonly (readonly [string, readonly string[]])[]) =>
    `@{\n${rows.map(([name, words]) => `    '${name}' = ${list(words)}`).join('\n')}\n  }`;
  return `Register-ArgumentCompleter -Native -CommandName lam-gateway -ScriptBlock {
  param($word, $ast, $position)
  $commands = ${list(commands.map(({ name }) => name))}
  $first = ${table(commands.map(({ name, words }) => [name, words]))}
  $options = ${table(commands.map(({ name, options }) => [name, Object.keys(options)]))}
  $values = ${table(chosen)}
  $typed = @($ast.CommandElements | Where-Object { $_.Extent.EndOffset -lt $position } | ForEach-Object { "$_" })
  $command = if ($typed.Count -gt 1 -and $commands -contains $typed[1]) { $typed[1] } else { 'serve' }
  $words = if ($values.ContainsKey($typed[-1])) { $values[$typed[-1]] }
    elseif (${list(free)} -contains $typed[-1]) { @() }
    elseif ($word -like '-*') { $options[$command] }
    elseif ($typed.Count -eq 1) { $commands }
    elseif ($typed.Count -eq 2) { $first[$command] }
  $words | Where-Object { $_ -like "$word*" } | ForEach-Object {
    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
  }
}
`;
}
