/** Counts and durations as messages, rounded to the decimals that mean something. */
import type { Timing, Usage } from '../../runtime/index.ts';
import type { TimingMessage, UsageMessage } from '../wire/messages.ts';

export function usageMessage(usage: Usage): UsageMessage {
  return {
    prompt_tokens: usage.promptTokens,
    cached_tokens: usage.cachedTokens,
    generated_tokens: usage.generatedTokens,
    forced_tokens: usage.forcedTokens,
  };
}

/** Parts that a method does not have are 0. */
export function timingMessage(timing: Partial<Timing>): TimingMessage {
  return {
    queue_ms: milli(timing.queueMs ?? 0),
    render_ms: milli(timing.renderMs ?? 0),
    prefill_ms: milli(timing.prefillMs ?? 0),
    decode_ms: milli(timing.decodeMs ?? 0),
    total_ms: milli(timing.totalMs ?? 0),
  };
}

/** Six places of a probability or a reward. */
export function micro(number: number): number {
  return Math.round(number * 1e6) / 1e6;
}

/** Whole microseconds. */
function milli(ms: number): number {
  return Math.round(ms * 1e3) / 1e3;
}
