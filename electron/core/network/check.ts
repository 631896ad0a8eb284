import type { Result } from '../../../shared/contract/methods.ts';
import { PerchError } from '../../../shared/errors/perch-error.ts';
import type { Clock } from '../../node/clock.ts';
import { codeOf } from '../../node/error-code.ts';
import type { Fetch } from './fetch.ts';
import type { NetworkService } from './network-service.ts';

/** Milliseconds for an answer to begin. */
const LIMIT_MS = 10_000;

/**
 * Checks whether an address can be reached by the configured way. Nothing but the request is sent, and every answer
 * counts as an answer.
 * @throws PerchError PROXY_*, CERTIFICATE_*, CA_FILE_*, KEYCHAIN_*, HOST_UNREACHABLE
 */
export async function checkNetwork(
  address: string,
  { network, fetch, clock }: { network: Pick<NetworkService, 'routeTo'>; fetch: Fetch; clock: Pick<Clock, 'after'> },
): Promise<Result<'network.check'>> {
  const url = new URL(address);
  const { proxy } = await network.routeTo(url);
  const ended = new AbortController();
  const stopTimer = clock.after(LIMIT_MS, () => ended.abort());
  try {
    const { status } = await fetch(url.origin, { signal: ended.signal });
    return { host: url.host, way: proxy === undefined ? 'direct' : 'proxy', status };
  } catch (error) {
    if (error instanceof PerchError) throw error;
    const reason = ended.signal.aborted ? 'timeout' : codeOf(error);
    throw new PerchError('HOST_UNREACHABLE', { host: url.host, reason }, { cause: error });
  } finally {
    stopTimer();
    ended.abort();
  }
}
