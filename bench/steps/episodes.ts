/** Episodes of the test split whose windows have about a wanted number of controls, in the order of their seeds. */
import { makeEpisode } from '../desktop/episodes.ts';
import { rollOut, type Step } from '../desktop/rollout.ts';

/** Sizes that steps are measured at: a plain window, and the mean of what UFO sees. */
export const SIZES = [60, 165] as const;
export type Size = (typeof SIZES)[number];

/** All windows of an episode have this many controls, both ends included. */
const RANGES: Readonly<Record<Size, readonly [number, number]>> = { 60: [50, 70], 165: [150, 180] };
/** No episode without a later step; long ones would weigh too much. */
const MIN_STEPS = 2;
const MAX_STEPS = 6;

export type SizedEpisode = {
  readonly size: Size;
  readonly seed: number;
  readonly request: string;
  /** As the expert plays it, so that every engine sees the same states whatever it answers. */
  readonly steps: readonly Step[];
};

/** The expert's episode of a seed, if it is of one of the sizes. */
export function sizedEpisode(seed: number): SizedEpisode | undefined {
  const episode = makeEpisode('test', seed);
  const first = sizeOf(episode.desktop.observe().controls.length);
  if (first === undefined) return undefined;
  const steps = rollOut(episode);
  if (steps.length < MIN_STEPS || steps.length > MAX_STEPS) return undefined;
  if (steps.some(({ observation }) => sizeOf(observation.controls.length) !== first)) return undefined;
  return { size: first, seed, request: episode.request, steps };
}

function sizeOf(numControls: number): Size | undefined {
  return SIZES.find((size) => numControls >= RANGES[size][0] && numControls <= RANGES[size][1]);
}
