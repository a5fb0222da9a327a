/** The runtime's only surface: what src/server, benchmarks and tools import. */
export { monotonicMs } from './clock.ts';
export { type ErrorCode, type ErrorDetails, GatewayError, InvariantError, invalid, invariant } from './errors.ts';
export { defaultFunctions, type FunctionSpec, functionCatalog } from './functions/catalog.ts';
export { readModelSizes } from './models/genai-folder.ts';
export { type FolderReport, inspectModelFolders } from './models/inspect-folders.ts';
export { type MemoryPlan, type ModelSizes, type PlanOptions, planMemory } from './models/memory-plan.ts';
export type { ModelStateReport, RestartReport, RewardReport, RuntimeObserver, StepReport } from './observer.ts';
export { openRuntime, type RuntimeOptions } from './open-runtime.ts';
export type {
  Candidate,
  Choice,
  MemoryBudget,
  ModelInfo,
  ModelLabel,
  ModelMemory,
  PlanPrediction,
  PlanTask,
  Prediction,
  PredictOptions,
  RequestOptions,
  Reward,
  RoutedVersion,
  Runtime,
  RuntimeStats,
  Scores,
} from './runtime.ts';
export { ThroughputMeter } from './scheduler/throughput.ts';
export {
  type Action,
  type Args,
  type Confidence,
  type Control,
  NO_ACTION,
  type PreviousAction,
  type ResultStatus,
  STATUSES,
  type State,
  type Status,
  type Timing,
  type Usage,
} from './types.ts';
export { abandonedThreads } from './worker/abandoned-threads.ts';
export { checkExecutionProvider } from './worker/check-provider.ts';
