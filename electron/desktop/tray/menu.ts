import type { AppState } from '../../../shared/contract/state.ts';
import type { Translate } from '../../../shared/i18n/translate.ts';
import { logAddress } from '../../../shared/logs/log-address.ts';
import type { AgentView } from '../../../shared/model/agent.ts';
import { oneState } from '../../../shared/model/one-state.ts';
import { reportedDefault } from '../../../shared/model/reported-default.ts';
import type { TurnSummary } from '../../../shared/model/run-event.ts';
import { runningTurns } from '../../../shared/model/turn-running.ts';

/** The action of a click in the tray's menu. `show` opens the window at an address of its own. */
export type TrayAction =
  | { readonly kind: 'show'; readonly route: string }
  | { readonly kind: 'open-as-window' }
  | { readonly kind: 'select-agent'; readonly agentId: string }
  | { readonly kind: 'restart-runner' }
  | { readonly kind: 'stay' }
  | { readonly kind: 'quit' };

export type TrayEntry =
  | { readonly kind: 'separator' }
  | { readonly kind: 'text'; readonly label: string }
  | { readonly kind: 'item'; readonly label: string; readonly action: TrayAction }
  | { readonly kind: 'radio'; readonly label: string; readonly checked: boolean; readonly action: TrayAction }
  | { readonly kind: 'menu'; readonly label: string; readonly entries: readonly TrayEntry[] };

export type TrayState = Pick<AppState, 'connection' | 'agents' | 'settings' | 'turns' | 'leaving'>;

const RECENT_RUNS = 10;
const LABEL_CHARS = 48;
const SEPARATOR: TrayEntry = { kind: 'separator' };

/** The tray's menu. Every action is also in the window: not every desktop shows a tray. */
export function trayMenu(state: TrayState, t: Translate): TrayEntry[] {
  const item = (key: string, action: TrayAction): TrayEntry => ({ kind: 'item', label: t(key), action });
  return [
    { kind: 'text', label: label(connectionText(state, t)) },
    ...failureEntries(state, t),
    ...leavingEntries(state, t),
    SEPARATOR,
    item('tray.open', { kind: 'show', route: '#/' }),
    item('tray.openAsWindow', { kind: 'open-as-window' }),
    SEPARATOR,
    { kind: 'menu', label: t('tray.agents'), entries: agentEntries(state, t) },
    { kind: 'menu', label: t('tray.recentRuns'), entries: runEntries(state.turns, t) },
    SEPARATOR,
    item('tray.settings', { kind: 'show', route: '#/settings/credentials' }),
    item('tray.runnerLog', { kind: 'show', route: '#/log/runner' }),
    item('tray.restartRunner', { kind: 'restart-runner' }),
    SEPARATOR,
    item('tray.quit', { kind: 'quit' }),
  ];
}

/** The card and the log of what failed: the runner's, while it is in trouble, else those of the newest run. */
function failureEntries({ connection, turns }: TrayState, t: Translate): TrayEntry[] {
  const show = (key: string, route: string): TrayEntry => ({
    kind: 'item',
    label: t(key),
    action: { kind: 'show', route },
  });
  if (connection.kind === 'failed' || connection.kind === 'reconnecting') {
    const { log: position } = connection.failure;
    const log = logAddress({ log: position?.log ?? 'runner', position });
    return [show('tray.showFailure', '#/'), show('tray.failureLog', log)];
  }
  const [newest] = turns;
  if (newest?.status !== 'failed' && newest?.status !== 'lost') return [];
  return [show('tray.showFailure', sessionRoute(newest)), show('tray.failureLog', logOf(newest))];
}

/** At the line that carries the cause, as in the failure's card. */
function logOf({ turnId, sessionId, failure }: TurnSummary): string {
  const position = failure?.log;
  return logAddress({ log: position?.log ?? `session:${sessionId}`, position, turnId });
}

/** Says that Perch ends after its turns, and offers to take that back. */
function leavingEntries({ leaving, turns }: TrayState, t: Translate): TrayEntry[] {
  if (leaving === 'staying') return [];
  return [
    SEPARATOR,
    { kind: 'text', label: t('tray.leaving', { count: runningTurns(turns).length }) },
    { kind: 'item', label: t('tray.stay'), action: { kind: 'stay' } },
  ];
}

function sessionRoute({ turnId }: TurnSummary): string {
  return `#/session/${encodeURIComponent(turnId)}`;
}

export function trayTooltip(state: TrayState, t: Translate): string {
  return t('tray.tooltip', { state: connectionText(state, t) });
}

function connectionText(state: TrayState, t: Translate): string {
  const { key, values } = trayState(state);
  return t(key, values);
}

/** The tray's host is the core's own: the link between them cannot be lost. */
export function trayState({ connection, agents, settings }: Pick<TrayState, 'connection' | 'agents' | 'settings'>) {
  const agent = agents.find(({ agentId }) => agentId === settings.selectedAgentId);
  return oneState({ link: 'open', connection, agent });
}

function agentEntries({ agents, settings, turns }: TrayState, t: Translate): TrayEntry[] {
  if (agents.length === 0) return [{ kind: 'text', label: t('tray.noAgents') }];
  return agents.map((agent) => ({
    kind: 'radio',
    label: label(t('tray.agent', { agent: agent.name, model: modelText(agent, turns, t) })),
    checked: agent.agentId === settings.selectedAgentId,
    action: { kind: 'select-agent', agentId: agent.agentId },
  }));
}

function modelText(agent: AgentView, turns: readonly TurnSummary[], t: Translate): string {
  if (agent.demo) return t('tray.demo');
  if (agent.effective.model !== '') return agent.effective.model;
  const told = reportedDefault(agent, turns);
  return told === undefined ? t('tray.defaultModel') : t('tray.reportedDefault', { model: told });
}

function runEntries(turns: readonly TurnSummary[], t: Translate): TrayEntry[] {
  if (turns.length === 0) return [{ kind: 'text', label: t('tray.noRuns') }];
  return turns.slice(0, RECENT_RUNS).map((turn) => ({
    kind: 'item',
    label: label(`${runMark(turn.status)} ${turn.promptPreview}`),
    action: { kind: 'show', route: sessionRoute(turn) },
  }));
}

function runMark(status: TurnSummary['status']): string {
  switch (status) {
    case 'completed':
      return '✓';
    case 'failed':
    case 'lost':
      return '✗';
    case 'cancelled':
      return '–';
    default:
      return '…';
  }
}

/** Cuts a text to one short line; a menu takes a single `&` for the mark of a shortcut letter. */
function label(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  const characters = [...line];
  const short = characters.length > LABEL_CHARS ? `${characters.slice(0, LABEL_CHARS - 1).join('')}…` : line;
  return short.replaceAll('&', '&&');
}
