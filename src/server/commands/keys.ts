/** `lam-gateway keys new`: makes an API key, shown once, and the entry of the access file that admits it. */
import { parseArgs } from 'node:util';
import { parseAccess } from '../security/access-file.ts';
import { hashApiKey, newApiKey } from '../security/api-keys.ts';
import { SCOPES } from '../security/principal.ts';
import { EXIT_USAGE, PROCESS_STREAMS } from './streams.ts';

const HELP = `lam-gateway keys: API keys for the access file

Usage: lam-gateway keys new --name NAME [--scopes SCOPE,...] [--expires TIME]
                            [--requests-per-minute N] [--burst N] [--max-concurrent N]

  --name NAME              who the caller is, in logs and in the audit trail
  --scopes SCOPE,...       what it may do: ${SCOPES.join(', ')} (predict)
  --expires TIME           when the key ends, for example 2027-01-31T00:00:00Z (never)
  --requests-per-minute N  calls a minute in the long run (no limit)
  --burst N                calls at once after a pause (those of one second)
  --max-concurrent N       calls under way at once (no limit)

The key is printed once and kept nowhere. The access file holds its SHA-256, so that who reads the file cannot call.
`;

/** Resolves with the exit code: 0, or 64 for wrong arguments. */
export async function runKeys(argv: readonly string[], streams = PROCESS_STREAMS): Promise<number> {
  const [action, ...rest] = argv;
  if (action === '--help') {
    streams.out(HELP);
    return 0;
  }
  try {
    if (action !== 'new') throw new Error(`expected new, got ${JSON.stringify(action ?? '')}`);
    streams.out(describeNewKey(rest));
    return 0;
  } catch (error) {
    streams.error(`lam-gateway keys: ${error instanceof Error ? error.message : String(error)}\n\n${HELP}`);
    return EXIT_USAGE;
  }
}

function describeNewKey(argv: readonly string[]): string {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      name: { type: 'string' },
      scopes: { type: 'string', default: 'predict' },
      expires: { type: 'string' },
      'requests-per-minute': { type: 'string' },
      burst: { type: 'string' },
      'max-concurrent': { type: 'string' },
    },
  });
  if (values.name === undefined) throw new Error('--name is missing');
  const key = newApiKey();
  const entry = [
    `  - name: ${JSON.stringify(values.name)}`,
    `    sha256: ${hashApiKey(key).toString('hex')}`,
    `    scopes: [${values.scopes}]`,
    ...line('expires', values.expires && JSON.stringify(values.expires)),
    ...line('requestsPerMinute', values['requests-per-minute']),
    ...line('burst', values.burst),
    ...line('maxConcurrent', values['max-concurrent']),
  ].join('\n');
  // What a gateway would not take is told now.
  parseAccess(`keys:\n${entry}\n`);
  return `Key, shown only now: ${key}\n\nEntry under "keys:" in the access file:\n\n${entry}\n`;
}

function line(name: string, value: string | undefined): readonly string[] {
  return value === undefined ? [] : [`    ${name}: ${value}`];
}
