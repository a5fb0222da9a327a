/**
 * PredictActionStream: PredictAction, with its choice of control and function sent ahead, by the engine step that makes it. What the
 * policy says comes with the response, which may be about another action when the one that was chosen is denied.
 */
import type { Choice } from '../../runtime/index.ts';
import type { Call } from '../call.ts';
import type { PredictActionRequest, PredictActionUpdate } from '../wire/messages.ts';
import { predictWithChoice } from './predict-action.ts';

export async function* predictActionStream(
  message: PredictActionRequest,
  call: Call,
): AsyncGenerator<PredictActionUpdate> {
  let onChoice: (choice: Choice) => void = () => {};
  const chosen = new Promise<Choice>((resolve) => {
    onChoice = resolve;
  });
  const answer = predictWithChoice(message, call, onChoice);
  // It may fail while the choice is being sent, when nobody is waiting for it yet.
  answer.catch(() => {});
  const choice = await Promise.race([chosen, answer.then(() => undefined)]);
  if (choice !== undefined) {
    yield {
      choice: {
        request_id: call.scope.requestId,
        control_id: choice.controlId,
        control_name: choice.controlName,
        function: choice.function,
      },
    };
  }
  yield { response: await answer };
}
