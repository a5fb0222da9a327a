/** `lam-gateway check`: whether a configuration can work on this machine, without loading a model. One line per check. */
import { GatewayError } from '../../runtime/index.ts';
import { ConfigError, type ConfigInput, type Remains } from '../config.ts';
import { splitArguments } from './arguments.ts';
import { type Finding, failed, ok } from './checks/check.ts';
import { checkFiles } from './checks/files.ts';
import { checkModels, checkProviders } from './checks/models.ts';
import { checkPorts } from './checks/ports.ts';
import { checkServices } from './checks/services.ts';
import { commandConfig } from './command-config.ts';
import { Spinner } from './spinner.ts';
import { type CommandStreams, EXIT_USAGE, PROCESS_STREAMS } from './streams.ts';

export const CHECK_USAGE = `lam-gateway check [--json] [--config FILE] [--KEY VALUE]...

Checks the configuration, the model folders with their checksums, memory, execution providers, the files that the configuration
names, whether Redis and the collector of traces answer, and whether the audit log and the ports are free. Loads no model, and says
what to mend. What the configuration has wrong does not keep it from checking the rest.

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
  let remains: Remains | undefined;
  try {
    remains = { config: commandConfig(argv, env), refused: new Set() };
    yield ok('configuration', 'acceptable');
  } catch (error) {
    if (error instanceof ConfigError) for (const problem of error.problems) yield failed('configuration', problem);
    else if (error instanceof GatewayError) yield failed('configuration', error.message);
    else throw error;
    if (error instanceof ConfigError) remains = error.remains;
  }
  if (remains === undefined) return;
  const { config, refused } = remains;
  for (const part of [checkModels, checkProviders, checkFiles, checkServices, checkPorts]) {
    for await (const finding of part(config)) if (!refused.has(finding.subject)) yield finding;
  }
}

const MARKS = { ok: 'ok     ', warning: 'WARNING', failed: 'FAILED ' } as const;

function formatFinding({ result, subject, text }: Finding): string {
  return `${MARKS[result]}  ${subject}: ${text}\n`;
}
