/** Every method of the gateway: where it is found over either protocol, and whether it may be repeated. */

/**
 * - repeatable: a second delivery changes nothing that the first did not. Reads are; what asks a model is, because a
 *   repeat carries the request id of the first; reports and ends of episodes are, because the second replaces the first.
 * - once: delivered at most once. After a lost answer nobody knows whether a model was loaded or a stream's message
 *   was acted on, so the caller has to look.
 */
export type Safety = 'repeatable' | 'once';

export type Method = {
  readonly name: string;
  /** In package lam.v1. */
  readonly service: 'ActionService' | 'EpisodeService' | 'ModelService';
  readonly kind: 'unary' | 'server_stream' | 'bidi_stream';
  /** Segments in braces are fields of the request. Undefined: gRPC only. */
  readonly http?: { readonly method: 'GET' | 'POST'; readonly path: string };
  readonly safety: Safety;
  /** The request has a `request_id`, and one is made for requests without. */
  readonly hasRequestId: boolean;
  /** Changes one gateway, not what all of them share: for a client with one endpoint only. */
  readonly isForOne: boolean;
};

type Traits = Partial<Pick<Method, 'kind' | 'safety' | 'hasRequestId' | 'isForOne'>>;
type Name = readonly [service: Method['service'], name: string];

function method([service, name]: Name, route: string, traits: Traits = {}): Method {
  const [verb, path] = route.split(' ');
  return {
    service,
    name,
    kind: 'unary',
    safety: 'repeatable',
    hasRequestId: true,
    isForOne: false,
    ...(path !== undefined && { http: { method: verb === 'GET' ? 'GET' : 'POST', path } }),
    ...traits,
  };
}

const READ: Traits = { hasRequestId: false };
const OPERATE: Traits = { hasRequestId: false, safety: 'once', isForOne: true };

export const METHODS = {
  predictAction: method(['ActionService', 'PredictAction'], 'POST /v1/actions:predict'),
  predictActionStream: method(['ActionService', 'PredictActionStream'], 'POST /v1/actions:predictStream', {
    kind: 'server_stream',
  }),
  predictPlan: method(['ActionService', 'PredictPlan'], 'POST /v1/plans:predict'),
  scoreActions: method(['ActionService', 'ScoreActions'], 'POST /v1/actions:score'),
  streamActions: method(['ActionService', 'StreamActions'], '', {
    kind: 'bidi_stream',
    safety: 'once',
    hasRequestId: false,
  }),
  reportOutcome: method(['EpisodeService', 'ReportOutcome'], 'POST /v1/episodes/{session_id}:reportOutcome'),
  getEpisode: method(['EpisodeService', 'GetEpisode'], 'GET /v1/episodes/{session_id}', READ),
  endEpisode: method(['EpisodeService', 'EndEpisode'], 'POST /v1/episodes/{session_id}:end'),
  rollbackEpisode: method(['EpisodeService', 'RollbackEpisode'], 'POST /v1/episodes/{session_id}:rollback'),
  listModels: method(['ModelService', 'ListModels'], 'GET /v1/models', READ),
  getModel: method(['ModelService', 'GetModel'], 'GET /v1/models/{name}/versions/{version}', READ),
  loadModel: method(['ModelService', 'LoadModel'], 'POST /v1/models:load', OPERATE),
  unloadModel: method(['ModelService', 'UnloadModel'], 'POST /v1/models:unload', OPERATE),
  setLabel: method(['ModelService', 'SetLabel'], 'POST /v1/models:setLabel', OPERATE),
} as const satisfies Readonly<Record<string, Method>>;
