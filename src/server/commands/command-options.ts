/** What each command takes, for completions. */
import { EXPORT_FORMATS } from '../audit/export-formats.ts';
import { flagName } from '../config.ts';
import { KEYS, type KeyName } from '../config-keys.ts';
import { SCOPES } from '../security/principal.ts';
import { DOCUMENTS } from './docs.ts';
import { KV_TYPES, PROVIDERS, WEIGHT_BITS } from './plan-options.ts';

/**
 * What may follow an option:
 * - flag: nothing
 * - value: anything, perhaps a file
 * - a list: one of these
 */
type Following = 'flag' | 'value' | readonly string[];

export type CommandOptions = {
  /** What may come first, such as `new` of `keys new`; none: a file, or nothing. */
  readonly words: readonly string[];
  /** By name, with the dashes. */
  readonly options: Readonly<Record<string, Following>>;
};

export const SHELL_NAMES = ['bash', 'zsh', 'fish', 'powershell'] as const;

const CONFIGURATION: CommandOptions['options'] = {
  '--config': 'value',
  ...Object.fromEntries(
    (Object.keys(KEYS) as KeyName[]).map((key) => {
      const { choices }: { readonly choices?: readonly string[] } = KEYS[key];
      return [flagName(key), choices ?? 'value'];
    }),
  ),
};
const HELP = { '--help': 'flag' } as const;
const JSON_ALSO = { '--json': 'flag' } as const;
const REMOTE = { '--url': 'value', '--key-file': 'value' } as const;

/** Every command of the command line, by its name. */
export const COMMAND_OPTIONS: Readonly<Record<string, CommandOptions>> = {
  serve: { words: [], options: { ...HELP, '--version': 'flag', '--print-config': 'flag', ...CONFIGURATION } },
  predict: { words: [], options: { ...HELP, ...JSON_ALSO, ...REMOTE, ...CONFIGURATION } },
  models: { words: [], options: { ...HELP, ...JSON_ALSO, ...REMOTE, ...CONFIGURATION } },
  check: { words: [], options: { ...HELP, ...JSON_ALSO, ...CONFIGURATION } },
  plan: {
    words: [],
    options: {
      ...HELP,
      ...JSON_ALSO,
      '--model': 'value',
      '--device-memory': 'value',
      '--context': 'value',
      '--slots': 'value',
      '--provider': PROVIDERS,
      '--kv-dtype': Object.keys(KV_TYPES),
      '--weights': 'value',
      '--parameters': 'value',
      '--weight-bits': WEIGHT_BITS,
      '--prefix-store': 'value',
      '--chunk-tokens': 'value',
      '--bandwidth': ['measure'],
    },
  },
  keys: {
    words: ['new'],
    options: {
      ...HELP,
      '--name': 'value',
      '--scopes': SCOPES,
      '--expires': 'value',
      '--requests-per-minute': 'value',
      '--burst': 'value',
      '--max-concurrent': 'value',
    },
  },
  audit: { words: ['export'], options: { ...HELP, '--out': 'value', '--format': EXPORT_FORMATS } },
  docs: { words: Object.keys(DOCUMENTS), options: HELP },
  completions: { words: SHELL_NAMES, options: HELP },
};
