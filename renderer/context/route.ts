import { logAddress } from '../../shared/logs/log-address.ts';
import type { LogName, LogPosition } from '../../shared/model/log-position.ts';

export const SETTINGS_PAGES = [
  'credentials',
  'environment',
  'providers',
  'agents',
  'network',
  'mcp',
  'runner',
  'general',
] as const;
export type SettingsPage = (typeof SETTINGS_PAGES)[number];

/** Where the window is. Kept in the address's fragment, so that *back* and a reload work. */
export type Route =
  | { readonly view: 'home' }
  | { readonly view: 'session'; readonly turnId: string }
  | {
      readonly view: 'settings';
      readonly page: SettingsPage;
      readonly providerId?: string;
      readonly agentId?: string;
    }
  /** An agent's own sign-in, which runs at once. `back`: where the user was, as an address of the window. */
  | { readonly view: 'sign-in'; readonly agentId: string; readonly back?: string }
  /** `turnId`: whose failure led there, or whose conversation. */
  | { readonly view: 'log'; readonly log: LogName; readonly position?: LogPosition; readonly turnId?: string };

export const HOME: Route = { view: 'home' };

/** Where a sign-in leads back to: never to another one. */
export function backFrom({ back }: Extract<Route, { view: 'sign-in' }>): Route {
  const route = back === undefined ? HOME : parseRoute(back);
  return route.view === 'sign-in' ? HOME : route;
}

/** An unknown address leads home. */
export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  const [view, argument] = path.split('/').map(decode);
  const params = new URLSearchParams(query);
  switch (view) {
    case 'session':
      return argument ? { view, turnId: argument } : HOME;
    case 'settings':
      return settingsRoute(argument, params);
    case 'sign-in': {
      const back = params.get('back');
      return argument ? { view, agentId: argument, ...(back ? { back } : {}) } : HOME;
    }
    case 'log':
      return logRoute(argument, params);
    default:
      return HOME;
  }
}

function settingsRoute(argument: string | undefined, params: URLSearchParams): Route {
  const page = SETTINGS_PAGES.find((known) => known === argument) ?? 'credentials';
  const providerId = params.get('provider');
  const agentId = params.get('agent');
  return {
    view: 'settings',
    page,
    ...(providerId ? { providerId } : {}),
    ...(agentId ? { agentId } : {}),
  };
}

function logRoute(argument: string | undefined, params: URLSearchParams): Route {
  const log = parseLogName(argument);
  if (log === undefined) return HOME;
  const segment = Number(params.get('segment'));
  const offset = Number(params.get('offset') ?? Number.NaN);
  const exact = Number.isInteger(segment) && segment > 0 && Number.isInteger(offset) && offset >= 0;
  const turnId = params.get('turn');
  return {
    view: 'log',
    log,
    ...(exact ? { position: { log, segment, offset } } : {}),
    ...(turnId ? { turnId } : {}),
  };
}

function parseLogName(text: string | undefined): LogName | undefined {
  if (text === 'runner' || text === 'core') return text;
  return text !== undefined && /^session:[0-9a-f-]{36}$/i.test(text) ? (text as LogName) : undefined;
}

export function formatRoute(route: Route): string {
  switch (route.view) {
    case 'home':
      return '#/';
    case 'session':
      return `#/session/${encodeURIComponent(route.turnId)}`;
    case 'settings':
      return `#/settings/${route.page}${queryOf({ provider: route.providerId, agent: route.agentId })}`;
    case 'sign-in':
      return `#/sign-in/${encodeURIComponent(route.agentId)}${queryOf({ back: route.back })}`;
    case 'log':
      return logAddress(route);
  }
}

function queryOf(values: Readonly<Record<string, string | undefined>>): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) if (value !== undefined) params.set(name, value);
  const text = params.toString();
  return text === '' ? '' : `?${text}`;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return '';
  }
}
