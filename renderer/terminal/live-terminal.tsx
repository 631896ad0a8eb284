import { lazy, Suspense } from 'react';
import { useT } from '../context/services.tsx';
import { ErrorText } from '../failure/error-text.tsx';
import { useTurnTerminal } from './use-turn-terminal.ts';
import './terminal.css';

const TerminalView = lazy(() => import('./view.tsx'));

/** Pixels of the window's height that a session has around its terminal. */
const AROUND = 300;

/** The screen of a turn that runs: everything that is typed goes to its program. */
export function LiveTerminal({ turnId, agent }: { turnId: string; agent: string }) {
  const t = useT();
  const { screen, error, write, resize } = useTurnTerminal(turnId);
  const label = t('terminal.of', { agent });
  if (screen === null) {
    return error === null ? <p className="hint">{t('terminal.starting')}</p> : <ErrorText error={error} />;
  }
  return (
    <section className="terminal-live" aria-label={label}>
      <Suspense fallback={<p className="hint">{t('terminal.starting')}</p>}>
        <TerminalView
          size={screen.size}
          painted={screen.painted}
          label={label}
          onInput={write}
          fit={{ around: AROUND, onFit: resize }}
        />
      </Suspense>
      <p className="hint">{t('terminal.keys')}</p>
      <ErrorText error={error} />
    </section>
  );
}
