/** Gets a thread a ledger for its native handles, and releases what is in it once the thread has ended. */
import type { SharedLedger } from '../ort/handle-ledger.ts';

export type NativeLedger = {
  readonly ledger: SharedLedger;
  /** Only when the thread has ended. */
  readonly reclaim: () => void;
};

/** `libraryPath`: of ONNX Runtime, as the thread has it; default: the packaged one. Throws if there is no such library. */
export async function createNativeLedger(libraryPath: string | undefined): Promise<NativeLedger> {
  const [{ createSharedLedger, releaseRecorded }, { loadOrtLibrary }] = await Promise.all([
    import('../ort/handle-ledger.ts'),
    import('../ort/library.ts'),
  ]);
  // NOTE: held by this thread as well, so that a thread which ends cannot unload the code that its session's own threads run.
  loadOrtLibrary(libraryPath);
  const ledger = createSharedLedger();
  return { ledger, reclaim: () => void releaseRecorded(ledger, libraryPath) };
}
