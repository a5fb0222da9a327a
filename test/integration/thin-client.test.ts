import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GatewayClient } from '../../bench/agent/gateway-client.ts';
import { startGateway } from '../../bench/agent/running-gateway.ts';
import { SERVER_CLOCK } from '../../bench/steps/inside-trailer.ts';
import { ThinClient } from '../../bench/steps/thin-client.ts';

const REQUEST = {
  session_id: '',
  user_request: "make 'Quarterly report' bold",
  app: { process_name: 'WINWORD.EXE', window_title: 'Document1 - Word' },
  controls: [
    { id: '2', name: 'Bold', type: 'Button' },
    { id: '4', name: 'Body', type: 'Document' },
  ],
  previous_actions: [],
};
const SELECTED = {
  step: 1,
  function: 'select_text',
  args: { text: 'Quarterly report' },
  control_name: 'Body',
  result_status: 'success',
};

test('the bare client gets the answers that a gRPC library gets, and says when there is none', async () => {
  await using gateway = await startGateway([], ['--import', SERVER_CLOCK]);
  using thin = new ThinClient(gateway.grpc);
  using library = new GatewayClient(gateway.grpc);
  for (const request of [REQUEST, { ...REQUEST, previous_actions: [SELECTED] }]) {
    const { answer, latencyMs, insideMs } = await thin.predictAction(request);
    assert.deepEqual(answer.action, (await library.predictAction(request)).action);
    assert.ok(latencyMs > insideMs && insideMs > answer.timing.total_ms);
  }
  await assert.rejects(thin.predictAction({ ...REQUEST, user_request: '' }), /gRPC status 3 .*user_request/);
});
