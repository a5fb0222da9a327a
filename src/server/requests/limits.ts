/** How long and how many: bounds on what a request may hold. Lengths are in UTF-16 units. */

/** What an operator may set. */
export type RequestLimits = {
  /** Most controls in one state. */
  readonly maxControls: number;
};

/** Wide of what agents send, and low enough that one request cannot hold the event loop. */
export const MAX_ID = 128;
export const MAX_NAME = 2048;
export const MAX_REQUEST = 4096;
export const MAX_RESULT = 8192;
export const MAX_FUNCTION = 64;
export const MAX_LABEL = 64;
export const MAX_PLAN_LINES = 64;
export const MAX_PREVIOUS_ACTIONS = 256;
export const MAX_ARGS = 16;
export const MAX_TEXT_BYTES = 1024;
export const DEFAULT_TEXT_BYTES = 64;
export const MAX_TEMPERATURE = 2;
export const MAX_CANDIDATES = 16;
export const MAX_PRIORITY = 9;
export const MAX_SCORED_ACTIONS = 64;
