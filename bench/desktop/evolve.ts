/** Data evolution: more tasks out of those there are, by other words and by putting tasks together. */
import type { Episode } from './episodes.ts';

export type EvolvedTask = {
  readonly task: string;
  readonly request: string;
  /** `composed`: of several parts. `rephrased`: another task in other words. */
  readonly evolution: 'original' | 'composed' | 'rephrased';
};

/** A request and up to `count` others that ask for the same. Requests of several parts are templates of their own. */
export function rephrasings(episode: Episode, count: number): readonly EvolvedTask[] {
  const requests = new Set([episode.request]);
  for (let seed = 1; seed <= count; seed++) requests.add(episode.rephrase(seed));
  return [...requests].map((request, i) => ({
    task: episode.task,
    request,
    evolution: i > 0 ? 'rephrased' : episode.template.family === 'multi' ? 'composed' : 'original',
  }));
}
