import { expect, test } from 'vitest';
import errors from '../../resources/locales/en/errors.json' with { type: 'json' };
import { toWireError } from '../errors/perch-error.ts';
import { describeError, describeErrorWithCode } from './describe-error.ts';
import { createTranslator } from './translate.ts';

const t = createTranslator(errors);

test('a code becomes its sentence, filled', () => {
  const error = { code: 'PROJECT_NOT_FOUND', values: { directory: '/nowhere' } } as const;
  expect(describeError(error, t)).toBe('The folder /nowhere does not exist. Choose an existing folder.');
  expect(describeErrorWithCode({ code: 'PROMPT_EMPTY', values: {} }, t)).toBe(
    'The prompt is empty. Write what the agent should do. (PROMPT_EMPTY)',
  );
});

test('an unexpected error has a sentence, and says nothing of its own message', () => {
  const sentence = describeError(toWireError(new Error('secret detail')), t);
  expect(sentence).toBe('Perch has an internal error. Its log (perch logs core) says what happened.');
});

test("an agent's words in it cannot drive a terminal or turn the text around", () => {
  const reason = 'no\u001b[2J\u001b]52;c;cm0gLXJm\u0007 \u009b1A\u202eway\ntwo\tlines';
  const sentence = describeErrorWithCode({ code: 'SANDBOX_FAILED', values: { reason } }, t);
  expect(sentence).toContain('no[2J]52;c;cm0gLXJm 1Away\ntwo\tlines');
});
