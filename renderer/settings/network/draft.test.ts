import { expect, test } from 'vitest';
import type { OwnProxy } from '../../../shared/model/network.ts';
import { draftOf, draftOfDetected, paramsOf } from './draft.ts';

const PROXY: OwnProxy = { url: 'http://proxy:3128', userName: 'ada', password: 'keychain', exceptions: ['a.test'] };

test('an empty password keeps the one that is there, for the same address and user only', () => {
  const draft = draftOf(PROXY);
  expect(paramsOf(draft, PROXY)).toEqual({
    url: 'http://proxy:3128',
    userName: 'ada',
    password: { from: 'kept' },
    storage: 'keychain',
    exceptions: ['a.test'],
  });
  expect(paramsOf({ ...draft, url: 'http://other:3128' }, PROXY).password).toEqual({ from: 'none' });
  expect(paramsOf({ ...draft, userName: 'eve' }, PROXY).password).toEqual({ from: 'none' });
  expect(paramsOf({ ...draft, password: 'new' }, PROXY).password).toEqual({ from: 'typed', value: 'new' });
});

test('without a user name there is no password', () => {
  const params = paramsOf({ ...draftOf(PROXY), userName: ' ', password: 'typed' }, PROXY);
  expect([params.userName, params.password]).toEqual([undefined, { from: 'none' }]);
});

test('exceptions are read however they are written', () => {
  expect(paramsOf({ ...draftOf(undefined), exceptions: 'a, b\n\n c' }, undefined).exceptions).toEqual(['a', 'b', 'c']);
});

test('what the shell said is taken with its password, which is not here', () => {
  const draft = draftOfDetected({ url: 'http://p:1', userName: 'ada', hasPassword: true, exceptions: [] });
  expect(paramsOf(draft, PROXY)).toMatchObject({ url: 'http://p:1', password: { from: 'detected' } });
});
