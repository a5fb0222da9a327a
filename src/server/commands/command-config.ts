/** The configuration of a command other than serve: the same keys, from the same places. */
import { readFileSync } from 'node:fs';
import { invalid } from '../../runtime/index.ts';
import { type Config, type ConfigInput, loadConfig } from '../config.ts';

/** Throws `ConfigError`. */
export function commandConfig(argv: readonly string[], env: ConfigInput['env']): Config {
  const command = loadConfig({ argv, env, readFile: (path) => readFileSync(path, 'utf8') });
  if (command.type !== 'serve') throw invalid(`--${command.type}`, 'not an option of this command');
  return command.config;
}
