/**
 * Mixed load for minutes or hours, and whether anything grows that should not:
 *   node dist/bench/load/soak.js --minutes 60
 * Exits with 1 if something leaks or an answer is not what it may be.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { startGateway } from '../agent/running-gateway.ts';
import { describeMachine, machineSlug } from '../steps/machine.ts';
import { runSoak } from './run-soak.ts';

const USAGE = `Usage: node dist/bench/load/soak.js [options]
  --minutes N          how long (default 2)
  --per-second N       calls per second (default: half of what eight clients get done)
  --reload-seconds N   reload the model that often over HTTP; 0: never (default 20)
  --seed N             another sequence of calls (default 1)
  --gateway-flags "..."  settings of the gateway; small caches are full after the warm-up, so that what grows then is a leak
  --out FILE           where the samples and the verdict go (default .build/bench-results/soak-<machine>-<N>m.json)
`;
const DEFAULT_FLAGS = '--prefix-store-bytes 32MiB --episode-max-bytes 8MiB --idempotency-max-bytes 1MiB';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '2' },
    'per-second': { type: 'string', default: '0' },
    'reload-seconds': { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
    'gateway-flags': { type: 'string', default: DEFAULT_FLAGS },
    out: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
const minutes = Number(values.minutes);
const reloadSeconds = Number(values['reload-seconds']);
const perSecond = Number(values['per-second']);
const seed = Number(values.seed);
if (values.help || [minutes, reloadSeconds, perSecond, seed].some((value) => !(value >= 0)) || minutes === 0) {
  process.stderr.write(USAGE);
  process.exit(values.help ? 0 : 2);
}

await using gateway = await startGateway(values['gateway-flags'].split(' ').filter((flag) => flag !== ''));
const { samples, ...soak } = await runSoak({ gateway, minutes, perSecond, reloadSeconds, seed });
const machine = describeMachine();
const verdict = { benchmark: 'soak', date: new Date().toISOString().slice(0, 10), machine, ...soak };
const path = values.out ?? join('.build', 'bench-results', `soak-${machineSlug(machine)}-${minutes}m.json`);
mkdirSync(dirname(path), { recursive: true });
writeFileSync(path, `${JSON.stringify({ ...verdict, samples }, null, 1)}\n`);
process.stdout.write(`${JSON.stringify(verdict, null, 1)}\n`);
process.stderr.write(`${verdict.passed ? 'PASSED' : 'FAILED'}, samples in ${path}\n`);
process.exitCode = verdict.passed ? 0 : 1;
