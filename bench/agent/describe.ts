/** Actions in a line of text, for people. */
import type { PredictResponse } from './gateway-client.ts';

/** For example `click_input "Bold" FINISH`. */
export function describeAction(action: PredictResponse['action']): string {
  const target = action.control_id === '' ? '' : ` "${action.control_name}"`;
  const args = Object.entries(action.args).map(([key, value]) => ` ${key}=${JSON.stringify(value)}`);
  const call = action.function === '' ? 'nothing to execute' : `${action.function}${target}${args.join('')}`;
  return `${call}  ${action.status}`;
}
