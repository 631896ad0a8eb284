import { randomUUID } from 'node:crypto';
import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type FakeElectron, launchFakeElectron } from '../../e2e/fake-electron/launch.ts';
import type { SequencedEvent } from '../../shared/contract/events.ts';
import { contract } from '../../shared/contract/methods.ts';
import type { AppState } from '../../shared/contract/state.ts';
import { defined } from '../../shared/defined.ts';
import type { RunEvent } from '../../shared/model/run-event.ts';

/** The built bundle runs, not its sources: `npm test` builds it first. */
const appDir = join(import.meta.dirname, '..', '..');
const ICON = { x: 1300, y: 0, width: 24, height: 24 };
const CALL = 'perch:call';

let folder: string;
let electron: FakeElectron;

function launch(more: { lock?: 'taken'; dataDir?: string } = {}): FakeElectron {
  const { lock, dataDir = join(folder, 'data') } = more;
  electron = launchFakeElectron({
    appDir,
    environment: { PATH: '/usr/bin:/bin', HOME: folder, PERCH_DATA_DIR: dataDir, SOME_TOKEN: 'canary-4711' },
    ...defined({ lock }),
  });
  return electron;
}

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'perch-desktop-')));
});
afterEach(async () => {
  await electron.kill();
  rmSync(folder, { recursive: true, force: true });
});

const ipc = <T>(method: unknown, params: unknown = {}) =>
  electron.do<{ ok: true; result: T } | { ok: false; error: { code: string } }>({
    name: 'ipc',
    channel: CALL,
    args: [method, params],
    sender: 'ours',
  });

async function call<T>(method: string, params: unknown = {}): Promise<T> {
  const answer = await ipc<T>(method, params);
  if (!answer.ok) throw new Error(answer.error.code);
  return answer.result;
}

/** Resolves when a window was shown so many times: a new one shows once it has something to show. */
function shown(times: number) {
  const count = () => electron.records.filter(({ what }) => what === 'window.show').length;
  return electron.until('window.show', () => count() >= times);
}

/** The window is open, follows the state, and the runner is connected. */
async function connected(): Promise<AppState> {
  await electron.until('window.show');
  const { snapshot } = await call<{ snapshot: AppState }>('events.subscribe');
  if (snapshot.connection.kind !== 'connected') await stateEvent('connection', { kind: 'connected' });
  return snapshot;
}

function stateEvent(slice: keyof AppState, value: object) {
  return electron.until('contents.send', (sent) => {
    const event = eventOf(sent);
    if (event.type !== 'state' || event.slice !== slice) return false;
    return Object.entries(value).every(([key, part]) => (event.value as Record<string, unknown>)[key] === part);
  });
}

function stateEventIs(slice: keyof AppState, value: AppState[keyof AppState]) {
  return electron.until('contents.send', (sent) => {
    const event = eventOf(sent);
    return event.type === 'state' && event.slice === slice && event.value === value;
  });
}

/** What was sent to the page: events are all that ever is. */
function eventOf(sent: unknown): SequencedEvent['event'] {
  const { channel, args } = sent as { channel: string; args: [SequencedEvent, number] };
  if (channel !== 'perch:event') throw new Error(channel);
  return args[0].event;
}

async function runEvent<T extends RunEvent['type']>(turnId: string, type: T): Promise<Extract<RunEvent, { type: T }>> {
  const { detail } = await electron.until('contents.send', (sent) => fits(eventOf(sent)));
  const event = eventOf(detail);
  function fits(candidate: SequencedEvent['event']) {
    if (candidate.type !== 'run' || candidate.stored.turnId !== turnId) return false;
    return candidate.stored.event.type === type;
  }
  if (event.type !== 'run') throw new Error(event.type);
  return event.stored.event as Extract<RunEvent, { type: T }>;
}

describe('boot', () => {
  test('hardens before ready, guards before the window, and shows a window where no tray can be relied on', async () => {
    launch();
    await electron.until('window.show');
    const order = electron.records.map(({ what }) => what);
    const comesBefore = (first: string, second: string) => {
      expect(order, first).toContain(first);
      expect(order.indexOf(first), `${first} before ${second}`).toBeLessThan(order.indexOf(second));
    };
    comesBefore('app.enableSandbox', 'ready');
    comesBefore('protocol.registerSchemesAsPrivileged', 'ready');
    comesBefore('app.setPath', 'app.requestSingleInstanceLock');
    comesBefore('app.requestSingleInstanceLock', 'ready');
    comesBefore('ready', 'utilityProcess.fork');
    for (const guard of [
      'session.setPermissionRequestHandler',
      'session.setPermissionCheckHandler',
      'session.setDevicePermissionHandler',
      'session.webRequest.onBeforeRequest',
      'session.protocol.handle',
      'ipcMain.handle',
      'Tray',
    ]) {
      comesBefore(guard, 'BrowserWindow');
    }
    expect(electron.records.find(({ what }) => what === 'app.setPath')?.detail).toEqual({
      name: 'userData',
      path: join(folder, 'data', 'chromium'),
      isReady: false,
    });
    expect(electron.records.find(({ what }) => what === 'session.fromPartition')?.detail).toEqual({
      partition: 'perch',
      options: { cache: false },
    });
  });

  test('a second instance ends at once and starts no core', async () => {
    launch({ lock: 'taken' });
    expect(await electron.exited).toBe(0);
    expect(electron.records.map(({ what }) => what)).not.toContain('utilityProcess.fork');
    expect(existsSync(join(folder, 'data', 'perch.db'))).toBe(false);
  });

  test('a data directory that cannot be made is told in a dialog', async () => {
    launch({ dataDir: '/proc/perch' });
    expect(await electron.exited).toBe(1);
    const { detail } = await electron.until('dialog.showErrorBox');
    expect(detail).toMatchObject({ content: expect.stringContaining('DATA_DIRECTORY_NOT_WRITABLE') });
  });

  test('so is a core that cannot start', async () => {
    mkdirSync(join(folder, 'data'));
    const newer = new BetterSqlite3(join(folder, 'data', 'perch.db'));
    newer.exec('CREATE TABLE later (x); PRAGMA user_version = 100000');
    newer.close();
    launch();
    expect(await electron.exited).toBe(1);
    const { detail } = await electron.until('dialog.showErrorBox');
    expect(detail).toMatchObject({ title: 'Perch cannot start', content: expect.stringContaining('DATABASE_TOO_NEW') });
    expect(electron.records.map(({ what }) => what)).not.toContain('BrowserWindow');
    const [kept = ''] = readFileSync(join(folder, 'data', 'boot.log'), 'utf8').split('\n');
    expect(JSON.parse(kept)).toMatchObject({ host: 'electron', code: 'DATABASE_TOO_NEW' });
  });
});

describe('window', () => {
  test('is isolated, sandboxed and without Node, and its preload script exists', async () => {
    launch();
    const { detail } = await electron.until('BrowserWindow');
    const { webPreferences } = detail as { webPreferences: Record<string, unknown> };
    expect(webPreferences).toMatchObject({
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
    });
    const preload = readFileSync(String(webPreferences.preload), 'utf8');
    expect(preload.match(/require\([^)]*\)/g)).toEqual(['require("electron")']);
  });

  test('gets its page from our own scheme, with a strict policy, and nothing beside it', async () => {
    launch();
    await electron.until('window.show');
    const page = await electron.do<{ status: number; headers: Record<string, string>; body: string }>({
      name: 'fetch',
      url: 'app://perch/',
    });
    expect(page).toMatchObject({ status: 200, body: expect.stringContaining('<title>Perch</title>') });
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
    const files = globSync('**/*.*', { cwd: join(appDir, 'dist', 'renderer') }).filter(
      (file) => !/\.map$|^\./.test(file),
    );
    expect(files.length).toBeGreaterThan(2);
    for (const file of files) {
      expect(await electron.do({ name: 'fetch', url: `app://perch/${file}` }), file).toMatchObject({ status: 200 });
    }
    for (const url of ['app://perch/../main.mjs', 'app://perch/missing.js', 'app://evil/index.html']) {
      expect(await electron.do({ name: 'fetch', url })).toMatchObject({ status: 404, body: '' });
    }
    expect(await electron.do({ name: 'fetch', url: 'app://perch/', method: 'POST' })).toMatchObject({ status: 404 });
  });

  test('is denied permissions, navigation, new windows and the network', async () => {
    launch();
    await electron.until('window.show');
    const permission = (name: string, url = 'app://perch/') =>
      electron.do({ name: 'permission', permission: name, url });
    for (const name of ['media', 'geolocation', 'notifications', 'openExternal', 'hid', 'midi', 'fileSystem']) {
      expect(await permission(name), name).toEqual({ requested: false, checked: false, device: false });
    }
    expect(await permission('clipboard-sanitized-write')).toMatchObject({ requested: true, checked: true });
    expect(await permission('clipboard-read', 'https://evil.test/')).toMatchObject({
      requested: false,
      checked: false,
    });

    const navigate = (event: string, url: string) => electron.do({ name: 'contents.navigate', event, url });
    for (const url of [
      'https://evil.test/',
      'file:///etc/passwd',
      'javascript:alert(1)',
      'data:text/html,x',
      'app://evil/',
    ]) {
      expect(await navigate('will-frame-navigate', url), url).toBe(true);
      expect(await electron.do({ name: 'request', url }), url).toEqual({ cancel: true });
    }
    expect(await navigate('will-frame-navigate', 'app://perch/#/settings')).toBe(false);
    expect(await navigate('will-redirect', 'app://perch/')).toBe(true);
    expect(await navigate('will-attach-webview', 'app://perch/')).toBe(true);
    expect(await electron.do({ name: 'request', url: 'app://perch/icon.svg' })).toEqual({ cancel: false });

    const opened = () => electron.records.filter(({ what }) => what === 'shell.openExternal');
    expect(await electron.do({ name: 'contents.open', url: 'https://evil.test/' })).toEqual({ action: 'deny' });
    expect(opened()).toEqual([]);
    const { providers } = await connected();
    // The billing page of Mistral is on another host than its other pages.
    const mistral = providers.find(({ providerId }) => providerId === 'mistral');
    const { keyPage = '', billingPage = '' } = mistral ?? {};
    expect(new Set([keyPage, billingPage].map((page) => new URL(page).host)).size).toBe(2);
    for (const url of [keyPage, billingPage]) {
      expect(await electron.do({ name: 'contents.open', url })).toEqual({ action: 'deny' });
    }
    expect(opened()).toEqual([keyPage, billingPage].map((detail) => ({ what: 'shell.openExternal', detail })));
  });
});

describe('calls', () => {
  test.each([
    ['a sub-frame', { sender: 'sub-frame' as const }],
    ['a frame that is gone', { sender: 'gone' as const }],
    ['contents that are not ours', { sender: 'foreign' as const, url: 'app://perch/' }],
    ['about:blank', { sender: 'ours' as const, url: 'about:blank' }],
    ['another origin', { sender: 'ours' as const, url: 'https://perch/' }],
    ['a lookalike', { sender: 'ours' as const, url: 'app://perch.evil/' }],
  ])('from %s are refused, whatever they ask', async (_, sender) => {
    launch();
    await electron.until('window.show');
    for (const method of ['agents.list', 'no.such.method']) {
      await expect(electron.do({ name: 'ipc', channel: CALL, args: [method, {}], ...sender })).rejects.toThrow(
        'refused',
      );
    }
  });

  test('from our page are checked, and missing and forbidden answer alike', async () => {
    launch();
    await connected();
    const refused = async (method: unknown, params: unknown = {}) => {
      const answer = await ipc(method, params);
      return answer.ok ? 'answered' : answer.error;
    };
    const missing = await refused('no.such.method');
    expect(missing).toMatchObject({ code: 'METHOD_NOT_FOUND' });
    for (const method of ['host.windowUrl', 'constructor', '__proto__', '', 7, null, ['agents.list']]) {
      expect(await refused(method)).toEqual(missing);
    }
    expect(await refused('agents.select', { agentId: '../x' })).toMatchObject({ code: 'INVALID_PARAMS' });
    expect(await refused('agents.select', [])).toMatchObject({ code: 'INVALID_PARAMS' });
    expect(await refused('agents.list')).toBe('answered');
  });
});

describe('nonsense', () => {
  test('reaches no method, whichever it names, and harms nothing', async () => {
    launch();
    await connected();
    const nonsense = [null, 0, -1, true, '', 'x'.repeat(1_000_000), [], [{}], ['__proto__']];
    for (const method of Object.keys(contract)) {
      for (const params of nonsense) {
        const answer = await ipc(method, params);
        const code = answer.ok ? 'answered' : answer.error.code;
        expect(['INVALID_PARAMS', 'METHOD_NOT_FOUND'], `${method} ${JSON.stringify(params).slice(0, 20)}`).toContain(
          code,
        );
      }
    }
    expect(await ipc('agents.list')).toMatchObject({ ok: true });
  });
});

describe('tray', () => {
  test('a click shows the popover at the icon, and an agent is picked in it', async () => {
    launch();
    const { agents, settings } = await connected();
    expect(settings.selectedAgentId).toBe('demo');
    const other = agents.find(({ agentId }) => agentId !== 'demo')?.agentId ?? '';
    await electron.do({ name: 'window.close' });

    await electron.do({ name: 'tray.click', bounds: ICON });
    const { detail } = await electron.until(
      'BrowserWindow',
      (window) => (window as { frame?: boolean }).frame === false,
    );
    expect(detail).toMatchObject({ x: 1012, y: 32, width: 420, height: 640, skipTaskbar: true, alwaysOnTop: true });
    await call('events.subscribe');
    await call('agents.select', { agentId: other });
    await stateEvent('settings', { selectedAgentId: other });
    const marked = await electron.do<string[]>({ name: 'tray.menu', path: ['Agents'] });
    expect(marked.filter((label) => label.startsWith('● ')).length).toBe(1);

    await shown(2);
    await electron.do({ name: 'window.blur' });
    await electron.until('window.hide');
  });

  test('Escape hides the popover; a second instance and the menu bring it back, to its place', async () => {
    launch();
    await connected();
    await electron.do({ name: 'window.close' });
    await electron.do({ name: 'tray.click', bounds: ICON });
    await shown(2);
    const visible = async () => (await electron.do<{ visible: boolean; url: string }[]>({ name: 'windows' })).at(-1);
    await electron.do({ name: 'window.key', key: 'a' });
    expect((await visible())?.visible).toBe(true);
    await electron.do({ name: 'window.key', key: 'Escape' });
    expect((await visible())?.visible).toBe(false);
    await electron.do({ name: 'second-instance' });
    expect((await visible())?.visible).toBe(true);
    await electron.do({ name: 'tray.menu', path: ['Runner log'] });
    expect((await visible())?.url).toBe('app://perch/#/log/runner');
    await electron.do({ name: 'tray.menu', path: ['Open as a window'] });
    await shown(5);
    expect(await visible()).toEqual({ visible: true, url: 'app://perch/#/log/runner' });
    expect(electron.records.filter(({ what }) => what === 'window.destroy').length).toBe(2);
  });

  test('its menu picks an agent, too', async () => {
    launch();
    const { agents } = await connected();
    const other = agents.find(({ agentId }) => agentId !== 'demo');
    await electron.do({ name: 'tray.menu', path: ['Agents', other?.name ?? ''] });
    await stateEvent('settings', { selectedAgentId: other?.agentId });
  });
});

describe('a turn', () => {
  const SEEN = '6f0b3f0e-61a2-4a7e-8a55-1f3c7f2f0001';
  const UNSEEN = '6f0b3f0e-61a2-4a7e-8a55-1f3c7f2f0002';

  test('runs from the window to an agent and back, and asks by notification once the window is hidden', async () => {
    launch();
    await connected();
    // Not every machine has bubblewrap; the sandbox has tests of its own.
    await call('agents.configure', { agentId: 'demo', settings: { sandbox: 'off' } });
    await call('turns.submit', { turnId: SEEN, agentId: 'demo', prompt: 'hello', projectDir: folder });
    const { requestId } = await runEvent(SEEN, 'permission.requested');
    const outcome = { outcome: 'selected', optionId: 'allow' };
    await call('turns.answerPermission', { turnId: SEEN, requestId, outcome });
    expect(await runEvent(SEEN, 'turn.ended')).toMatchObject({ result: { outcome: 'completed' } });
    expect(existsSync(join(folder, 'perch-demo.txt'))).toBe(true);
    expect(electron.records.map(({ what }) => what)).not.toContain('Notification');

    await electron.do({ name: 'window.close' });
    await electron.do({ name: 'tray.click', bounds: ICON });
    await shown(2);
    await call('events.subscribe');
    await electron.do({ name: 'window.blur' });
    await call('turns.submit', { turnId: UNSEEN, agentId: 'demo', prompt: 'again', projectDir: folder });
    const { detail } = await electron.until('Notification');
    const { title } = await runEvent(UNSEEN, 'permission.requested');
    const { body } = detail as { body: string };
    // Whole: what is written, and where.
    expect(body).toContain(title);
    expect(body).toContain(join(folder, 'perch-demo.txt'));
    expect(body).toContain("Perch's demo agent was here");
    await electron.do({ name: 'notification.click' });
    expect(await electron.do({ name: 'windows' })).toEqual([{ visible: true, url: `app://perch/#/session/${UNSEEN}` }]);
  });
});

describe('a window that does not read', () => {
  const TURN = '6f0b3f0e-61a2-4a7e-8a55-1f3c7f2f0003';
  /** What was sent to the page so far, read from the records as they come. */
  function outgoing() {
    const events: SequencedEvent[] = [];
    let [seen, bytes, behind] = [0, 0, 0];
    const look = () => {
      for (; seen < electron.records.length; seen++) {
        const { what, detail } = electron.records[seen] ?? { what: '', detail: null };
        if (what !== 'contents.send') continue;
        const { channel, args } = detail as { channel: string; args: [SequencedEvent, number] };
        if (channel === 'perch:behind') behind += 1;
        else events.push(args[0]);
        bytes += args[1] ?? 0;
      }
      return { events, bytes, behind };
    };
    return look;
  }

  test('is cut off at a bound, slows nothing, and goes on without a gap when it asks anew', async () => {
    launch();
    await connected();
    await call('agents.configure', { agentId: 'demo', settings: { sandbox: 'off' } });
    // What is asked for is in the event that says so.
    const submit = (prompt: string, turnId: string = randomUUID()) =>
      call('turns.submit', { turnId, agentId: 'demo', prompt, projectDir: folder });
    const until = async (enough: () => boolean) => {
      while (!enough()) await submit(`please fail ${'x'.repeat(500_000)}`);
    };
    const sent = outgoing();
    await until(() => sent().bytes > 1024 * 1024);
    // What it has read does not count.
    await electron.do({ name: 'ipc.send', channel: 'perch:read', args: [sent().bytes], sender: 'ours' });
    await until(() => sent().behind > 0);
    expect(sent().bytes).toBeGreaterThan(5 * 1024 * 1024);
    expect(sent().bytes).toBeLessThan(7 * 1024 * 1024);
    const cutOffAt = sent().events.length;
    await submit('please fail', TURN);
    const ended = async () => (await call<{ turn: { status: string } }>('turns.get', { turnId: TURN })).turn.status;
    await expect.poll(ended, { timeout: 60_000 }).toBe('failed');
    expect(sent()).toMatchObject({ behind: 1, events: { length: cutOffAt } });

    const last = sent().events.at(-1);
    const again = await call<{ missed: SequencedEvent[]; snapshot?: AppState }>('events.subscribe', {
      since: last?.position,
    });
    const sequence = last?.position.sequence ?? 0;
    expect(again.snapshot).toBeUndefined();
    expect(again.missed.map(({ position }) => position.sequence)).toEqual(
      again.missed.map((_, index) => sequence + 1 + index),
    );
    await call('settings.update', { patch: { projectDir: folder } });
    await expect.poll(() => sent().events.length).toBeGreaterThan(cutOffAt);
  }, 120_000);

  test('of a stranger is not heard', async () => {
    launch();
    await connected();
    for (const sender of ['foreign', 'sub-frame', 'gone'] as const) {
      await electron.do({ name: 'ipc.send', channel: 'perch:read', args: [1e9], sender });
    }
    await electron.do({ name: 'ipc.send', channel: 'perch:read', args: ['x'], sender: 'ours' });
    expect(await ipc('agents.list')).toMatchObject({ ok: true });
  });
});

describe('runner', () => {
  const pids = () =>
    electron.records.filter(({ what }) => what === 'utilityProcess.pid').map(({ detail }) => Number(detail));

  test('is a utility process with an exact environment, and answers', async () => {
    launch();
    await connected();
    const { detail } = await electron.until('utilityProcess.fork');
    expect(detail).toEqual({
      modulePath: join(appDir, 'dist', 'runner.mjs'),
      args: [],
      options: { env: { PATH: '/usr/bin:/bin', HOME: folder }, stdio: 'pipe', serviceName: 'Perch runner' },
    });
  });

  test('is started again when it is killed, and the tray says so', async () => {
    launch();
    await connected();
    const [first = 0] = pids();
    process.kill(first, 'SIGKILL');
    await stateEvent('connection', { kind: 'reconnecting' });
    await electron.until('utilityProcess.pid', (pid) => pid !== first);
    await electron.until('tray.setImage', (file) => String(file).endsWith('busy.png'));
    await electron.until('tray.setImage', (file) => String(file).endsWith('ready.png'));
  });

  test('is restarted from the menu', async () => {
    launch();
    await connected();
    const [first] = pids();
    await electron.do({ name: 'tray.menu', path: ['Restart'] });
    await electron.until('utilityProcess.pid', (pid) => pid !== first);
  });

  test('is gone after quitting, and the core was closed once', async () => {
    launch();
    await connected();
    const [pid = 0] = pids();
    await electron.do({ name: 'tray.menu', path: ['Quit'] });
    expect(await electron.exited).toBe(0);
    expect(() => process.kill(pid, 0)).toThrow();
    const order = electron.records.map(({ what }) => what);
    expect(order.indexOf('utilityProcess.exit')).toBeLessThan(order.indexOf('app.exit'));
    expect(order.slice(order.indexOf('utilityProcess.exit')).filter((what) => what === 'app.quit').length).toBe(1);
    expect(order).toContain('tray.destroy');
  });
});

describe('quitting while a turn runs', () => {
  const TURN = randomUUID();
  const FINISH = 'Finish them first';

  /** A turn of the demo agent that goes on until it is stopped. */
  async function working(): Promise<void> {
    launch();
    await connected();
    // Not every machine has bubblewrap; the sandbox has tests of its own.
    await call('agents.configure', { agentId: 'demo', settings: { sandbox: 'off' } });
    await call('turns.submit', { turnId: TURN, agentId: 'demo', prompt: '/hang', projectDir: folder });
    await runEvent(TURN, 'session.started');
  }
  const asked = (times: number) => {
    const count = () => electron.records.filter(({ what }) => what === 'dialog.showMessageBox').length;
    return electron.until('dialog.showMessageBox', () => count() >= times);
  };
  const quits = async (answer: string, times = 1) => {
    await electron.do({ name: 'tray.menu', path: ['Quit'] });
    const { detail } = await asked(times);
    await electron.do({ name: 'dialog.answer', button: answer });
    return detail;
  };

  test('asks, naming the turn; to keep running changes nothing, to stop ends everything', async () => {
    await working();
    const question = await quits('Keep running');
    expect(question).toMatchObject({ message: expect.stringContaining('1'), detail: '• /hang', cancelId: 2 });
    expect(await call('turns.get', { turnId: TURN })).toMatchObject({ turn: { status: 'running' } });
    await quits('Stop them now', 2);
    expect(await electron.exited).toBe(0);
    expect(electron.records.map(({ what }) => what)).toContain('utilityProcess.exit');
  });

  test('waits for the turn when told to, shows it, takes it back, and then quits by itself', async () => {
    await working();
    const menu = () => electron.do<string[]>({ name: 'tray.menu', path: [] });
    await quits(FINISH);
    await stateEventIs('leaving', 'after-turns');
    expect(await menu()).toContain('Quits when the running turns have ended: 1');
    await electron.do({ name: 'tray.menu', path: ['Keep Perch running'] });
    await stateEventIs('leaving', 'staying');
    expect(await menu()).not.toContain('Keep Perch running');
    await quits(FINISH, 2);
    await call('turns.cancel', { turnId: TURN });
    expect(await electron.exited).toBe(0);
  });

  test('a second quit while it asks asks no second time; the system that shuts down is not kept waiting', async () => {
    await working();
    await electron.do({ name: 'quit' });
    await electron.do({ name: 'quit' });
    await asked(1);
    await electron.do({ name: 'system.shutdown' });
    expect(await electron.exited).toBe(0);
    expect(electron.records.filter(({ what }) => what === 'dialog.showMessageBox').length).toBe(1);
  });

  test('SIGTERM stops it at once and in good order', async () => {
    await working();
    electron.process.kill('SIGTERM');
    expect(await electron.exited).toBe(0);
    const order = electron.records.map(({ what }) => what);
    expect(order).not.toContain('dialog.showMessageBox');
    expect(order.indexOf('utilityProcess.exit')).toBeLessThan(order.indexOf('app.exit'));
  });

  test('the machine is kept awake meanwhile, unless that is switched off', async () => {
    await working();
    await electron.until('powerSaveBlocker.start', (type) => type === 'prevent-app-suspension');
    await call('settings.update', { patch: { holdOffSleep: false } });
    const { detail } = await electron.until('powerSaveBlocker.stop');
    expect(detail).toBe(1);
    await call('settings.update', { patch: { holdOffSleep: true } });
    await call('turns.cancel', { turnId: TURN });
    await electron.until('powerSaveBlocker.stop', (id) => id === 2);
    expect(electron.records.filter(({ what }) => what === 'powerSaveBlocker.start').length).toBe(2);
  });
});
