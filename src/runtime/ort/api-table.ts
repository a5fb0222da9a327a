/**
 * Which function of ONNX Runtime's C API is where: its position in `struct OrtApi`, what it returns and what it takes.
 *
 * Generated from `include/onnxruntime/core/session/onnxruntime_c_api.h`: an index is the position of the member among the
 * members of `struct OrtApi`, counted from 0, comments and preprocessor lines left out. The struct only ever grows at its end
 * (ONNX Runtime asserts that: `ReleaseCustomOpDomain` is 101, `ReleaseAvailableProviders` 126, `SetGlobalSpinControl` 149), so
 * an index holds for every later version. NOTE: a wrong index or signature calls an arbitrary function with arbitrary
 * arguments; test/unit/runtime/ort/api-table.test.ts calls every one.
 */

/** Oldest API version that has everything: it tells where a session wants its inputs (`SessionGetMemoryInfoForInputs`). */
export const ORT_API_VERSION = 23;

/** `pointer`: an address or null. `path`: UTF-16 on Windows, UTF-8 elsewhere. */
export type ArgumentKind = 'pointer' | 'int' | 'size' | 'string' | 'path';

/** `status`: null on success, else an `OrtStatus *` that the caller releases (see status.ts). */
export type ResultKind = 'status' | 'void' | 'int' | 'string';

export type FunctionEntry = readonly [index: number, result: ResultKind, ...args: ArgumentKind[]];

export const ORT_FUNCTIONS = {
  GetErrorCode: [1, 'int', 'pointer'],
  GetErrorMessage: [2, 'string', 'pointer'],
  CreateEnv: [3, 'status', 'int', 'string', 'pointer'],
  DisableTelemetryEvents: [6, 'status', 'pointer'],
  CreateSession: [7, 'status', 'pointer', 'path', 'pointer', 'pointer'],
  CreateSessionFromArray: [8, 'status', 'pointer', 'pointer', 'size', 'pointer', 'pointer'],
  CreateSessionOptions: [10, 'status', 'pointer'],
  SetSessionGraphOptimizationLevel: [23, 'status', 'pointer', 'int'],
  SetIntraOpNumThreads: [24, 'status', 'pointer', 'int'],
  SetInterOpNumThreads: [25, 'status', 'pointer', 'int'],
  SessionGetInputCount: [30, 'status', 'pointer', 'pointer'],
  SessionGetOutputCount: [31, 'status', 'pointer', 'pointer'],
  SessionGetInputTypeInfo: [33, 'status', 'pointer', 'size', 'pointer'],
  SessionGetOutputTypeInfo: [34, 'status', 'pointer', 'size', 'pointer'],
  SessionGetInputName: [36, 'status', 'pointer', 'size', 'pointer', 'pointer'],
  SessionGetOutputName: [37, 'status', 'pointer', 'size', 'pointer', 'pointer'],
  CreateRunOptions: [39, 'status', 'pointer'],
  RunOptionsSetTerminate: [46, 'status', 'pointer'],
  RunOptionsUnsetTerminate: [47, 'status', 'pointer'],
  CreateTensorAsOrtValue: [48, 'status', 'pointer', 'pointer', 'size', 'int', 'pointer'],
  CreateTensorWithDataAsOrtValue: [49, 'status', 'pointer', 'pointer', 'size', 'pointer', 'size', 'int', 'pointer'],
  GetTensorMutableData: [51, 'status', 'pointer', 'pointer'],
  CastTypeInfoToTensorInfo: [55, 'status', 'pointer', 'pointer'],
  GetTensorElementType: [60, 'status', 'pointer', 'pointer'],
  GetDimensionsCount: [61, 'status', 'pointer', 'pointer'],
  GetDimensions: [62, 'status', 'pointer', 'pointer', 'size'],
  CreateCpuMemoryInfo: [69, 'status', 'int', 'int', 'pointer'],
  MemoryInfoGetName: [71, 'status', 'pointer', 'pointer'],
  AllocatorFree: [76, 'status', 'pointer', 'pointer'],
  GetAllocatorWithDefaultOptions: [78, 'status', 'pointer'],
  ReleaseEnv: [92, 'void', 'pointer'],
  ReleaseStatus: [93, 'void', 'pointer'],
  ReleaseMemoryInfo: [94, 'void', 'pointer'],
  ReleaseSession: [95, 'void', 'pointer'],
  ReleaseValue: [96, 'void', 'pointer'],
  ReleaseRunOptions: [97, 'void', 'pointer'],
  ReleaseTypeInfo: [98, 'void', 'pointer'],
  ReleaseSessionOptions: [100, 'void', 'pointer'],
  GetAvailableProviders: [125, 'status', 'pointer', 'pointer'],
  ReleaseAvailableProviders: [126, 'status', 'pointer', 'int'],
  AddSessionConfigEntry: [130, 'status', 'pointer', 'string', 'string'],
  CreateAllocator: [131, 'status', 'pointer', 'pointer', 'pointer'],
  ReleaseAllocator: [132, 'void', 'pointer'],
  RunWithBinding: [133, 'status', 'pointer', 'pointer', 'pointer'],
  CreateIoBinding: [134, 'status', 'pointer', 'pointer'],
  ReleaseIoBinding: [135, 'void', 'pointer'],
  BindInput: [136, 'status', 'pointer', 'string', 'pointer'],
  BindOutput: [137, 'status', 'pointer', 'string', 'pointer'],
  SessionOptionsAppendExecutionProvider_CUDA_V2: [204, 'status', 'pointer', 'pointer'],
  CreateCUDAProviderOptions: [205, 'status', 'pointer'],
  ReleaseCUDAProviderOptions: [208, 'void', 'pointer'],
  SessionOptionsAppendExecutionProvider: [216, 'status', 'pointer', 'string', 'pointer', 'pointer', 'size'],
  MemoryInfoGetDeviceType: [225, 'void', 'pointer', 'pointer'],
  SessionGetMemoryInfoForInputs: [380, 'status', 'pointer', 'pointer', 'size'],
} as const satisfies Readonly<Record<string, FunctionEntry>>;
