import type { MessageBoxOptions } from 'electron';
import type { Translate } from '../../../shared/i18n/translate.ts';
import type { TurnSummary } from '../../../shared/model/run-event.ts';

/** In the order of the buttons. */
export const QUIT_ANSWERS = ['finish', 'stop', 'stay'] as const;
export type QuitAnswer = (typeof QUIT_ANSWERS)[number];

const SHOWN = 5;

/** The question before a quit that would cut turns off. Return takes the choice that loses nothing, Escape stays. */
export function quitQuestion(running: readonly TurnSummary[], t: Translate): MessageBoxOptions {
  const shown = running.slice(0, SHOWN).map(({ promptPreview }) => `• ${promptPreview.slice(0, 80)}`);
  const more = running.length - shown.length;
  return {
    type: 'question',
    title: 'Perch',
    message: t('tray.quit.question', { count: running.length }),
    detail: [...shown, ...(more > 0 ? [t('tray.quit.more', { count: more })] : [])].join('\n'),
    buttons: QUIT_ANSWERS.map((answer) => t(`tray.quit.${answer}`)),
    defaultId: QUIT_ANSWERS.indexOf('finish'),
    cancelId: QUIT_ANSWERS.indexOf('stay'),
    noLink: true,
  };
}
