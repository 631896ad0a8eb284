import { useState } from 'react';
import type { DetectedNetwork } from '../../../shared/model/network.ts';
import { useServices, useT } from '../../context/services.tsx';
import { useAction } from '../../context/use-action.ts';
import { ErrorText } from '../../failure/error-text.tsx';
import { Button } from '../../ui/button.tsx';
import { CertificatesForm } from './certificates-form.tsx';
import { ProxyForm } from './proxy-form.tsx';
import { TryIt } from './try-it.tsx';

/** The user's network between this machine and the internet: a proxy, a certificate authority of its own. */
export function OwnNetwork() {
  const [taken, setTaken] = useState<{ found: DetectedNetwork; at: number } | null>(null);
  const take = (found: DetectedNetwork) => setTaken((before) => ({ found, at: (before?.at ?? 0) + 1 }));
  const { proxy, certificateFile } = taken?.found ?? {};
  return (
    <>
      <Detect onTake={take} />
      <ProxyForm key={`proxy-${taken?.at}`} detected={proxy} />
      <CertificatesForm key={`certificates-${taken?.at}`} detected={certificateFile} />
      <TryIt />
    </>
  );
}

/** Asks the login shell, shows what it says, and puts it into the forms when the user wants it there. */
function Detect({ onTake }: { onTake: (found: DetectedNetwork) => void }) {
  const t = useT();
  const { transport } = useServices();
  const [found, setFound] = useState<DetectedNetwork | null>(null);
  const detect = useAction(async () => setFound(await transport.call('network.detect', {})));
  return (
    <section className="stack" aria-label={t('network.detect')}>
      <p className="hint">{t('network.detect.hint')}</p>
      <div className="row">
        <Button disabled={detect.pending} onClick={() => detect.run()}>
          {t(detect.pending ? 'network.detect.pending' : 'network.detect')}
        </Button>
      </div>
      <div role="status" className="said">
        {found && <Found found={found} onTake={() => onTake(found)} />}
      </div>
      <ErrorText error={detect.error} />
    </section>
  );
}

function Found({ found, onTake }: { found: DetectedNetwork; onTake: () => void }) {
  const t = useT();
  const { shell, proxy, certificateFile } = found;
  if (proxy === undefined && certificateFile === undefined) return <p>{t('network.detect.nothing', { shell })}</p>;
  return (
    <div className="card stack">
      {proxy && (
        <p>
          {t('network.detect.proxy')} <code>{proxy.url}</code>
          {proxy.hasPassword && ` ${t('network.detect.password')}`}
        </p>
      )}
      {certificateFile && (
        <p>
          {t('network.detect.certificates')} <code>{certificateFile}</code>
        </p>
      )}
      <div className="row">
        <Button onClick={onTake}>{t('network.detect.take')}</Button>
      </div>
    </div>
  );
}
