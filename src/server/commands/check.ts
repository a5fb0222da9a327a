/** `lam-gateway check`: whether a configuration can work on this machine, without loading a model. One line per check. */
import { GatewayError } from '../../runtime/index.ts';
import { type Config, ConfigError, type ConfigInput } from '../config.ts';
import { splitArguments } from './arguments.ts';
import { type Finding, failed, ok } from './checks/check.ts';
import { checkModels, checkProviders } from './checks/models.ts';
import { checkSurroundings } from './checks/surroundings.ts';
import { commandConfig } from './command-config.ts';
import { Spinner } from './spinner.ts';
import { type CommandStreams, EXIT_USAGE, PROCESS_STREAMS } from './streams.ts';

export const CHECK_USAGE = `lam-gateway check [--json] [--config FILE] [--KEY VALUE]...

Checks the configuration, the model folders with their checksums, memory, execution providers, the files that the configuration
names, and whether the ports are free. Loads no model, and says what to mend.

  --json   for programs

Exit codes: 0 nothing failed, 1 something did, 64 wrong arguments.
`;

export type CheckCommand = {
  readonly argv: readonly string[];
  readonly env: ConfigInput['env'];
  readonly streams?: CommandStreams;
};

/** Resolves with the exit code. */
export async function runCheck({ argv, env, streams = PROCESS_STREAMS }: CheckCommand): Promise<number> {
  const { flags, positional, config } = splitArguments(argv, { flags: ['json', 'help'], values: [] });
  if (flags.has('help')) {
    streams.out(CHECK_USAGE);
    return 0;
  }
  if (positional.length > 0) {
    streams.error(`lam-gateway check: ${positional.join(' ')}: not expected\n`);
    return EXIT_USAGE;
  }
  const findings: Finding[] = [];
  {
    let subject = 'configuration';
    using spinner = new Spinner({ text: () => `checking; last: ${subject}` });
    for await (const finding of allFindings(config, env)) {
      findings.push(finding);
      subject = finding.subject;
      spinner.clear();
      if (!flags.has('json')) streams.out(formatFinding(finding));
    }
  }
  if (flags.has('json')) streams.out(`${JSON.stringify(findings, null, 2)}\n`);
  return findings.some(({ result }) => result === 'failed') ? 1 : 0;
}

async function* allFindings(argv: readonly string[], env: ConfigInput['env']): AsyncGenerator<Finding> {
  let config: Config;
  try {
    config = commandConfig(argv, env);
  } catch (error) {
    if (error instanceof ConfigError) for (const problem of error.problems) yield failed('configuration', problem);
    else if (error instanceof GatewayError) yield failed('configuration', error.message);
    else throw error;
    return;
  }
  yield ok('configuration', 'acceptable');
  yield* checkModels(config);
  yield* checkProviders(config);
  yield* checkSurroundings(config);
}

const MARKS = { ok: 'ok     ', warning: 'WARNING', failed: 'FAILED ' } as const;

function formatFinding({ result, subject, text }: Finding): string {
  return `${MARKS[result]}  ${subject}: ${text}\n`;
}
