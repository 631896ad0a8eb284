import de from '../../../resources/locales/de/notifications.json' with { type: 'json' };
import en from '../../../resources/locales/en/notifications.json' with { type: 'json' };
import fr from '../../../resources/locales/fr/notifications.json' with { type: 'json' };
import type { Locale } from '../../../shared/i18n/locale.ts';
import { createTranslator, type Translate } from '../../../shared/i18n/translate.ts';
import type { RunEvent, StoredRunEvent, TurnSummary } from '../../../shared/model/run-event.ts';
import { excerptOf } from '../../../shared/permissions/fit.ts';
import { permissionView } from '../../../shared/permissions/view.ts';
import type { Notifications } from '../ports.ts';

const MESSAGES = { en, de, fr };

/** Notifies the user of turns that wait or ended while no window shows them. */
export function createNotifier(options: {
  notifications: Notifications;
  hasWindow: () => boolean;
  locale: () => Locale;
  turn: (turnId: string) => Pick<TurnSummary, 'agentId' | 'projectDir' | 'promptPreview'>;
  agentName: (agentId: string, projectDir: string) => string;
}) {
  const { notifications, hasWindow, turn, agentName } = options;
  const translate = () => createTranslator(MESSAGES[options.locale()]);
  return {
    run({ turnId, event }: StoredRunEvent): void {
      const key = keyOf(event);
      if (key === undefined || hasWindow()) return;
      const { agentId, projectDir, promptPreview } = turn(turnId);
      const t = translate();
      const body = event.type === 'permission.requested' ? askedFor(event, t) : promptPreview;
      notifications.show({ title: t(key, { agent: agentName(agentId, projectDir) }), body, turnId });
    },
    /** Shown also beside a window, which cannot know of it. */
    logFailed(log: string): void {
      const t = translate();
      notifications.show({ title: t('notification.log-failed'), body: t('notification.log-failed-body', { log }) });
    },
  };
}

/** Desktops cut what is longer, and say so nowhere. */
const ROOM = { lines: 5, chars: 240 };

/** The whole request, or its beginning and that there is more. A notification offers no answer in either case. */
function askedFor(event: Extract<RunEvent, { type: 'permission.requested' }>, t: Translate): string {
  const view = permissionView(event);
  const { text, moreChars } = excerptOf(view, ROOM);
  const lines = [text, ...(view.answers.because === 'nothing' ? [t('notification.permission-nothing')] : [])];
  return (moreChars === 0 ? lines : [...lines, t('notification.permission-more')]).join('\n');
}

const LEAKS: readonly string[] = ['notice.leak-output', 'notice.leak-log'];

/** Cancelled turns are the user's own doing: they know. */
function keyOf(event: RunEvent): string | undefined {
  if (event.type === 'permission.requested') return 'notification.permission';
  if (event.type === 'notice' && LEAKS.includes(event.key)) return 'notification.leak';
  if (event.type !== 'turn.ended' || event.result.outcome === 'cancelled') return undefined;
  return `notification.${event.result.outcome}`;
}
