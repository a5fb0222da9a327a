/** What is asked of a gateway besides the state: which model, how many candidates. */
import type { ActionClient, GatewayClient, PredictRequest } from '../agent/gateway-client.ts';

/** Of the plans that a gateway makes. */
export type PlanClient = Pick<GatewayClient, 'predictPlan'>;

export type Question = {
  /** `name:version`; absent: the gateway's default. */
  readonly model?: string;
  readonly options?: PredictRequest['options'];
};

/** A client whose requests all ask for the same. */
export function asking(client: ActionClient, { model, options }: Question): ActionClient {
  const question = { ...(model !== undefined && { model }), ...(options && { options }) };
  return { predictAction: (request) => client.predictAction({ ...request, ...question }) };
}

/** `work` for 0 to `count` - 1, so many at a time; the results in their order. */
export async function inParallel<T>(count: number, atOnce: number, work: (i: number) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let i = next++; i < count; i = next++) results[i] = await work(i);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return results;
}
