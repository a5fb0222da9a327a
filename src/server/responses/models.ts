/** What is loaded, as messages. */
import type { ModelInfo } from '../../runtime/index.ts';
import type { ModelMessage } from '../wire/model-messages.ts';

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
    labels: info.labels.map(({ label, share }) => ({ label, share })),
  };
}
