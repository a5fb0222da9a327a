/** Builders of episodes and their steps, with defaults that tests override. */
import { type Episode, type EpisodeStep, newEpisode } from '../../src/server/episodes/episode.ts';
import { anAction } from './states.ts';

export const NOW_MS = Date.UTC(2026, 0, 2, 3, 4, 5);

/** A click on Bold, of which nothing was reported. */
export function aStep(overrides: Partial<EpisodeStep> = {}): EpisodeStep {
  return {
    step: 1,
    requestId: 'r-1',
    action: anAction(),
    observationHash: '',
    resultStatus: 'none',
    error: '',
    result: '',
    observedChange: '',
    createTimeMs: NOW_MS,
    ...overrides,
  };
}

export function anEpisode(overrides: Partial<Episode> = {}): Episode {
  return {
    ...newEpisode({ owner: '', sessionId: 's' }, NOW_MS),
    userRequest: 'make the title bold',
    ...overrides,
  };
}
