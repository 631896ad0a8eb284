import { useEffect, useState } from 'react';
import type { Result } from '../../shared/contract/methods.ts';
import { useServices, useT } from '../context/services.tsx';
import { useAction } from '../context/use-action.ts';
import { ErrorText } from '../failure/error-text.tsx';
import { Button } from '../ui/button.tsx';

type Source = Result<'providers.modelsSource'>['source'];

/** Where models, limits and prices are from, and the way to newer ones. */
export function ModelsSource() {
  const t = useT();
  const { transport } = useServices();
  const [source, setSource] = useState<Source>();
  const look = useAction(async () => setSource((await transport.call('providers.modelsSource', {})).source));
  const refresh = useAction(async () => setSource((await transport.call('providers.refreshModels', {})).source));
  const lookNow = look.run;
  useEffect(() => void lookNow(), [lookNow]);
  return (
    <div className="card">
      <div className="row row-between">
        <p className="hint" role="status">
          {source === undefined
            ? t('models.noSource')
            : t('models.source', { source: source.source, date: source.date })}
        </p>
        <Button onClick={() => refresh.run()} disabled={refresh.pending}>
          {t('models.refresh')}
        </Button>
      </div>
      <ErrorText error={refresh.error ?? look.error} />
    </div>
  );
}
