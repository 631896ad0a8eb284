import type { BackgroundAction, BackgroundProcess, BackgroundSession } from '../../shared/model/background.ts';
import type { TranscriptItem } from '../../shared/transcript/fold.ts';
import { useApp, useServices, useT } from '../context/services.tsx';
import { type Action, useAction } from '../context/use-action.ts';
import { ErrorText } from '../failure/error-text.tsx';
import { shortPath } from '../i18n/format.ts';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { List } from '../ui/list.tsx';
import './background-card.css';

type Left = Extract<TranscriptItem, { kind: 'background' }>;

/** The processes that a turn left running: with their controls until the next turn, then as what was. */
export function BackgroundCard({ left, turnId }: { left: Left; turnId: string }) {
  const live = useApp(({ background }) => background.find((session) => session.turnId === turnId));
  return live === undefined ? <Past left={left} /> : <Live session={live} />;
}

function Past({ left }: { left: Left }) {
  const t = useT();
  return left.processes.map(({ processId, command }) => (
    <p key={processId} className="notice background-command">
      <Icon name="tool" />
      <span>{t('background.left', { command })}</span>
    </p>
  ));
}

function Live({ session }: { session: BackgroundSession }) {
  const t = useT();
  const { transport } = useServices();
  const { sessionId, state, processes } = session;
  const act = useAction((action: BackgroundAction) => transport.call('turns.background', { sessionId, act: action }));
  const isPaused = state === 'paused';
  const all = processes.length > 1 ? 'All' : '';
  return (
    <>
      <section className="background" aria-label={t('background')}>
        <List>
          {processes.map((process) => (
            <Process key={process.processId} process={process} session={session} act={act} />
          ))}
        </List>
        {!isPaused && <Protected session={session} />}
        <Button onClick={() => void act.run({ action: isPaused ? 'keep' : 'pause' })} disabled={act.pending}>
          {t(`background.${isPaused ? 'keep' : 'pause'}${all}`)}
        </Button>
      </section>
      <ErrorText error={act.error} />
    </>
  );
}

interface ProcessProps {
  readonly process: BackgroundProcess;
  readonly session: BackgroundSession;
  readonly act: Action<[BackgroundAction]>;
}

function Process({ process: { processId, command, ports }, session: { state, ownNetwork }, act }: ProcessProps) {
  const t = useT();
  return (
    <li>
      <span className="background-command">
        <span role="status">{t(`background.${state}`, { command })}</span>
        {ports.length > 0 && (
          <span className="hint">{t(`background.port${ownNetwork ? '.own' : ''}`, { ports: ports.join(', ') })}</span>
        )}
      </span>
      <Button
        look="quiet"
        icon="stop"
        aria-label={t('background.stop.name', { command })}
        onClick={() => void act.run({ action: 'stop', processId })}
        disabled={act.pending}
      >
        {t('background.stop')}
      </Button>
    </li>
  );
}

/** So many names stand in the sentence. */
const NAMED = 3;

function Protected({ session: { protected: names, projectDir } }: { session: BackgroundSession }) {
  const t = useT();
  if (names.length === 0) return null;
  const more = names.length - NAMED;
  const shown = { names: names.slice(0, NAMED).join(', '), folder: shortPath(projectDir, 40) };
  return (
    <details className="background-protected">
      <summary>
        {more > 0 ? t('background.protected.more', { ...shown, count: more }) : t('background.protected', shown)}
      </summary>
      <p className="hint">{names.join(', ')}</p>
    </details>
  );
}
