import { describe, expect, test } from 'vitest';
import type { AgentView } from '../../../shared/model/agent.ts';
import type { ConnectionState } from '../../../shared/model/connection-state.ts';
import type { Failure } from '../../../shared/model/failure.ts';
import type { TurnSummary } from '../../../shared/model/run-event.ts';
import { DEFAULT_SETTINGS } from '../../../shared/model/settings.ts';
import { words } from '../words.ts';
import { TRAY_ICONS, trayIcon, trayIconFile } from './icon.ts';
import { type TrayEntry, type TrayState, trayMenu, trayState, trayTooltip } from './menu.ts';

const t = words('en', []);
const failure: Failure = { error: { code: 'RUNNER_CRASHED', values: {} }, lastLines: [] };

function agent(agentId: string, name: string, more: Partial<AgentView> = {}): AgentView {
  return {
    agentId,
    name,
    description: '',
    demo: false,
    network: 'proxy',
    installation: { state: 'found', path: '/usr/bin/codex', source: 'path' },
    readiness: { state: 'ready' },
    settings: { auth: { mode: 'byo', model: '' }, sandbox: 'on' },
    providerIds: [],
    modes: ['byo'],
    permissionModes: ['plan', 'ask', 'execute'],
    takesInstructions: true,
    effective: { mode: 'byo', model: '' },
    ...more,
  };
}

function turn(number: number, more: Partial<TurnSummary> = {}): TurnSummary {
  return {
    turnId: `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
    sessionId: '00000000-0000-4000-8000-000000000000',
    agentId: 'demo',
    model: '',
    projectDir: '/',
    promptPreview: `prompt ${number}`,
    status: 'completed',
    acceptedAt: number,
    lastSeq: 1,
    ...more,
  };
}

function state(more: Partial<TrayState> = {}): TrayState {
  return {
    connection: { kind: 'connected', since: 1 },
    agents: [
      agent('demo', 'Demo', { demo: true }),
      agent('codex', 'Codex', { effective: { mode: 'byo', model: 'gpt-5' } }),
    ],
    settings: {
      ...DEFAULT_SETTINGS,
      selectedAgentId: 'codex',
    },
    turns: [],
    leaving: 'staying',
    ...more,
  };
}

const labels = (entries: readonly TrayEntry[]) => entries.map((entry) => ('label' in entry ? entry.label : '-'));
function submenu(entries: readonly TrayEntry[], label: string): readonly TrayEntry[] {
  const found = entries.find((entry) => entry.kind === 'menu' && entry.label === label);
  return found?.kind === 'menu' ? found.entries : [];
}

describe('menu', () => {
  test('has agents, runs, log, settings, restart and quit', () => {
    expect(labels(trayMenu(state(), t))).toEqual([
      'Codex · ready',
      '-',
      'Open Perch',
      'Open as a window',
      '-',
      'Agents',
      'Recent turns',
      '-',
      'Settings',
      'Runner log',
      'Restart the runner',
      '-',
      'Quit Perch',
    ]);
  });

  test('leads to the card of what failed: the runner before the newest run, and nothing else', () => {
    const shown = (more: Partial<TrayState>) =>
      trayMenu(state(more), t).find((entry) => 'label' in entry && entry.label === 'Show what failed');
    const turns = [turn(1, { status: 'failed' })];
    const route = `#/session/${turn(1).turnId}`;
    expect(shown({ turns })).toMatchObject({ action: { kind: 'show', route } });
    expect(shown({ turns, connection: { kind: 'failed', failure, crashLoop: true } })).toMatchObject({
      action: { kind: 'show', route: '#/' },
    });
    expect(shown({ connection: { kind: 'reconnecting', attempt: 1, nextTryAt: 2, failure } })).toBeDefined();
    expect(shown({ turns: [turn(1), turn(2, { status: 'lost' })] })).toBeUndefined();
    expect(shown({ connection: { kind: 'needs-sign-in', providerId: 'openai' } })).toBeUndefined();
  });

  test('leads to the line of the log that carries the cause, and to the end of a log where there is no such line', () => {
    const routeOf = (more: Partial<TrayState>) =>
      trayMenu(state(more), t).flatMap((entry) =>
        entry.kind === 'item' && entry.label === 'Open the log at the failure' && entry.action.kind === 'show'
          ? [entry.action.route]
          : [],
      );
    const { turnId, sessionId } = turn(1);
    const log = { log: `session:${sessionId}`, segment: 2, offset: 417 } as const;
    const failed = turn(1, { status: 'failed', failure: { ...failure, log } });
    const ofTurn = `#/log/session:${sessionId}?segment=2&offset=417&turn=${turnId}`;
    expect(routeOf({ turns: [failed] })).toEqual([ofTurn]);
    expect(routeOf({ turns: [turn(1, { status: 'lost' })] })).toEqual([`#/log/session:${sessionId}?turn=${turnId}`]);
    const ofRunner = { log: 'runner', segment: 1, offset: 0 } as const;
    const connection = { kind: 'failed', failure: { ...failure, log: ofRunner }, crashLoop: true } as const;
    expect(routeOf({ turns: [failed], connection })).toEqual(['#/log/runner?segment=1&offset=0']);
    expect(routeOf({ connection: { ...connection, failure } })).toEqual(['#/log/runner']);
    expect(routeOf({ turns: [turn(2), failed] })).toEqual([]);
  });

  test('says that it quits after its runs, and takes that back', () => {
    const running = [turn(1, { status: 'running' }), turn(2)];
    const entries = trayMenu(state({ leaving: 'after-turns', turns: running }), t);
    expect(labels(entries).slice(0, 5)).toEqual([
      'Codex · ready',
      '-',
      'Quits when the running turns have ended: 1',
      'Keep Perch running',
      '-',
    ]);
    expect(entries[3]).toMatchObject({ action: { kind: 'stay' } });
  });

  test('shows the selected agent, each with its model', () => {
    expect(submenu(trayMenu(state(), t), 'Agents')).toEqual([
      { kind: 'radio', label: 'Demo: demo', checked: false, action: { kind: 'select-agent', agentId: 'demo' } },
      { kind: 'radio', label: 'Codex: gpt-5', checked: true, action: { kind: 'select-agent', agentId: 'codex' } },
    ]);
    const unnamed = state({ agents: [agent('goose', 'goose')] });
    expect(labels(submenu(trayMenu(unnamed, t), 'Agents'))).toEqual(['goose: your provider’s default']);
    const answered = turn(1, { agentId: 'goose', reportedModel: 'claude-sonnet-5-5' });
    const told = state({ agents: [agent('goose', 'goose')], turns: [answered] });
    expect(labels(submenu(trayMenu(told, t), 'Agents'))).toEqual(['goose: claude-sonnet-5-5 (default)']);
    expect(labels(submenu(trayMenu(state({ agents: [] }), t), 'Agents'))).toEqual(['No agents']);
  });

  test('shows the newest ten runs with how they ended', () => {
    const turns = [
      turn(1, { status: 'failed' }),
      turn(2),
      turn(3, { status: 'cancelled' }),
      ...Array.from({ length: 20 }, (_, at) => turn(at + 4, { status: 'lost' })),
    ];
    const runs = submenu(trayMenu(state({ turns }), t), 'Recent turns');
    expect(runs.length).toBe(10);
    expect(labels(runs).slice(0, 4)).toEqual(['✗ prompt 1', '✓ prompt 2', '– prompt 3', '✗ prompt 4']);
    expect(runs[0]).toMatchObject({ action: { kind: 'show', route: `#/session/${turn(1).turnId}` } });
    expect(labels(submenu(trayMenu(state(), t), 'Recent turns'))).toEqual(['No turns yet']);
  });

  test('a long or strange prompt stays one short label, and an & is itself', () => {
    const promptPreview = `fix a && b\n${'😀'.repeat(100)}`;
    const [label = ''] = labels(submenu(trayMenu(state({ turns: [turn(1, { promptPreview })] }), t), 'Recent turns'));
    expect(label.startsWith('✓ fix a &&&& b 😀')).toBe(true);
    expect(label.endsWith('😀…')).toBe(true);
    expect([...label.replaceAll('&&', '&')].length).toBe(48);
  });

  test.each(['en', 'de', 'fr'] as const)('every word is there in %s', (locale) => {
    const kinds: ConnectionState[] = [
      { kind: 'starting' },
      { kind: 'connected', since: 1 },
      { kind: 'reconnecting', attempt: 3, nextTryAt: 2, failure },
      { kind: 'needs-sign-in', providerId: 'openai' },
      { kind: 'failed', failure, crashLoop: true },
      { kind: 'stopped' },
    ];
    for (const connection of kinds) {
      const said = JSON.stringify([
        trayMenu(state({ connection }), words(locale, [])),
        trayTooltip(state({ connection }), words(locale, [])),
      ]);
      expect(said).not.toMatch(/\[tray|\{\w+\}/);
    }
  });
});

const SIGNED_OUT = { state: 'not-ready', error: { code: 'MISSING_BYOK_CREDENTIAL', values: {} } } as const;

describe('first line and tooltip', () => {
  test.each<[ConnectionState, string]>([
    [{ kind: 'connected', since: 1 }, 'Codex · not signed in'],
    [{ kind: 'needs-sign-in', providerId: 'openai' }, 'Codex · not signed in'],
    [{ kind: 'reconnecting', attempt: 3, nextTryAt: 2, failure }, 'Codex · reconnecting …'],
    [{ kind: 'stopped' }, 'The runner is stopped'],
  ])('%o', (connection, text) => {
    const agents = [agent('codex', 'Codex', { readiness: SIGNED_OUT })];
    expect(labels(trayMenu(state({ connection, agents }), t))[0]).toBe(text);
    expect(trayTooltip(state({ connection, agents }), t)).toBe(`Perch: ${text}`);
  });
});

describe('icon', () => {
  test.each<[ConnectionState, string]>([
    [{ kind: 'starting' }, 'busy'],
    [{ kind: 'connected', since: 1 }, 'ready'],
    [{ kind: 'reconnecting', attempt: 1, nextTryAt: 1, failure }, 'busy'],
    [{ kind: 'failed', failure, crashLoop: false }, 'failed'],
    [{ kind: 'stopped' }, 'failed'],
  ])('%o is %s', (connection, icon) => expect(trayIcon(trayState(state({ connection })))).toBe(icon));

  test('calls for attention where the selected agent is not signed in', () => {
    const agents = [agent('codex', 'Codex', { readiness: SIGNED_OUT })];
    expect(trayIcon(trayState(state({ agents })))).toBe('attention');
  });

  test.each(TRAY_ICONS)('%s: macOS gets a template image, to be coloured by the system', (icon) => {
    const file = (platform: NodeJS.Platform) => trayIconFile({ resourcesDir: '/r', icon, platform });
    expect(file('darwin')).toBe(`/r/icons/tray/${icon}Template.png`);
    expect(file('linux')).toBe(`/r/icons/tray/${icon}.png`);
  });
});
