/** POST /v1/actions:predict */
import { GatewayError, invalid } from '../../runtime/index.ts';
import { RequestScope } from '../request-scope.ts';
import type { ServerContext } from '../server-context.ts';
import { decodeJson, parseJson } from '../wire/json.ts';
import type { PredictActionRequest } from '../wire/messages.ts';
import { predictActionRequest } from '../wire/schema.ts';
import { readBody } from './body.ts';
import { errorResponse, httpErrorResponse, JSON_TYPE } from './errors.ts';

/** The client's deadline in milliseconds from now. */
const TIMEOUT_HEADER = 'x-request-timeout-ms';
/** A day and more is no deadline; longer digit strings are a mistake. */
const TIMEOUT_FORMAT = /^[1-9]\d{0,8}$/;

export async function predictAction(request: Request, context: ServerContext): Promise<Response> {
  const problem = mediaTypeProblem(request.headers);
  if (problem !== undefined) return httpErrorResponse(415, { code: 'unsupported_media_type', message: problem });

  const timeout = request.headers.get(TIMEOUT_HEADER);
  using scope = new RequestScope({
    timeoutMs: timeout !== null && TIMEOUT_FORMAT.test(timeout) ? Number(timeout) : undefined,
    deadlines: context.limits,
    shutdownSignal: context.lifecycle.shutdownSignal,
  });
  request.signal.addEventListener('abort', scope.cancel);
  if (request.signal.aborted) scope.cancel();
  const read = async () => {
    if (timeout !== null && !TIMEOUT_FORMAT.test(timeout)) {
      throw invalid(TIMEOUT_HEADER, 'expected a positive number of milliseconds');
    }
    return readMessage(request, context.limits.maxBodyBytes);
  };
  try {
    const response = await context.actions.predictAction(read, scope);
    return new Response(JSON.stringify(response), { headers: { 'content-type': JSON_TYPE } });
  } catch (error) {
    return errorResponse(GatewayError.from(error), scope.requestId);
  }
}

async function readMessage(request: Request, maxBodyBytes: number): Promise<PredictActionRequest> {
  return decodeJson(predictActionRequest, parseJson(await readBody(request, maxBodyBytes)));
}

/** Bodies are JSON in UTF-8, not compressed. */
function mediaTypeProblem(headers: Headers): string | undefined {
  const [type = '', ...parameters] = (headers.get('content-type') ?? '').toLowerCase().split(';');
  if (type.trim() !== 'application/json') return 'content-type: expected application/json';
  const charset = parameters.map((parameter) => parameter.trim()).find((parameter) => parameter.startsWith('charset='));
  if (charset !== undefined && !/^charset="?utf-?8"?$/.test(charset)) return 'content-type: expected charset=utf-8';
  const encoding = headers.get('content-encoding');
  return encoding === null || encoding === 'identity' ? undefined : 'content-encoding: expected an uncompressed body';
}
