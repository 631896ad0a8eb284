import { createElement, type ReactNode } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { TranslateProvider } from '../context/services.tsx';
import { AgentSentence, AgentText } from './agent-text.tsx';

const SENTENCES: Readonly<Record<string, string>> = { asks: '{agent} asks: {title}', past: '{title} : {answer}' };

/** Values are filled in one after the other here: what an agent writes must not be taken for a placeholder's place. */
const t = (key: string, values: Readonly<Record<string, string | number>> = {}) =>
  Object.entries(values).reduce(
    (text, [name, value]) => text.replace(`{${name}}`, String(value)),
    SENTENCES[key] ?? '',
  );
const markup = (children: ReactNode) => renderToStaticMarkup(createElement(TranslateProvider, { t, children }));

test('the text of an agent stands apart from the direction of the text around it', () => {
  expect(markup(<AgentText>{'Run `ls`'}</AgentText>)).toBe('<bdi>Run `ls`</bdi>');
  expect(markup(<AgentText>{'مرحبا שלום 👩\u200d💻'}</AgentText>)).toBe('<bdi>مرحبا שלום 👩\u200d💻</bdi>');
});

test('no mark in it turns the direction of what is read', () => {
  // Of U+061C, U+200E, U+200F, U+202A–U+202E and U+2066–U+2069, a closing one (U+2069) would also end the isolation.
  const marks = '\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069';
  expect(markup(<AgentText>{`rm ${marks}-rf x`}</AgentText>)).toBe('<bdi>rm -rf x</bdi>');
});

test('in a sentence, each value stands apart', () => {
  expect(markup(<AgentSentence of="asks" values={{ agent: 'Codex', title: 'Run \u202els' }} />)).toBe(
    '<bdi>Codex</bdi> asks: <bdi>Run ls</bdi>',
  );
  expect(markup(<AgentSentence of="past" values={{ title: 'a', answer: 'b' }} />)).toBe('<bdi>a</bdi> : <bdi>b</bdi>');
});

test('a value that looks like a place in the sentence is only text', () => {
  const title = '{answer} \ufffcanswer\ufffc <b>';
  expect(markup(<AgentSentence of="past" values={{ title, answer: 'No' }} />)).toBe(
    '<bdi>{answer} \ufffcanswer\ufffc &lt;b&gt;</bdi> : <bdi>No</bdi>',
  );
});
