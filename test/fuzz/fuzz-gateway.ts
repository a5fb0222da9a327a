/** A gateway with a fake model that keeps to what a real one cannot break: it picks no control that is disabled. */
import { fakePrediction } from '../support/fake-runtime.ts';
import { type TestGateway, testGateway } from '../support/test-gateway.ts';

export async function fuzzGateway(): Promise<TestGateway> {
  const gateway = await testGateway({ config: { slots: 8, queueRequests: 64 } });
  gateway.runtime.handler = (state, options) => {
    const controls = state.controls.filter(({ enabled }) => enabled !== false);
    return fakePrediction({ ...state, controls }, options);
  };
  return gateway;
}
