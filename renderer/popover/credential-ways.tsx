import { lazy, type ReactNode, Suspense, useId, useState } from 'react';
import { choicesIn } from '../../shared/errors/choices.ts';
import type { WireError } from '../../shared/errors/perch-error.ts';
import type { AgentView } from '../../shared/model/agent.ts';
import { useSlices, useT } from '../context/services.tsx';
import { Button } from '../ui/button.tsx';
import '../sign-in/credential-ways.css';
import { SignInLink } from '../sign-in/sign-in-link.tsx';
import { signInFor } from '../sign-in/ways.ts';

const SetUp = lazy(() => import('../credentials/set-up.tsx'));

/**
 * The ways to a credential, side by side: the agent's own sign-in where it has one, and the field for a key, which opens
 * right there. With no sign-in and `opened` the field is there from the start.
 */
export function CredentialWays({
  agent,
  error,
  opened = false,
  children,
}: {
  agent: AgentView | undefined;
  error: WireError;
  opened?: boolean;
  children?: ReactNode;
}) {
  const t = useT();
  const id = useId();
  const login = signInFor(agent, error);
  const always = opened && login === undefined;
  const [open, setOpen] = useState(false);
  const providerId = useProvider(agent, error);
  return (
    <>
      <div className="row credential-ways">
        {login !== undefined && agent !== undefined && <SignInLink agentId={agent.agentId} name={login.name} />}
        {!always && (
          <Button icon="key" aria-expanded={open} aria-controls={id} onClick={() => setOpen(!open)}>
            {t('pasteKey')}
          </Button>
        )}
        {children}
      </div>
      <div id={id} hidden={!open && !always}>
        {(open || always) && (
          <Suspense fallback={<p className="hint">{t('loading')}</p>}>
            <SetUp providerId={providerId} choices={choicesIn(error)} focused={open} />
          </Suspense>
        )}
      </div>
    </>
  );
}

function useProvider(agent: AgentView | undefined, { values }: WireError): string | undefined {
  const { providers } = useSlices('providers');
  const named = values.providerId;
  const known = providers.some(({ providerId }) => providerId === named);
  return known && typeof named === 'string' ? named : (agent?.effective.providerId ?? agent?.providerIds[0]);
}
