/** Measures the sections of the report, each model by itself, through gateways that are started for it. */
import { hasReward, modelOf, phasesIn } from './folders.ts';
import { ALLOW_ALL, type Extent, openBench } from './measured-gateway.ts';
import { type ByPhase, GUARDED, type Phase, REWARD_MODEL, REWARDED, type Results, type Section } from './results.ts';
import { BEST_OF, fullPrecision, online, plans, reward, safety, steps } from './sections.ts';

export type MeasureOptions = Extent & {
  readonly modelsDir: string;
  /** A models directory with float32 weights; null: that section is left out. */
  readonly fullPrecisionDir: string | null;
  readonly sections: readonly Section[];
  readonly phases: readonly Phase[];
};

/** The sections asked for, as far as there are models for them, on top of `before`. `keep` gets each as soon as it is there. */
export async function measure(
  options: MeasureOptions,
  before: Results,
  keep: (results: Results) => void,
): Promise<Results> {
  let results = before;
  const put = (section: keyof Results, phase: Phase, measured: unknown): void => {
    results = { ...results, [section]: { ...(results[section] as ByPhase<unknown>), [phase]: measured } };
    keep(results);
  };
  const wants = (section: Section): boolean => options.sections.includes(section);
  const phases = phasesIn(options.modelsDir).filter((phase) => options.phases.includes(phase));
  const acting = phases.filter((phase): phase is Exclude<Phase, '1'> => phase !== '1');
  const isRewarded = hasReward(options.modelsDir);
  if (['plans', 'steps', 'online', 'best-of-4', 'reward'].some((section) => wants(section as Section))) {
    await using bench = await openBench(options, options.modelsDir, ['--policy-file', ALLOW_ALL]);
    for (const phase of phases) {
      if (wants('plans') && phase === '1')
        put('plans', phase, await bench.timed([modelOf(phase)], () => plans(bench, phase)));
      if (wants('steps')) put('steps', phase, await bench.timed([modelOf(phase)], () => steps(bench, phase)));
      if (wants('online')) put('online', phase, await bench.timed([modelOf(phase)], () => online(bench, phase)));
      if (wants('best-of-4') && phase !== '1' && isRewarded) {
        put('best_of_4', phase, await bench.timed([modelOf(phase), REWARD_MODEL], () => online(bench, phase, BEST_OF)));
      }
    }
    const scored = REWARDED.find((phase) => acting.includes(phase));
    if (wants('reward') && isRewarded && scored !== undefined) {
      put('reward', scored, await bench.timed([modelOf(scored), REWARD_MODEL], () => reward(bench, scored)));
    }
  }
  const guarded = GUARDED.find((phase) => acting.includes(phase));
  if (wants('safety') && guarded !== undefined) {
    await using bench = await openBench(options, options.modelsDir, []);
    put('safety', guarded, await bench.timed([modelOf(guarded)], () => safety(bench, guarded)));
  }
  if (wants('full-precision') && options.fullPrecisionDir !== null) {
    await using bench = await openBench(options, options.fullPrecisionDir, ['--policy-file', ALLOW_ALL]);
    const exact = phasesIn(options.fullPrecisionDir).filter((phase) => phases.includes(phase));
    for (const phase of exact) {
      put('full_precision', phase, await bench.timed([modelOf(phase)], () => fullPrecision(bench, phase)));
    }
  }
  return results;
}
