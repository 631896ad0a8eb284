import { isWindowAddress } from '../security/addresses.ts';

interface Sender {
  /** Null when the frame is gone by now. */
  readonly frame: { readonly url: string; readonly isMain: boolean } | null;
  /** True for the contents of a window that we made. */
  readonly isOurs: boolean;
}

/**
 * Decides which frame may call: the main frame of a window of ours, showing our own page. There is no exemption for
 * `about:blank` or an empty address: a page on its way somewhere has nothing to say yet.
 */
export function mayCall({ frame, isOurs }: Sender): boolean {
  return isOurs && frame?.isMain === true && isWindowAddress(frame.url);
}
