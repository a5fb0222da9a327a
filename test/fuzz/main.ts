/** `npm run fuzz`: generated requests for a gateway, a fake one by default. Exits with 1 if an answer is not what it must be. */
import { parseArgs } from 'node:util';
import { startGateway } from '../../bench/agent/running-gateway.ts';
import { type FuzzOptions, fuzz } from './fuzz.ts';
import { fuzzGateway } from './fuzz-gateway.ts';

const USAGE = `Usage: npm run fuzz -- [options]
  --requests N         generated cases; most are sent over both protocols (default 2000)
  --seed N             the same cases for the same seed (default: another one each time, which is printed)
  --concurrency N      requests under way at once (default 4)
  --shipped            a gateway with the shipped models instead of one with a fake model
  --http URL --grpc HOST:PORT   a gateway that runs
`;

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '2000' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    concurrency: { type: 'string', default: '4' },
    shipped: { type: 'boolean', default: false },
    http: { type: 'string' },
    grpc: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
const [requests = 0, seed = 0, concurrency = 0] = [values.requests, values.seed, values.concurrency].map(Number);
const isUsable = [requests, seed, concurrency].every(Number.isInteger) && requests > 0 && concurrency > 0;
if (values.help || !isUsable || (values.http === undefined) !== (values.grpc === undefined)) {
  process.stderr.write(USAGE);
  process.exit(values.help ? 0 : 2);
}

console.log(`seed ${seed}`);
const beganMs = Date.now();
const { sent, outcomes, failures } = await run({ requests, seed, concurrency });
console.log(`${sent} requests sent in ${Math.round((Date.now() - beganMs) / 1000)} s, ${failures.length} failures`);
for (const [outcome, count] of Object.entries(outcomes).sort()) console.log(`${String(count).padStart(8)}  ${outcome}`);
for (const failure of failures) console.error(failure);
process.exit(failures.length === 0 ? 0 : 1);

async function run(options: Omit<FuzzOptions, 'http' | 'grpc'>) {
  const { http, grpc } = values;
  if (http !== undefined && grpc !== undefined) return fuzz({ ...options, http, grpc });
  await using gateway = values.shipped ? await startGateway() : await fuzzGateway();
  return await fuzz({ ...options, http: gateway.http, grpc: gateway.grpc });
}
