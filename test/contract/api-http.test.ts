import { HttpApiClient } from '../support/api-clients.ts';
import { apiContract } from './api.ts';

apiContract({
  name: 'HTTP',
  connect: (gateway) => new HttpApiClient(gateway),
  status: {
    invalid_request: 400,
    context_length: 400,
    unauthenticated: 401,
    permission_denied: 403,
    model_not_found: 404,
    not_found: 404,
    conflict: 409,
    failed_precondition: 412,
    payload_too_large: 413,
    rate_limited: 429,
    overloaded: 429,
    cancelled: 499,
    internal: 500,
    backend_failed: 500,
    unimplemented: 501,
    unavailable: 503,
    deadline_exceeded: 504,
  },
});
