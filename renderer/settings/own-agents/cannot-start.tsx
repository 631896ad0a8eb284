import type { AgentView } from '../../../shared/model/agent.ts';
import { useServices, useT } from '../../context/services.tsx';
import { useAction } from '../../context/use-action.ts';
import { ErrorText } from '../../failure/error-text.tsx';
import { Button } from '../../ui/button.tsx';

/** The warning that stays on an agent which was added although it could not start, and another try. */
export function CannotStart({ agent: { cannotStart, origin } }: { agent: AgentView }) {
  const t = useT();
  const { transport } = useServices();
  const definition = origin?.definition;
  const again = useAction(async () => {
    if (definition !== undefined) await transport.call('userAgents.change', { definition, anyway: true });
  });
  if (cannotStart === undefined) return null;
  return (
    <>
      <ErrorText error={cannotStart} />
      <div className="row">
        <Button onClick={() => again.run()} disabled={again.pending}>
          {t(again.pending ? 'ownAgent.trying' : 'ownAgent.tryAgain')}
        </Button>
      </div>
      <ErrorText error={again.error} />
    </>
  );
}
