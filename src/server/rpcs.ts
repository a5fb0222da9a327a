/** Every rpc that is served. Both protocol servers are made from this table. */
import { defineRpc, type HttpRoute, type Rpc } from './rpc.ts';
import { endEpisode, getEpisode, reportOutcome, rollbackEpisode } from './use-cases/episodes.ts';
import { getModel, listModels, loadModel, setLabel, unloadModel } from './use-cases/models.ts';
import { predictAction } from './use-cases/predict-action.ts';
import { predictActionStream } from './use-cases/predict-action-stream.ts';
import { predictPlan } from './use-cases/predict-plan.ts';
import { scoreActions } from './use-cases/score-actions.ts';
import { streamActions } from './use-cases/stream-actions.ts';

const get = (path: string): HttpRoute => ({ method: 'GET', path });
const post = (path: string): HttpRoute => ({ method: 'POST', path });

export const rpcs: readonly Rpc[] = [
  defineRpc({
    service: 'ActionService',
    name: 'PredictAction',
    kind: 'unary',
    http: post('/v1/actions:predict'),
    permission: 'predict',
    admission: 'permit',
    handle: predictAction,
  }),
  defineRpc({
    service: 'ActionService',
    name: 'PredictActionStream',
    kind: 'server_stream',
    http: post('/v1/actions:predictStream'),
    permission: 'predict',
    admission: 'permit',
    handle: predictActionStream,
  }),
  defineRpc({
    service: 'ActionService',
    name: 'PredictPlan',
    kind: 'unary',
    http: post('/v1/plans:predict'),
    permission: 'predict',
    admission: 'permit',
    handle: predictPlan,
  }),
  defineRpc({
    service: 'ActionService',
    name: 'ScoreActions',
    kind: 'unary',
    http: post('/v1/actions:score'),
    permission: 'predict',
    admission: 'permit',
    handle: scoreActions,
  }),
  defineRpc({
    service: 'ActionService',
    name: 'StreamActions',
    kind: 'bidi_stream',
    permission: 'predict',
    admission: 'ready',
    handle: streamActions,
  }),
  defineRpc({
    service: 'EpisodeService',
    name: 'ReportOutcome',
    kind: 'unary',
    http: post('/v1/episodes/{session_id}:reportOutcome'),
    permission: 'predict',
    admission: 'ready',
    handle: reportOutcome,
  }),
  defineRpc({
    service: 'EpisodeService',
    name: 'GetEpisode',
    kind: 'unary',
    http: get('/v1/episodes/{session_id}'),
    permission: 'predict',
    admission: 'always',
    handle: getEpisode,
  }),
  defineRpc({
    service: 'EpisodeService',
    name: 'EndEpisode',
    kind: 'unary',
    http: post('/v1/episodes/{session_id}:end'),
    permission: 'predict',
    admission: 'ready',
    handle: endEpisode,
  }),
  defineRpc({
    service: 'EpisodeService',
    name: 'RollbackEpisode',
    kind: 'unary',
    http: post('/v1/episodes/{session_id}:rollback'),
    permission: 'predict',
    admission: 'ready',
    handle: rollbackEpisode,
  }),
  defineRpc({
    service: 'ModelService',
    name: 'ListModels',
    kind: 'unary',
    http: get('/v1/models'),
    permission: 'predict',
    admission: 'always',
    handle: listModels,
  }),
  defineRpc({
    service: 'ModelService',
    name: 'GetModel',
    kind: 'unary',
    http: get('/v1/models/{name}/versions/{version}'),
    permission: 'predict',
    admission: 'always',
    handle: getModel,
  }),
  defineRpc({
    service: 'ModelService',
    name: 'LoadModel',
    kind: 'unary',
    http: post('/v1/models:load'),
    permission: 'operate',
    admission: 'ready',
    handle: loadModel,
  }),
  defineRpc({
    service: 'ModelService',
    name: 'UnloadModel',
    kind: 'unary',
    http: post('/v1/models:unload'),
    permission: 'operate',
    admission: 'ready',
    handle: unloadModel,
  }),
  defineRpc({
    service: 'ModelService',
    name: 'SetLabel',
    kind: 'unary',
    http: post('/v1/models:setLabel'),
    permission: 'operate',
    admission: 'ready',
    handle: setLabel,
  }),
];
