/** What agents would send: the steps of test episodes as the expert plays them, windows of all sizes as they come. */

import { makeEpisode } from '../desktop/episodes.ts';
import { stateOf } from '../desktop/example.ts';
import { rollOut } from '../desktop/rollout.ts';

/** Requests without a session, in the order of the episodes. Enough of them that no prompt comes back soon. */
export function testRequests(numEpisodes: number): object[] {
  return Array.from({ length: numEpisodes }, (_, i) => {
    const episode = makeEpisode('test', i + 1);
    return rollOut(episode).map((step) => {
      const state = stateOf(episode.request, step);
      return {
        user_request: state.userRequest,
        app: { process_name: state.app.processName, window_title: state.app.windowTitle },
        controls: state.controls,
        previous_actions: state.previousActions.map((action, index) => ({
          step: index + 1,
          function: action.function,
          args: toStruct(action.args),
          control_name: action.controlName,
          result_status: action.resultStatus,
          error: action.error,
        })),
      };
    });
  }).flat();
}

function toStruct(args: Readonly<Record<string, string | number | boolean>>): object {
  const fields = Object.entries(args).map(([key, value]) => {
    if (typeof value === 'number') return [key, { numberValue: value }];
    if (typeof value === 'boolean') return [key, { boolValue: value }];
    return [key, { stringValue: value }];
  });
  return { fields: Object.fromEntries(fields) };
}
