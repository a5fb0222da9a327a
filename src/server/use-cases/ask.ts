/** How a use case asks a model: within the call's deadline, and on record. */
import { monotonicMs, type RequestOptions } from '../../runtime/index.ts';
import type { Call, Work } from '../call.ts';

type Answer = Work & { readonly model: string; readonly version: string };

/** Notes for metrics and logs which model was asked, also if it never answers, and what it took. */
export async function ask<T extends Answer>(
  call: Call,
  { model, priority = 0 }: Pick<RequestOptions, 'model' | 'priority'>,
  run: (limits: Pick<RequestOptions, 'deadlineMs' | 'signal' | 'onRoute'>) => Promise<T>,
): Promise<T> {
  const { deadlineMs, signal } = call.scope;
  call.checkPriority(priority);
  call.report.model = model;
  call.report.askedMs = monotonicMs();
  const onRoute: RequestOptions['onRoute'] = ({ name, version }) => {
    call.report.model = name;
    call.report.version = version;
  };
  const answer = await run({ deadlineMs, signal, onRoute });
  call.report.work = answer;
  return answer;
}
