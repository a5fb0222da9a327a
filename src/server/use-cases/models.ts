/** ListModels, GetModel, and what operators change: LoadModel, UnloadModel, SetLabel. */
import { GatewayError, type ModelInfo } from '../../runtime/index.ts';
import type { Call } from '../call.ts';
import { readModelLabel, readModelVersion } from '../requests/models.ts';
import { modelMessage } from '../responses/models.ts';
import type {
  ListModelsRequest,
  ListModelsResponse,
  ModelMessage,
  ModelVersionRequest,
  SetLabelRequest,
  SetLabelResponse,
  UnloadModelResponse,
} from '../wire/model-messages.ts';

/** Empty while the gateway is starting. */
export function listModels(_message: ListModelsRequest, call: Call): ListModelsResponse {
  return { models: loaded(call).map(modelMessage) };
}

export function getModel(message: ModelVersionRequest, call: Call): ModelMessage {
  const { name, version } = readModelVersion(message);
  report(call, name, version);
  const named = loaded(call).filter((model) => model.name === name);
  const found = named.find((model) => model.version === version);
  if (found !== undefined) return modelMessage(found);
  const field = named.length === 0 ? 'name' : 'version';
  throw new GatewayError('model_not_found', `${field}: ${name}:${version} is not loaded`, { field });
}

export async function loadModel(message: ModelVersionRequest, call: Call): Promise<ModelMessage> {
  const { name, version } = readModelVersion(message);
  report(call, name, version);
  return modelMessage(await call.runtime.loadModel(name, version));
}

export async function unloadModel(message: ModelVersionRequest, call: Call): Promise<UnloadModelResponse> {
  const { name, version } = readModelVersion(message);
  report(call, name, version);
  await call.runtime.unloadModel(name, version);
  return {};
}

export async function setLabel(message: SetLabelRequest, call: Call): Promise<SetLabelResponse> {
  const label = readModelLabel(message);
  report(call, label.name, label.version);
  call.report.label = { label: label.label, share: label.share };
  await call.runtime.setLabel(label);
  return {
    models: loaded(call)
      .filter(({ name }) => name === label.name)
      .map(modelMessage),
  };
}

function loaded(call: Call): readonly ModelInfo[] {
  return call.services.lifecycle.runtime?.models() ?? [];
}

function report(call: Call, name: string, version: string): void {
  call.report.model = name;
  call.report.version = version;
}
