import { useState } from 'react';
import { HOME } from '../context/route.ts';
import { useServices, useT } from '../context/services.tsx';
import { useAction } from '../context/use-action.ts';
import { ErrorText } from '../failure/error-text.tsx';
import { Button } from '../ui/button.tsx';

/** At the end of a conversation in which nothing runs; it asks first, since nothing brings it back. */
export function DeleteConversation({ sessionId }: { sessionId: string }) {
  const t = useT();
  const { transport, location } = useServices();
  const [asking, setAsking] = useState(false);
  const remove = useAction(async () => {
    await transport.call('turns.deleteSession', { sessionId });
    location.replace(HOME);
  });
  if (!asking) {
    return (
      <Button look="quiet" className="delete-conversation" onClick={() => setAsking(true)}>
        {t('conversation.delete')}
      </Button>
    );
  }
  return (
    <fieldset className="delete-question">
      <legend>{t('conversation.delete.ask')}</legend>
      <div className="row">
        <Button look="danger" onClick={() => void remove.run()} disabled={remove.pending}>
          {t('conversation.delete.yes')}
        </Button>
        <Button autoFocus onClick={() => setAsking(false)}>
          {t('keep')}
        </Button>
      </div>
      <ErrorText error={remove.error} />
    </fieldset>
  );
}
