/** The arguments of a command that has options of its own beside the keys of the configuration. Pure. */
import { invalid } from '../../runtime/index.ts';

export type OptionNames = {
  /** Options without a value, such as `json` for --json. */
  readonly flags: readonly string[];
  /** Options with a value, such as `url` for --url URL or --url=URL. */
  readonly values: readonly string[];
};

export type Arguments = {
  readonly flags: ReadonlySet<string>;
  readonly values: ReadonlyMap<string, string>;
  readonly positional: readonly string[];
  /** All others, for `loadConfig`. */
  readonly config: readonly string[];
};

/** Throws `GatewayError` (`invalid_request`) for an option whose value is missing. */
export function splitArguments(argv: readonly string[], names: OptionNames): Arguments {
  const flags = new Set<string>();
  const values = new Map<string, string>();
  const positional: string[] = [];
  const config: string[] = [];
  for (let i = 0; i < argv.length; i++) {
    const argument = argv[i] ?? '';
    const [, name = '', inline] = /^--([^=]+)(?:=(.*))?$/s.exec(argument) ?? [];
    if (!argument.startsWith('--')) positional.push(argument);
    else if (names.flags.includes(name)) flags.add(name);
    else if (names.values.includes(name)) {
      const value = inline ?? argv[++i];
      if (value === undefined) throw invalid(`--${name}`, 'a value is missing');
      values.set(name, value);
    } else {
      config.push(argument);
      // Every key of the configuration has a value.
      const next = inline === undefined ? argv[++i] : undefined;
      if (next !== undefined) config.push(next);
    }
  }
  return { flags, values, positional, config };
}
