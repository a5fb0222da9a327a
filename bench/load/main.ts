/** `npm run bench:load`: the rate at which latency bends, and three times that for a minute. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startGateway } from '../agent/running-gateway.ts';
import { Random } from '../desktop/random.ts';
import { describeMachine, machineSlug } from '../steps/machine.ts';
import { findKnee } from './knee.ts';
import { LoadClient } from './load-client.ts';
import { overload } from './overload.ts';
import { renderLoadReport } from './report.ts';
import { testRequests } from './requests.ts';

const USAGE = `Usage: npm run --silent bench:load -- [options]
  --json               one JSON object on stdout instead of a table
  --seconds N          per rate (default 10)
  --overload-seconds N   at three times the sustainable rate (default 60; 0: none)
  --seed N             other arrivals (default 1)
  --gateway-flags "..."  settings of the gateway
  --out FOLDER         where results go (default bench/results)
`;
/** Calls wait for as long: past the knee, what is accepted must come back long before. */
const DEADLINE_MS = 30_000;
/** Some 3,000 steps: none comes back within a run. */
const NUM_EPISODES = 1_000;

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    seconds: { type: 'string', default: '10' },
    'overload-seconds': { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
    'gateway-flags': { type: 'string', default: '' },
    out: { type: 'string', default: join('bench', 'results') },
    help: { type: 'boolean', default: false },
  },
});
const seconds = Number(values.seconds);
const overloadSeconds = Number(values['overload-seconds']);
if (values.help || !(seconds > 0) || !(overloadSeconds >= 0) || !Number.isInteger(Number(values.seed))) {
  process.stderr.write(USAGE);
  process.exit(values.help ? 0 : 2);
}

const machine = describeMachine();
await using gateway = await startGateway(values['gateway-flags'].split(' ').filter((flag) => flag !== ''));
using client = new LoadClient(gateway.grpc);
const requests = testRequests(NUM_EPISODES).map((request) => client.encode(request));
const options = { client, requests, random: new Random(Number(values.seed)), deadlineMs: DEADLINE_MS };

const knee = await findKnee({ ...options, seconds }, (run) => {
  process.stderr.write(
    `${run.per_second}/s: p50 ${run.p50_ms} ms, p99 ${run.p99_ms} ms, ${run.ok_per_second}/s answered, ${run.refused} of ${run.offered} refused\n`,
  );
});
const overloaded =
  overloadSeconds === 0 || knee.knee === undefined
    ? null
    : await overload({ ...options, seconds: overloadSeconds, http: gateway.http }, knee);
const result = {
  benchmark: 'load' as const,
  date: new Date().toISOString().slice(0, 10),
  machine,
  settings: values['gateway-flags'],
  knee,
  overload: overloaded,
};
mkdirSync(values.out, { recursive: true });
const path = join(values.out, `load-${machineSlug(machine)}`);
writeFileSync(`${path}.json`, `${JSON.stringify(result, null, 1)}\n`);
writeFileSync(`${path}.html`, renderLoadReport(result));
process.stderr.write(`Results: ${path}.json, ${path}.html\n`);
process.stdout.write(values.json ? `${JSON.stringify(result)}\n` : table());

function table(): string {
  const at = knee.knee;
  const lines = [
    `Unloaded: p50 ${knee.unloaded_p50_ms} ms, p99 ${knee.unloaded_p99_ms} ms; 16 clients: ${knee.closed_loop_per_second} steps/s`,
    at === undefined ? 'No sustainable rate found' : `Sustainable: ${at.per_second}/s with p99 ${at.p99_ms} ms`,
    ...(overloaded === null
      ? []
      : [
          `At three times that: refusals p50 ${overloaded.during.refused_p50_ms} ms, p99 ${overloaded.during.refused_p99_ms} ms;` +
            ` the gateway's event loop was late by ${overloaded.event_loop_lag_p99_ms.median} ms (p99 of a second, median),` +
            ` the client by ${overloaded.during.client_lag_p99_ms} ms (p99)`,
        ]),
    ...(overloaded?.checks ?? []).map(
      (check) => `  ${check.met ? 'met   ' : 'MISSED'} ${check.name}: ${check.measured} (${check.wanted})`,
    ),
  ];
  return `${lines.join('\n')}\n`;
}
