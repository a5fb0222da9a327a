/** Where clients find each rpc: written down by hand, so that a change of the server's table is noticed. */

export const ROUTES = {
  PredictAction: 'POST /v1/actions:predict',
  PredictActionStream: 'POST /v1/actions:predictStream',
  PredictPlan: 'POST /v1/plans:predict',
  ScoreActions: 'POST /v1/actions:score',
  ReportOutcome: 'POST /v1/episodes/{session_id}:reportOutcome',
  GetEpisode: 'GET /v1/episodes/{session_id}',
  EndEpisode: 'POST /v1/episodes/{session_id}:end',
  RollbackEpisode: 'POST /v1/episodes/{session_id}:rollback',
  ListModels: 'GET /v1/models',
  GetModel: 'GET /v1/models/{name}/versions/{version}',
  LoadModel: 'POST /v1/models:load',
  UnloadModel: 'POST /v1/models:unload',
  SetLabel: 'POST /v1/models:setLabel',
} as const;

export type RpcName = keyof typeof ROUTES;

export const SERVICES: Readonly<Record<RpcName | 'StreamActions', string>> = {
  PredictAction: 'lam.v1.ActionService/PredictAction',
  PredictActionStream: 'lam.v1.ActionService/PredictActionStream',
  PredictPlan: 'lam.v1.ActionService/PredictPlan',
  ScoreActions: 'lam.v1.ActionService/ScoreActions',
  StreamActions: 'lam.v1.ActionService/StreamActions',
  ReportOutcome: 'lam.v1.EpisodeService/ReportOutcome',
  GetEpisode: 'lam.v1.EpisodeService/GetEpisode',
  EndEpisode: 'lam.v1.EpisodeService/EndEpisode',
  RollbackEpisode: 'lam.v1.EpisodeService/RollbackEpisode',
  ListModels: 'lam.v1.ModelService/ListModels',
  GetModel: 'lam.v1.ModelService/GetModel',
  LoadModel: 'lam.v1.ModelService/LoadModel',
  UnloadModel: 'lam.v1.ModelService/UnloadModel',
  SetLabel: 'lam.v1.ModelService/SetLabel',
};
