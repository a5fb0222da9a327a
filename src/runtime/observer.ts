/** What the runtime tells about its work. The server turns it into metrics; the runtime knows nothing of them. */

/** One engine step, reported after it ran. */
export type StepReport = {
  readonly model: string;
  readonly version: string;
  /** Sequences decoded together in this step's batch, one token each. */
  readonly decodeRows: number;
  /** Tokens computed as chunks: prompts being prefilled and forced answer tokens. */
  readonly chunkTokens: number;
  readonly durationMs: number;
  /** Gauges, as of the end of the step. */
  readonly slotsInUse: number;
  readonly slotsTotal: number;
  readonly waitingRequests: number;
  readonly waitingTokens: number;
};

export interface RuntimeObserver {
  onStep(report: StepReport): void;
}
