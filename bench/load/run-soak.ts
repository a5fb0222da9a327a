/** Mixed load on a gateway for a while, and what is to be said of it: how calls ended, and whether anything grew. */
import { Random } from '../desktop/random.ts';
import { poissonArrivals } from './arrivals.ts';
import { LoadClient } from './load-client.ts';
import { countBy } from './open-loop.ts';
import { testRequests } from './requests.ts';
import { delay, readMetrics, type Sample, watch } from './scrape.ts';
import { type MixOutcome, mixedCall, post, type SoakTarget } from './soak-mix.ts';
import { type Trend, trendsOf } from './soak-verdict.ts';

export type SoakOptions = {
  /** Where it listens; nobody else may call it meanwhile. */
  readonly gateway: { readonly grpc: string; readonly http: string };
  readonly minutes: number;
  /** Calls per second; 0: half of what eight clients get done. */
  readonly perSecond: number;
  /** The first action model is loaded anew that often; 0: never. */
  readonly reloadSeconds: number;
  readonly seed: number;
};

/** What clients were told, and what the gateway says that it told. */
export type Ledger = {
  readonly sent: number;
  /** Of those sent: given up by the client, perhaps before the gateway saw them. */
  readonly given_up: number;
  /** Ends that the gateway counted. */
  readonly counted: number;
  /** Still under way when all clients had their answers. */
  readonly in_flight: number;
  /** One end per call: no more than were sent, no less than were surely received, and none open. */
  readonly met: boolean;
};

export type Soak = {
  readonly minutes: number;
  readonly per_second: number;
  /** By kind of call and end. */
  readonly calls: Readonly<Record<string, number>>;
  /** Of those: ends that a kind may not have. */
  readonly faults: Readonly<Record<string, number>>;
  readonly reloads: Readonly<Record<string, number>>;
  readonly ledger: Ledger;
  readonly trends: readonly Trend[];
  readonly passed: boolean;
  readonly samples: readonly Sample[];
};

/** In flight at most: the client must not be what runs out of memory. */
const MOST_IN_FLIGHT = 256;
const PROBE_SECONDS = 4;
const PROBE_CLIENTS = 8;
const NUM_EPISODES = 400;
const SAMPLE_MS = 1_000;
/** The gateway may notice a client's going a moment after the client. */
const SETTLE_MS = 10_000;

export async function runSoak({ gateway, minutes, perSecond, reloadSeconds, seed }: SoakOptions): Promise<Soak> {
  using client = new LoadClient(gateway.grpc);
  const random = new Random(seed);
  const target: SoakTarget = { client, http: gateway.http, requests: testRequests(NUM_EPISODES), random };
  const model = await firstActionModel(gateway.http);
  const rate = perSecond || (await probe(target)) / 2;
  process.stderr.write(`${rate.toFixed(1)} calls per second for ${minutes} minutes\n`);
  const before = await settled(gateway.http);
  const watching = watch(gateway.http, SAMPLE_MS);
  const [outcomes, reloads] = await Promise.all([
    offer(target, rate, minutes),
    reload(gateway.http, { model, minutes, everySeconds: reloadSeconds }),
  ]);
  const samples = await watching.stop();
  const after = await settled(gateway.http);
  const ledger = ledgerOf(outcomes, {
    counted: after.counted - before.counted - reloads.length,
    inFlight: after.inFlight,
  });
  const trends = trendsOf(samples);
  const faults = outcomes.filter(({ isFault }) => isFault).map(({ kind, code }) => `${kind}: ${code}`);
  const isClean = faults.length === 0 && reloads.every((code) => code === 'ok');
  return {
    minutes,
    per_second: Math.round(rate * 10) / 10,
    calls: countBy(outcomes.map(({ kind, code }) => `${kind}: ${code}`)),
    faults: countBy(faults),
    reloads: countBy(reloads),
    ledger,
    trends,
    passed: isClean && ledger.met && trends.length > 0 && trends.every(({ met }) => met),
    samples,
  };
}

type Told = { readonly counted: number; readonly inFlight: number };

export function ledgerOf(outcomes: readonly Pick<MixOutcome, 'code'>[], { counted, inFlight }: Told): Ledger {
  const sent = outcomes.length;
  const givenUp = outcomes.filter(({ code }) => code === 'cancelled' || code === 'deadline_exceeded').length;
  const met = counted <= sent && counted >= sent - givenUp && inFlight === 0;
  return { sent, given_up: givenUp, counted, in_flight: inFlight, met };
}

/** What the gateway has told so far, once nothing is under way any more, or after a while. */
async function settled(http: string): Promise<Told> {
  const endMs = performance.now() + SETTLE_MS;
  for (;;) {
    const metrics = await readMetrics(http);
    const inFlight = metrics.get('lam_gateway_requests_in_flight') ?? Number.NaN;
    const counted = metrics.get('lam_gateway_requests_total') ?? 0;
    if (inFlight === 0 || performance.now() > endMs) return { counted, inFlight };
    await delay(50);
  }
}

type ModelKey = { readonly name: string; readonly version: string };

async function firstActionModel(http: string): Promise<ModelKey> {
  const answer = await (await fetch(`${http}/v1/models`)).json();
  const { models } = answer as { readonly models: readonly (ModelKey & { readonly role: string })[] };
  const found = models.find(({ role }) => role === 'action');
  if (found === undefined) throw new Error(`${http} serves no action model`);
  return { name: found.name, version: found.version };
}

/** Answers per second of clients that wait for them. */
async function probe({ client, requests, random }: SoakTarget): Promise<number> {
  const startMs = performance.now();
  let numDone = 0;
  const lane = async () => {
    while (performance.now() - startMs < PROBE_SECONDS * 1e3) {
      await client.call(client.encode(random.pick(requests)), { deadlineMs: 30_000 });
      numDone++;
    }
  };
  await Promise.all(Array.from({ length: PROBE_CLIENTS }, lane));
  return numDone / PROBE_SECONDS;
}

/** Calls that do not wait for one another, as they arrive. */
async function offer(target: SoakTarget, perSecond: number, minutes: number): Promise<MixOutcome[]> {
  const done: MixOutcome[] = [];
  const pending = new Set<Promise<void>>();
  const startMs = performance.now();
  for (let minute = 0; minute < minutes; minute++) {
    const seconds = 60 * Math.min(1, minutes - minute);
    for (const arrivalMs of poissonArrivals(target.random, perSecond, seconds)) {
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

type Reloading = { readonly model: ModelKey; readonly minutes: number; readonly everySeconds: number };

/** What each reload ended with. */
async function reload(http: string, { model, minutes, everySeconds }: Reloading): Promise<string[]> {
  if (everySeconds === 0) return [];
  const codes: string[] = [];
  const endMs = performance.now() + minutes * 60_000;
  while (performance.now() + everySeconds * 1e3 < endMs) {
    await delay(everySeconds * 1e3);
    codes.push(await post({ http }, '/v1/models:load', JSON.stringify(model)));
  }
  return codes;
}
