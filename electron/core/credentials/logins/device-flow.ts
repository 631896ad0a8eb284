import {
  deviceAuthorizationRequest,
  deviceCodeGrantRequest,
  None,
  processDeviceAuthorizationResponse,
  processDeviceCodeResponse,
  ResponseBodyError,
} from 'oauth4webapi';
import { PerchError } from '../../../../shared/errors/perch-error.ts';
import type { Clock } from '../../../node/clock.ts';
import { isLoopback } from '../../providers/loopback.ts';
import type { DeviceLogin } from '../../providers/schema.ts';
import { type Flow, type FlowOptions, type GrantedToken, grantedToken, oauthParts } from './flow.ts';
import { toRefusal } from './refusal.ts';

/** Seconds between two questions where the server says nothing, and what `slow_down` adds (RFC 8628 §3.5). */
const USUAL_INTERVAL_S = 5;
const SLOWER_BY_S = 5;
/** Questions in a row that get no answer before it is given up. */
const MAX_FAILURES = 3;
/** Seconds: a code that lives longer is not waited for longer. */
const MAX_LIFE_S = 30 * 60;

/**
 * Device authorization (RFC 8628).
 * @throws PerchError SIGN_IN_UNREACHABLE, SIGN_IN_REFUSED
 */
export async function deviceFlow(login: DeviceLogin, options: FlowOptions): Promise<Flow> {
  const { clock, mask, provider } = options;
  const { server, client, http } = oauthParts(options, login.tokenUrl);
  const device = { ...server, device_authorization_endpoint: login.deviceUrl };
  try {
    const parameters: Record<string, string> = login.scopes.length === 0 ? {} : { scope: login.scopes.join(' ') };
    const response = await deviceAuthorizationRequest(device, client, None(), parameters, http);
    const granted = await processDeviceAuthorizationResponse(device, client, response);
    mask(granted.device_code);
    const life = Math.min(granted.expires_in, MAX_LIFE_S);
    const ask = async () => {
      const answer = await deviceCodeGrantRequest(server, client, None(), granted.device_code, http);
      return grantedToken(await processDeviceCodeResponse(server, client, answer), options, login);
    };
    return {
      shown: {
        state: 'user-code',
        code: granted.user_code.slice(0, 64),
        url: webAddress(granted.verification_uri, provider),
        expiresAt: clock.now() + life * 1000,
      },
      token: async (onAgreed) => {
        const token = await poll(ask, { intervalS: granted.interval ?? USUAL_INTERVAL_S, options });
        onAgreed();
        return token;
      },
    };
  } catch (error) {
    options.signal.throwIfAborted();
    throw toRefusal(error, provider);
  }
}

async function poll(
  ask: () => Promise<GrantedToken>,
  { intervalS, options }: { intervalS: number; options: FlowOptions },
): Promise<GrantedToken> {
  const { clock, signal, provider } = options;
  let seconds = intervalS;
  for (let failures = 0; ; ) {
    await pause(clock, seconds * 1000, signal);
    try {
      return await ask();
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof ResponseBodyError && error.error === 'authorization_pending') failures = 0;
      else if (error instanceof ResponseBodyError && error.error === 'slow_down') {
        failures = 0;
        seconds += SLOWER_BY_S;
      } else {
        failures += 1;
        if (!mayPass(error) || failures >= MAX_FAILURES) throw toRefusal(error, provider);
      }
    }
  }
}

/** No network for a moment, or a server that is restarted. */
function mayPass(error: unknown): boolean {
  if (error instanceof PerchError) return error.code === 'SIGN_IN_UNREACHABLE';
  return error instanceof Error && error.cause instanceof Response && error.cause.status >= 500;
}

/** The address becomes a link in the window. */
function webAddress(address: string, provider: string): string {
  const url = URL.parse(address);
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname))) return url.href;
  throw new PerchError('SIGN_IN_REFUSED', { provider, reason: 'invalid_answer' });
}

function pause(clock: Pick<Clock, 'after'>, ms: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const end = () => reject(signal.reason);
  const stop = clock.after(ms, resolve);
  signal.addEventListener('abort', end);
  if (signal.aborted) end();
  return promise.finally(() => {
    stop();
    signal.removeEventListener('abort', end);
  });
}
