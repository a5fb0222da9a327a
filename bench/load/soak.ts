/**
 * Mixed load for minutes or hours, and whether anything grows that should not:
 *   node dist/bench/load/soak.js --minutes 60
 * Exits with 1 if something leaks or an answer is not what it may be.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { startGateway } from '../agent/running-gateway.ts';
import { Random } from '../desktop/random.ts';
import { describeMachine, machineSlug } from '../steps/machine.ts';
import { poissonArrivals } from './arrivals.ts';
import { LoadClient } from './load-client.ts';
import { countBy } from './open-loop.ts';
import { testRequests } from './requests.ts';
import { delay, watch } from './scrape.ts';
import { type MixOutcome, mixedCall, post, type SoakTarget } from './soak-mix.ts';
import { trendsOf } from './soak-verdict.ts';

const USAGE = `Usage: node dist/bench/load/soak.js [options]
  --minutes N          how long (default 2)
  --per-second N       calls per second (default: half of what eight clients get done)
  --reload-seconds N   reload the model that often over HTTP; 0: never (default 20)
  --reload NAME:VERSION  the model that is reloaded (default lam-word:2)
  --seed N             another sequence of calls (default 1)
  --gateway-flags "..."  settings of the gateway; a small prefix store fills during the warm-up
  --out FILE           where the samples and the verdict go (default .build/bench-results/soak-<machine>-<N>m.json)
`;
const DEFAULT_FLAGS = '--prefix-store-bytes 33554432';
/** In flight at most: the client must not be what runs out of memory. */
const MOST_IN_FLIGHT = 256;
const PROBE_SECONDS = 4;
const PROBE_CLIENTS = 8;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '2' },
    'per-second': { type: 'string', default: '0' },
    'reload-seconds': { type: 'string', default: '20' },
    reload: { type: 'string', default: 'lam-word:2' },
    seed: { type: 'string', default: '1' },
    'gateway-flags': { type: 'string', default: DEFAULT_FLAGS },
    out: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
const minutes = Number(values.minutes);
const reloadSeconds = Number(values['reload-seconds']);
const [reloadName = '', reloadVersion = ''] = values.reload.split(':');
const numbers = [minutes, reloadSeconds, Number(values['per-second']), Number(values.seed)];
if (values.help || numbers.some((value) => !(value >= 0)) || minutes === 0 || reloadVersion === '') {
  process.stderr.write(USAGE);
  process.exit(values.help ? 0 : 2);
}

const random = new Random(Number(values.seed));
await using gateway = await startGateway(values['gateway-flags'].split(' ').filter((flag) => flag !== ''));
using client = new LoadClient(gateway.grpc);
const target: SoakTarget = { client, http: gateway.http, requests: testRequests(400), random };

const perSecond = Number(values['per-second']) || (await probe()) / 2;
process.stderr.write(`${perSecond.toFixed(1)} calls per second for ${minutes} minutes\n`);
const watching = watch(gateway.http, 1_000);
const [outcomes, reloads] = await Promise.all([offer(), reload()]);
const samples = await watching.stop();

const trends = trendsOf(samples);
const faults = outcomes.filter(({ isFault }) => isFault).map(({ kind, code }) => `${kind}: ${code}`);
const failedReloads = reloads.filter((code) => code !== 'ok');
const verdict = {
  benchmark: 'soak',
  date: new Date().toISOString().slice(0, 10),
  machine: describeMachine(),
  minutes,
  per_second: Math.round(perSecond * 10) / 10,
  calls: countBy(outcomes.map(({ kind, code }) => `${kind}: ${code}`)),
  faults: countBy(faults),
  reloads: countBy(reloads),
  trends,
  passed: trends.every(({ met }) => met) && trends.length > 0 && faults.length === 0 && failedReloads.length === 0,
};
const slug = `soak-${machineSlug(verdict.machine)}-${minutes}m.json`;
const path = values.out ?? join('.build', 'bench-results', slug);
mkdirSync(dirname(path), { recursive: true });
writeFileSync(path, `${JSON.stringify({ ...verdict, samples }, null, 1)}\n`);
process.stdout.write(`${JSON.stringify(verdict, null, 1)}\n`);
process.stderr.write(`${verdict.passed ? 'PASSED' : 'FAILED'}, samples in ${path}\n`);
process.exitCode = verdict.passed ? 0 : 1;

/** Answers per second of clients that wait for them. */
async function probe(): Promise<number> {
  const startMs = performance.now();
  let numDone = 0;
  const lane = async () => {
    while (performance.now() - startMs < PROBE_SECONDS * 1e3) {
      await client.call(client.encode(random.pick(target.requests)), { deadlineMs: 30_000 });
      numDone++;
    }
  };
  await Promise.all(Array.from({ length: PROBE_CLIENTS }, lane));
  return numDone / PROBE_SECONDS;
}

/** Calls that do not wait for one another, as they arrive. */
async function offer(): Promise<MixOutcome[]> {
  const done: MixOutcome[] = [];
  const pending = new Set<Promise<void>>();
  const startMs = performance.now();
  for (let minute = 0; minute < minutes; minute++) {
    const seconds = 60 * Math.min(1, minutes - minute);
    for (const arrivalMs of poissonArrivals(random, perSecond, seconds)) {
      await delay(startMs + minute * 60_000 + arrivalMs - performance.now());
      if (pending.size >= MOST_IN_FLIGHT) await Promise.race(pending);
      const call = mixedCall(target).then((outcome) => {
        done.push(outcome);
        pending.delete(call);
      });
      pending.add(call);
    }
  }
  await Promise.all(pending);
  return done;
}

/** What each reload ended with. */
async function reload(): Promise<string[]> {
  if (reloadSeconds === 0) return [];
  const codes: string[] = [];
  const endMs = performance.now() + minutes * 60_000;
  while (performance.now() + reloadSeconds * 1e3 < endMs) {
    await delay(reloadSeconds * 1e3);
    codes.push(await post(target, '/v1/models:load', JSON.stringify({ name: reloadName, version: reloadVersion })));
  }
  return codes;
}
