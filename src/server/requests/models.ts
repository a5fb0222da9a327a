/** Reads what operators ask for. */
import { invalid, type ModelLabel } from '../../runtime/index.ts';
import type { ModelVersionRequest, SetLabelRequest } from '../wire/model-messages.ts';
import { readName, readNumber, readRequiredName } from './fields.ts';
import { MAX_ID, MAX_LABEL } from './limits.ts';

export type ModelVersion = { readonly name: string; readonly version: string };

export function readModelVersion(message: ModelVersionRequest): ModelVersion {
  return {
    name: readRequiredName('name', message.name, MAX_ID),
    version: readRequiredName('version', message.version, MAX_ID),
  };
}

export function readModelLabel(message: SetLabelRequest): ModelLabel {
  const label = readRequiredName('label', message.label, MAX_LABEL);
  // Requests write `name:label`.
  if (label.includes(':')) throw invalid('label', 'a colon is not allowed');
  return {
    name: readRequiredName('name', message.name, MAX_ID),
    label,
    version: readName('version', message.version, MAX_ID),
    share: readNumber('share', message.share, 1),
  };
}
