import { describe, expect, test } from 'vitest';
import { inspectPaste } from '../../shared/credentials/paste.ts';
import { CREDENTIALS, PROVIDERS, STATE } from '../dev/fixtures.ts';
import { initialDraft, isIncomplete, pasteableProviders, switchProvider, toParams, variablesOf } from './draft.ts';
import { fromField, insertAt, toField } from './field-text.ts';
import { remediesOf } from './remedies.ts';
import { widerOnes } from './takes-over.ts';

const nothing = { providerId: undefined, replacing: null };
const [global, project, agent] = CREDENTIALS;

describe('the form', () => {
  test('begins with the provider that was asked for, else with the selected agent’s', () => {
    expect(initialDraft(STATE, { ...nothing, providerId: 'openai' }).providerId).toBe('openai');
    expect(initialDraft(STATE, { ...nothing, providerId: 'nobody' }).providerId).toBe('anthropic');
    expect(initialDraft(STATE, nothing)).toMatchObject({ providerId: 'anthropic', scopeKind: 'global', value: '' });
  });

  test('replacing keeps provider, variable, scope and storage', () => {
    if (agent === undefined || project === undefined) throw new Error('fixtures');
    expect(toParams({ ...initialDraft(STATE, { ...nothing, replacing: agent }), value: 'v' })).toEqual({
      providerId: 'anthropic',
      variable: 'ANTHROPIC_API_KEY',
      scope: { kind: 'agent', agentId: 'opencode' },
      storage: 'session-only',
      value: 'v',
    });
    expect(toParams(initialDraft(STATE, { ...nothing, replacing: project })).scope).toEqual(project.scope);
  });

  test('another provider takes the value along and forgets the variable', () => {
    const draft = { ...initialDraft(STATE, nothing), variable: 'ANTHROPIC_API_KEY', value: 'sk-proj-x' };
    expect(toParams(switchProvider(draft, 'openai'))).toEqual({
      providerId: 'openai',
      scope: { kind: 'global' },
      storage: 'keychain',
      value: 'sk-proj-x',
    });
  });

  test('cannot be stored while something is missing', () => {
    const draft = { ...initialDraft(STATE, nothing), value: 'x' };
    expect(isIncomplete(draft)).toBe(false);
    expect(isIncomplete({ ...draft, value: ' \n' })).toBe(true);
    expect(isIncomplete({ ...draft, scopeKind: 'project', projectDir: ' ' })).toBe(true);
  });

  test('offers what can be pasted, the usual variable first', () => {
    expect(pasteableProviders(PROVIDERS).map(({ providerId }) => providerId)).toEqual([
      'anthropic',
      'openai',
      'openrouter',
    ]);
    expect(PROVIDERS[0] && variablesOf(PROVIDERS[0])).toEqual(['ANTHROPIC_API_KEY', 'CLAUDE_CODE_OAUTH_TOKEN']);
  });
});

describe('the field', () => {
  test.each(['sk-abc', 'sk-a\nb', 'a\r\nb\n', ''])(
    '%j comes back as it was, with no line break in between',
    (value) => {
      expect(toField(value)).not.toMatch(/[\r\n]/);
      expect(fromField(toField(value))).toBe(value);
    },
  );

  test('a paste takes the place of what was selected', () => {
    expect(fromField(insertAt('abcd', { start: 1, end: 3 }, 'x\ny'))).toBe('ax\nyd');
  });
});

describe('who takes over', () => {
  test('after the agent’s own: the project’s, then the global one', () => {
    expect(agent && widerOnes(agent, CREDENTIALS)).toEqual([project, global]);
  });

  test('after the global one: nobody', () => {
    expect(global && widerOnes(global, CREDENTIALS)).toEqual([]);
  });
});

describe('what repairs a finding', () => {
  const [anthropic] = PROVIDERS;
  if (anthropic === undefined) throw new Error('fixtures');
  const repairs = (value: string) => {
    const inspection = inspectPaste(value, { provider: anthropic, providers: PROVIDERS });
    return inspection.findings.flatMap((finding) => remediesOf(finding, inspection, PROVIDERS));
  };

  test('a token that wrapped is joined by one click', () => {
    const token = `sk-ant-api03-${'x'.repeat(90)}`;
    expect(repairs(`${token.slice(0, 40)}\n${token.slice(40)}`)).toEqual([
      { key: 'paste.join', values: {}, patch: { value: token } },
    ]);
  });

  test('another provider’s token takes the form to that provider', () => {
    expect(repairs(`sk-proj-${'x'.repeat(40)}`)).toEqual([
      { key: 'paste.switch', values: { provider: 'OpenAI' }, patch: { providerId: 'openai', variable: '' } },
    ]);
  });

  test('an assignment is reduced to its value', () => {
    expect(repairs(`ANTHROPIC_API_KEY=sk-ant-api03-${'x'.repeat(90)}`)[0]).toMatchObject({ key: 'paste.unwrap' });
    expect(repairs(`Authorization: Bearer sk-ant-api03-${'x'.repeat(90)}`)).toEqual([
      { key: 'paste.use-token', values: {}, patch: { value: `sk-ant-api03-${'x'.repeat(90)}` } },
    ]);
  });

  test('several tokens are told apart by their ends', () => {
    const tokens = ['y', 'z'].map((last) => `sk-ant-api03-${'x'.repeat(90)}${last}`);
    expect(repairs(tokens.join('\nor '))).toMatchObject([
      { key: 'paste.use-one', values: { number: 1, masked: '••••••••xxxy' } },
      { key: 'paste.use-one', values: { number: 2, masked: '••••••••xxxz' } },
    ]);
  });

  test('several lines that belong there need no repair', () => {
    expect(repairs('-----BEGIN PRIVATE KEY-----\nabc\n-----END PRIVATE KEY-----')).toEqual([]);
  });
});
