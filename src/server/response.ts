/** What the runtime answers, as the messages of proto/lam/v1. */
import type { ModelInfo, Prediction } from '../runtime/index.ts';
import type { Review } from './policy.ts';
import type { ModelMessage, PredictActionResponse } from './wire/messages.ts';

export function predictActionResponse(
  requestId: string,
  prediction: Prediction,
  review: Review,
): PredictActionResponse {
  const { action, confidence, usage, timing } = prediction;
  return {
    request_id: requestId,
    model: prediction.model,
    version: prediction.version,
    action: {
      thought: action.thought,
      observation: '',
      control_id: action.controlId,
      control_name: action.controlName,
      function: action.function,
      args: action.args,
      status: action.status,
      plan: action.plan,
      comment: '',
      result: '',
    },
    requires_confirmation: review.requiresConfirmation,
    grounded: prediction.grounded,
    warnings: review.warnings,
    confidence: {
      control: micro(confidence.control),
      function: micro(confidence.function),
      args: micro(confidence.args),
      status: micro(confidence.status),
    },
    usage: {
      prompt_tokens: usage.promptTokens,
      cached_tokens: usage.cachedTokens,
      generated_tokens: usage.generatedTokens,
      forced_tokens: usage.forcedTokens,
    },
    timing: {
      queue_ms: milli(timing.queueMs),
      render_ms: milli(timing.renderMs),
      prefill_ms: milli(timing.prefillMs),
      decode_ms: milli(timing.decodeMs),
      total_ms: milli(timing.totalMs),
    },
  };
}

export function modelMessage(info: ModelInfo): ModelMessage {
  return {
    name: info.name,
    version: info.version,
    role: info.role,
    dialect: info.dialect,
    context_length: info.contextLength,
    parameters: info.parameters,
    quantization: info.quantization,
    state: info.state,
    reason: info.reason,
  };
}

/** Rounded to the decimals that mean something: whole microseconds, and six places of a probability. */
function milli(ms: number): number {
  return Math.round(ms * 1e3) / 1e3;
}
function micro(probability: number): number {
  return Math.round(probability * 1e6) / 1e6;
}
