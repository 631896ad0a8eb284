import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { PerchError } from '../../../../shared/errors/perch-error.ts';
import type { GuardedFile } from '../../../../shared/model/guarded-file.ts';
import type { AgentEvent } from '../../../../shared/model/run-event.ts';
import { createHarness, type Harness } from '../testing/harness.ts';

let harness: Harness;
beforeEach(() => {
  harness = createHarness();
});
afterEach(async () => {
  expect(harness.broken()).toEqual([]);
  await harness.end();
});

const SEEN = { node: '1:2', hash: 'aa' };
const event = (file: Partial<GuardedFile> = {}): AgentEvent => ({
  type: 'file.guarded',
  fileId: randomUUID(),
  path: 'sub/.envrc',
  reason: 'name',
  how: 'renamed',
  aside: 'sub/.envrc.quarantined',
  identity: SEEN,
  ...file,
});
const UNCLEAR = { path: 'perch.toml', how: 'unclear', aside: undefined } as const;

/** A turn that ended, in which this was said. */
async function turnWith(...events: AgentEvent[]): Promise<string> {
  const { turnId } = await harness.prompted();
  for (const one of events) harness.runner.say(turnId, one);
  harness.runner.finish(turnId);
  await harness.event(turnId);
  return turnId;
}

test('what was set aside is put back as it was looked at, without a session, and stays answered after a restart', async () => {
  const { service, runner, projectDir } = harness;
  const turnId = await turnWith(event(), event({ path: 'perch.toml', aside: 'perch.toml.quarantined' }));
  const [first, second] = service.guarded.ofTurn(turnId);
  if (first === undefined || second === undefined) throw new Error('both are known');
  expect(first).toMatchObject({ turnId, projectDir, path: 'sub/.envrc', aside: 'sub/.envrc.quarantined' });
  expect(service.get(turnId).guarded?.open).toBe(2);
  runner.answer('aside.putBack', async () => ({}));
  const { fileId } = first;

  // A title is no consent, and neither is what somebody looked at before it changed.
  const without = service.guarded.answer({ fileId, answer: 'put-back' });
  await expect(without).rejects.toMatchObject({ code: 'INVALID_PARAMS' });
  const other = service.guarded.answer({ fileId, answer: 'put-back', seen: { ...SEEN, hash: 'bb' } });
  await expect(other).rejects.toMatchObject({ code: 'ASIDE_CHANGED' });
  expect(runner.calls('aside.putBack')).toEqual([]);

  await service.guarded.answer({ fileId, answer: 'put-back', seen: SEEN });
  const { path, aside } = first;
  expect(runner.calls('aside.putBack')).toEqual([{ root: projectDir, path, aside, identity: SEEN }]);
  await service.guarded.answer({ fileId: second.fileId, answer: 'keep-aside' });
  expect(service.get(turnId).guarded?.open).toBe(0);

  const again = harness.createService();
  expect(again.guarded.ofTurn(turnId).map(({ answer }) => answer)).toEqual(['put-back', 'keep-aside']);
  expect(again.guarded.openIn(projectDir)).toEqual([]);
  await expect(again.guarded.answer({ fileId, answer: 'keep-aside' })).rejects.toMatchObject({
    code: 'ASIDE_ANSWERED',
  });
  await again.dispose();
});

test('an answer that could not be carried out does not count', async () => {
  const { service, runner } = harness;
  const turnId = await turnWith(event());
  const [file] = service.guarded.ofTurn(turnId);
  const fileId = file?.fileId ?? '';
  for (const code of ['ASIDE_PLACE_TAKEN', 'ASIDE_CHANGED', 'ASIDE_GONE', 'ASIDE_BUSY'] as const) {
    runner.answer('aside.putBack', async () => {
      throw new PerchError(code);
    });
    await expect(service.guarded.answer({ fileId, answer: 'put-back', seen: SEEN })).rejects.toMatchObject({ code });
    expect(service.guarded.ofTurn(turnId)).toEqual([file]);
  }
});

test('of two answers at once the first counts', async () => {
  const { service, runner } = harness;
  const turnId = await turnWith(event());
  const fileId = service.guarded.ofTurn(turnId)[0]?.fileId ?? '';
  const slow = Promise.withResolvers<Record<string, never>>();
  runner.answer('aside.putBack', () => slow.promise);
  const both = [
    service.guarded.answer({ fileId, answer: 'put-back', seen: SEEN }),
    service.guarded.answer({ fileId, answer: 'keep-aside' }),
  ];
  slow.resolve({});
  expect((await Promise.allSettled(both)).map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  expect(service.guarded.ofTurn(turnId)[0]?.answer).toBe('put-back');
});

test('a file in question that is the user’s is not asked about again until its content is another', async () => {
  const { service, runner } = harness;
  const first = await turnWith(event(UNCLEAR));
  const [file] = service.guarded.ofTurn(first);
  expect(service.get(first).guarded?.open).toBe(1);
  await service.guarded.answer({ fileId: file?.fileId ?? '', answer: 'mine' });
  expect(runner.calls('aside.setAside')).toEqual([]);

  const same = { node: '1:3', hash: 'aa' };
  const second = await turnWith(
    event({ ...UNCLEAR, identity: same }),
    event({ ...UNCLEAR, identity: { ...same, hash: 'cc' } }),
  );
  expect(service.guarded.ofTurn(second).map(({ identity }) => identity?.hash)).toEqual(['cc']);
  // Neither of another file, nor of what the agent surely made.
  const third = await turnWith(event({ ...UNCLEAR, path: '.envrc' }), event({ path: 'perch.toml' }));
  expect(service.guarded.ofTurn(third)).toHaveLength(2);
});

test('a file that is saved again while its question stands is asked about once, and the answer is about what is there', async () => {
  const { service, runner } = harness;
  const saved = (hash: string) => event({ ...UNCLEAR, identity: { node: '1:4', hash } });
  const turnId = await turnWith(saved('01'), saved('02'), saved('03'));
  const files = service.guarded.ofTurn(turnId);
  expect(files.map(({ identity }) => identity?.hash)).toEqual(['03']);
  runner.answer('aside.look', async () => ({ identity: { node: '1:4', hash: '04' }, entries: [] }));
  await service.guarded.answer({ fileId: files[0]?.fileId ?? '', answer: 'mine' });
  const again = await turnWith(saved('04'), saved('03'));
  expect(service.guarded.ofTurn(again).map(({ identity }) => identity?.hash)).toEqual(['03']);
});

test('a file in question that is set aside can be put back like every other', async () => {
  const { service, runner } = harness;
  const turnId = await turnWith(event(UNCLEAR));
  const fileId = service.guarded.ofTurn(turnId)[0]?.fileId ?? '';
  const aside = { aside: 'perch.toml.quarantined', identity: { node: '1:9', hash: 'dd' } };
  runner.answer('aside.setAside', async () => aside);
  const after = await service.guarded.answer({ fileId, answer: 'set-aside' });
  expect(after).toMatchObject({ how: 'renamed', answer: 'set-aside', ...aside });
  expect(service.get(turnId).guarded?.open).toBe(1);
  runner.answer('aside.putBack', async () => ({}));
  expect(await service.guarded.answer({ fileId, answer: 'put-back', seen: aside.identity })).toMatchObject({
    answer: 'put-back',
  });
});

test('a file that is gone or cannot be shown whole is not put back', async () => {
  const { service } = harness;
  const turnId = await turnWith(event({ identity: undefined }), event({ how: 'disarmed', identity: undefined }));
  for (const { fileId } of service.guarded.ofTurn(turnId)) {
    const given = service.guarded.answer({ fileId, answer: 'put-back', seen: SEEN });
    await expect(given).rejects.toMatchObject({ code: 'ASIDE_ANSWERED' });
  }
});
