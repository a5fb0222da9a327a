/** The runtime's only surface: what src/server, benchmarks and tools import. */
export { monotonicMs } from './clock.ts';
export { type ErrorCode, type ErrorDetails, GatewayError, InvariantError, invalid, invariant } from './errors.ts';
export { defaultFunctions, type FunctionSpec, functionCatalog } from './functions/catalog.ts';
export type { RuntimeObserver, StepReport } from './observer.ts';
export { openRuntime, type RuntimeOptions } from './open-runtime.ts';
export type { ModelInfo, Prediction, PredictOptions, Runtime, RuntimeStats } from './runtime.ts';
export {
  type Action,
  type Args,
  type Confidence,
  type Control,
  type PreviousAction,
  type ResultStatus,
  STATUSES,
  type State,
  type Status,
  type Timing,
  type Usage,
} from './types.ts';
