/** What the engine tells about its steps. Numbers only; whoever reads it knows which model it is. */
import type { ModelName, StepReport } from '../observer.ts';

/** What it counts, not what it measures at its end, is since the last report: a step that computes nothing has none. */
export type EngineReport = Omit<StepReport, keyof ModelName>;
