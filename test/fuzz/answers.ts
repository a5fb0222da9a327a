/** What must not be answered: anything but an action on a control of the request, or an error that blames the request. */
import { status } from '@grpc/grpc-js';
import { functionCatalog, STATUSES, type Status } from '../../src/runtime/index.ts';
import { decodeBinary } from '../../src/server/wire/binary.ts';
import { decodeJson, parseJson } from '../../src/server/wire/json.ts';
import type {
  PredictActionRequest,
  PredictActionResponse,
  ScoreActionsRequest,
} from '../../src/server/wire/messages.ts';
import { requestType } from '../../src/server/wire/schema.ts';
import type { ApiReply } from '../support/api-clients.ts';
import type { UnaryCase } from './cases.ts';

/** Errors that blame the request or the load. An empty code is a server's own, grpc-js or Node, which knows only the size limit. */
export const CLEAR_ERRORS: readonly string[] = [
  'invalid_request',
  'context_length',
  'model_not_found',
  'not_found',
  'failed_precondition',
  // Made-up request ids are few, so that some come again with another body.
  'conflict',
  'payload_too_large',
  'overloaded',
];
export const CLEAR_STATUSES: readonly number[] = [
  // An event of a stream over HTTP, whose status is spent.
  200,
  409,
  6,
  400,
  404,
  412,
  413,
  429,
  431,
  status.INVALID_ARGUMENT,
  status.NOT_FOUND,
  status.FAILED_PRECONDITION,
  status.RESOURCE_EXHAUSTED,
];

/** The request as the gateway must have understood it, since it answered. */
function seenByServer(fuzzCase: UnaryCase): object {
  const type = requestType(fuzzCase.rpc);
  switch (fuzzCase.type) {
    case 'request':
      return fuzzCase.request;
    case 'json':
      return decodeJson(type, parseJson(fuzzCase.body));
    case 'protobuf':
      return decodeBinary(type, fuzzCase.body);
  }
}

export function problemOf(reply: ApiReply, fuzzCase: UnaryCase): string | undefined {
  if (reply.ok) return answerProblem(reply.response, fuzzCase);
  if (!CLEAR_STATUSES.includes(reply.status)) return `status ${reply.status}`;
  if (reply.code !== '' && !CLEAR_ERRORS.includes(reply.code)) return `error ${reply.code}`;
  return reply.message === '' ? 'an error without a message' : undefined;
}

function answerProblem(response: Record<string, unknown>, fuzzCase: UnaryCase): string | undefined {
  const request = seenByServer(fuzzCase);
  switch (fuzzCase.rpc) {
    case 'PredictAction':
      return actionProblem(response as unknown as PredictActionResponse, request);
    case 'PredictActionStream':
      return actionProblem(response['response'] as PredictActionResponse, request);
    case 'PredictPlan':
      return Array.isArray(response['plan']) ? undefined : 'no plan';
    case 'ScoreActions': {
      const { actions } = request as ScoreActionsRequest;
      return (response['rewards'] as unknown[]).length === actions?.length ? undefined : 'not one reward per action';
    }
    case 'GetModel': {
      const { name, version } = request as Record<string, unknown>;
      return response['name'] === name && response['version'] === version ? undefined : 'another model';
    }
    case 'ListModels':
    case 'SetLabel':
      return Array.isArray(response['models']) ? undefined : 'no models';
    case 'ReportOutcome':
      return typeof response['step'] === 'object' ? undefined : 'no step';
    case 'GetEpisode':
    case 'EndEpisode':
      return Array.isArray(response['steps']) ? undefined : 'no steps';
    case 'RollbackEpisode':
      return Array.isArray(response['undo']) ? undefined : 'no list of what to undo';
  }
}

export function actionProblem(
  { action, grounded }: PredictActionResponse,
  request: PredictActionRequest,
): string | undefined {
  const controls = request.controls ?? [];
  const allowed = request.allowed_functions ?? [];
  const control = controls.find(({ id }) => id === action.control_id);
  if (action.control_id !== '' && control === undefined) return 'a control that is not in the request';
  if ((control?.name ?? '') !== action.control_name) return 'a name that is not the control’s';
  if (control?.enabled === false) return 'a control that is disabled';
  if (!grounded) return 'an answer that is not grounded';
  if (action.function !== '' && !functionCatalog.has(action.function)) return 'a function that is not in the catalog';
  if (action.function !== '' && allowed.length > 0 && !allowed.includes(action.function))
    return 'a function not allowed';
  return STATUSES.includes(action.status as Status) ? undefined : 'a status that does not exist';
}
