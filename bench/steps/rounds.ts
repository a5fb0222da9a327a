/** Plays the same work on every engine, in rounds, so that what the machine does meanwhile meets all of them alike. */
import type { Contestant, Played } from './contestant.ts';
import { toLanes, type WorkSource } from './work.ts';

/** Clients at once. */
export const CLIENTS = [1, 8, 16] as const;
export type NumClients = (typeof CLIENTS)[number];

export type RoundOptions = {
  readonly rounds: number;
  /** Pairs of episodes (a small and a large window) per number of clients. */
  readonly pairs: Readonly<Record<NumClients, number>>;
  /** For which each engine plays unmeasured at first, in milliseconds. */
  readonly warmUpMs: number;
  readonly onPlayed?: (name: string, numClients: NumClients, played: Played) => void;
};

/** By engine and number of clients: what was played, one entry per round. */
export type RoundRecord = ReadonlyMap<string, Readonly<Record<NumClients, readonly Played[]>>>;

/** Over and over: compilers do their work by what is run often, and caches are to know no more than these. */
const WARM_UP_PAIRS = 2;
const WARM_UP_CLIENTS = 4;

/** Pairs of episodes that a comparison takes from its source. */
export function pairsNeeded({ rounds, pairs }: Pick<RoundOptions, 'rounds' | 'pairs'>): number {
  return WARM_UP_PAIRS + rounds * CLIENTS.reduce((sum, numClients) => sum + pairs[numClients], 0);
}

/** One engine works at a time. Which one begins changes from round to round. */
export async function playRounds(
  contestants: readonly Contestant[],
  source: WorkSource,
  { rounds, pairs, warmUpMs, onPlayed }: RoundOptions,
): Promise<RoundRecord> {
  const played = new Map(
    contestants.map(({ name }) => [name, { 1: [], 8: [], 16: [] } as Record<NumClients, Played[]>]),
  );
  const warmUp = toLanes(source.take(WARM_UP_PAIRS), WARM_UP_CLIENTS);
  for (const contestant of contestants) {
    await contestant.prepare(WARM_UP_CLIENTS);
    const endMs = performance.now() + warmUpMs;
    for (let i = 0; i === 0 || performance.now() < endMs; i++) await contestant.play(warmUp, `warm-up-${i}`);
  }
  for (let round = 0; round < rounds; round++) {
    for (const numClients of CLIENTS) {
      const lanes = toLanes(source.take(pairs[numClients]), numClients);
      for (let i = 0; i < contestants.length; i++) {
        const contestant = contestants[(i + round) % contestants.length] as Contestant;
        await contestant.prepare(numClients);
        const result = await contestant.play(lanes, `round-${round}-${numClients}`);
        played.get(contestant.name)?.[numClients].push(result);
        onPlayed?.(contestant.name, numClients, result);
      }
    }
  }
  return played;
}
