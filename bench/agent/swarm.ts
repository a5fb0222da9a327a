/**
 * Many simulated desktops at once through the client, each doing one task after the other:
 *   node dist/bench/agent/swarm.js --desktops 40 --minutes 5 --json
 * All garbage of the gateway is collected ahead of every eighth sample, a few times in each window of the verdict: an uncapped heap
 * is collected so rarely by itself that its lowest values are mostly garbage, and their trend is noise.
 * Exits with 1 if anything fails but for lack of room, if an episode is mixed up with another, or if memory grows.
 */
import { availableParallelism, cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { grpcTransport } from '../../src/client/grpc.ts';
import { type Connect, httpTransport, LamClient, LamClientError, type Transport } from '../../src/client/index.ts';
import { delay, type Sample, scrape } from '../load/scrape.ts';
import { trendsOf } from '../load/soak-verdict.ts';
import { quantile, round } from '../steps/stats.ts';
import { type StartedGateway, startGateway } from './running-gateway.ts';
import { runSwarmEpisode, type SwarmRecord } from './swarm-desktop.ts';

const USAGE = `Usage: node dist/bench/agent/swarm.js [options]
  --desktops N         how many at once (default 40)
  --minutes N          how long (default 5)
  --transport NAME     grpc or http (default grpc)
  --think-ms N         pause between a desktop's episodes (default 0)
  --seed N             other tasks (default 1)
  --gateway-flags "..."  settings of the gateway; small caches are full after the warm-up, so that what grows then is a leak
  --json               print the result as JSON
`;
const DEFAULT_FLAGS = '--prefix-store-bytes 32MiB --episode-max-bytes 8MiB --idempotency-max-bytes 4MiB';
/** What a gateway with too much to do may answer. */
const EXPECTED: readonly string[] = ['overloaded', 'rate_limited'];
/** A desktop whose request was refused tries its next task after this long. */
const AFTER_REFUSAL_MS = 500;
const SAMPLES = 200;
/** One sample in so many is taken right after a collection. */
const COLLECT_EVERY = 8;
const COLLECTOR = ['--expose-gc', '--import', new URL('./collect-on-signal.js', import.meta.url).href];
/** No two desktops ever do the same episode. */
const SEEDS_PER_DESKTOP = 1_000_000;

const { values } = parseArgs({
  options: {
    desktops: { type: 'string', default: '40' },
    minutes: { type: 'string', default: '5' },
    transport: { type: 'string', default: 'grpc' },
    'think-ms': { type: 'string', default: '0' },
    seed: { type: 'string', default: '1' },
    'gateway-flags': { type: 'string', default: DEFAULT_FLAGS },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const numDesktops = Number(values.desktops);
const minutes = Number(values.minutes);
const thinkMs = Number(values['think-ms']);
const isUsable = numDesktops >= 1 && minutes > 0 && thinkMs >= 0 && Number.isInteger(Number(values.seed));
if (values.help || !isUsable || !['grpc', 'http'].includes(values.transport)) {
  process.stderr.write(USAGE);
  process.exit(values.help ? 0 : 2);
}

const flags = values['gateway-flags'].split(' ').filter((flag) => flag !== '');
await using gateway = await startGateway(flags, COLLECTOR);
const failures = { attempts: new Map<string, number>(), calls: new Map<string, number>() };
const isGrpc = values.transport === 'grpc';
using client = new LamClient({
  endpoints: [isGrpc ? gateway.grpc : gateway.http],
  transport: counting(isGrpc ? grpcTransport() : httpTransport()),
});
const record: SwarmRecord = { latenciesMs: [], numEpisodes: 0, numDone: 0, mixUps: [] };

const durationMs = minutes * 60_000;
const startMs = performance.now();
const memory = sample(gateway);
// Awaited at the end, where a failure is told.
memory.catch(() => {});
await Promise.all(Array.from({ length: numDesktops }, (_, desktop) => work(desktop)));
const seconds = (performance.now() - startMs) / 1000;
const samples = await memory;

const trends = trendsOf(samples);
const unexpected = [...failures.calls.keys()].filter((code) => !EXPECTED.includes(code));
const isBounded = trends.every(({ met }) => met);
const isGood = unexpected.length === 0 && record.mixUps.length === 0 && isBounded && record.latenciesMs.length > 0;
const result = {
  desktops: numDesktops,
  transport: values.transport,
  seconds: round(seconds),
  cpu: cpus()[0]?.model ?? '',
  cores: availableParallelism(),
  episodes: record.numEpisodes,
  done: record.numDone,
  steps: record.latenciesMs.length,
  steps_per_second: round(record.latenciesMs.length / seconds),
  step_ms: { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) },
  failed_calls: Object.fromEntries(failures.calls),
  failed_attempts: Object.fromEntries(failures.attempts),
  mix_ups: record.mixUps.length,
  memory: trends,
  gateway_mib: samples.map(({ atSeconds, rss_bytes, heap_bytes }) => ({
    at_seconds: atSeconds,
    rss: Math.round(rss_bytes / 2 ** 20),
    heap: Math.round(heap_bytes / 2 ** 20),
  })),
  good: isGood,
};
if (values.json) print(JSON.stringify(result, null, 2));
else report();
for (const mixUp of record.mixUps.slice(0, 10)) process.stderr.write(`${mixUp}\n`);
process.exitCode = isGood ? 0 : 1;

async function work(desktop: number): Promise<void> {
  for (let n = 0; performance.now() - startMs < durationMs; n++) {
    const seed = (Number(values.seed) * numDesktops + desktop) * SEEDS_PER_DESKTOP + n;
    try {
      await runSwarmEpisode({ client, desktop, seed, record });
      if (thinkMs > 0) await delay(thinkMs);
    } catch (thrown) {
      // Anything else is a bug of this program.
      if (!(thrown instanceof LamClientError)) throw thrown;
      count(failures.calls, thrown.code);
      if (!EXPECTED.includes(thrown.code)) process.stderr.write(`desktop ${desktop}: ${thrown.message}\n`);
      await delay(AFTER_REFUSAL_MS);
    }
  }
}

/** Until the time is up. */
async function sample({ http, signal }: StartedGateway): Promise<readonly Sample[]> {
  const taken: Sample[] = [];
  for (let sinceMs = 0; sinceMs < durationMs; sinceMs = performance.now() - startMs) {
    if (taken.length % COLLECT_EVERY === 0) signal('SIGUSR2');
    taken.push(await scrape(http, sinceMs / 1e3));
    await delay(durationMs / SAMPLES);
  }
  return taken;
}

/** A transport that counts what the client itself copes with. */
function counting(connect: Connect): Connect {
  return (address) => {
    const inner = connect(address);
    const transport: Transport = {
      unary: (method, request, attempt) =>
        inner.unary(method, request, attempt).catch((thrown) => {
          if (thrown instanceof LamClientError) count(failures.attempts, thrown.code);
          throw thrown;
        }),
      serverStream: (method, request, attempt) => inner.serverStream(method, request, attempt),
      bidiStream: (method, requests, attempt) => inner.bidiStream(method, requests, attempt),
      isReady: (attempt) => inner.isReady(attempt),
      [Symbol.dispose]: () => inner[Symbol.dispose](),
    };
    return transport;
  };
}

function count(counts: Map<string, number>, code: string): void {
  counts.set(code, (counts.get(code) ?? 0) + 1);
}

function at(share: number): number {
  return record.latenciesMs.length === 0 ? 0 : round(quantile(record.latenciesMs, share));
}

function report(): void {
  const { step_ms, failed_calls, failed_attempts } = result;
  print(`${numDesktops} desktops over ${values.transport} for ${round(seconds)} s on ${result.cores} cores`);
  print(
    `${result.episodes} episodes, ${result.done} done; ${result.steps} steps, ${result.steps_per_second} per second`,
  );
  print(`step: p50 ${step_ms.p50} ms, p95 ${step_ms.p95} ms, p99 ${step_ms.p99} ms, most ${step_ms.max} ms`);
  print(`failed calls ${JSON.stringify(failed_calls)}, of attempts ${JSON.stringify(failed_attempts)}`);
  print(`episodes mixed up: ${result.mix_ups}`);
  for (const { name, first, last, growth, most_growth, met } of trends) {
    print(`${name}: ${first} to ${last}, growth ${growth} of at most ${most_growth}${met ? '' : '  TOO MUCH'}`);
  }
  print(isGood ? 'good' : 'NOT GOOD');
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
