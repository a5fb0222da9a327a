/** States that do not fit the model's context: the gateway refuses them, and an evaluation goes on. */
import type { ServiceError } from '@grpc/grpc-js';

const CONTEXT_LENGTH = 'context_length';

/** What `answer` resolves to; null if the gateway refused the state as too long. Other errors pass on. */
export async function unlessTooLong<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (isTooLong(error)) return null;
    throw error;
  }
}

function isTooLong(error: unknown): boolean {
  const { metadata } = error as Partial<ServiceError>;
  return metadata?.get('lam-error-code').includes(CONTEXT_LENGTH) === true;
}
