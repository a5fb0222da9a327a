/** `lam-gateway docs`: the references that are made from the code, so that they cannot disagree with it. */
import { configurationReference } from '../reference/configuration-reference.ts';
import { metricsReference } from '../reference/metrics-reference.ts';
import { type CommandStreams, EXIT_USAGE, PROCESS_STREAMS } from './streams.ts';

export const DOCUMENTS: Readonly<Record<string, () => string>> = {
  configuration: configurationReference,
  metrics: metricsReference,
};

const USAGE = `lam-gateway docs ${Object.keys(DOCUMENTS).join('|')}

Prints docs/configuration.md or docs/metrics.md, made from the code.
`;

/** Returns the exit code. */
export function runDocs([name = '']: readonly string[], streams: CommandStreams = PROCESS_STREAMS): number {
  const document = Object.hasOwn(DOCUMENTS, name) ? DOCUMENTS[name] : undefined;
  if (document !== undefined) {
    streams.out(document());
    return 0;
  }
  const isHelp = name === '--help' || name === '-h';
  (isHelp ? streams.out : streams.error)(USAGE);
  return isHelp ? 0 : EXIT_USAGE;
}
