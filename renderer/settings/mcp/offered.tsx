import { useEffect, useState } from 'react';
import type { Result } from '../../../shared/contract/methods.ts';
import type { McpOffer } from '../../../shared/model/mcp-server.ts';
import { useServices, useSlices, useT } from '../../context/services.tsx';
import { useAction } from '../../context/use-action.ts';
import { ErrorText } from '../../failure/error-text.tsx';
import { workingDirectory } from '../../stores/select.ts';
import { Button } from '../../ui/button.tsx';
import { List } from '../../ui/list.tsx';
import { targetOf } from './target.ts';

/** Servers that the folder's own file describes: none of them is told to a session before it is taken over. */
export function OfferedServers() {
  const t = useT();
  const app = useSlices('mcpServers', 'host', 'settings');
  const { transport } = useServices();
  const projectDir = workingDirectory(app);
  const [offered, setOffered] = useState<Result<'mcp.offered'>>();
  const look = useAction(async () => setOffered(await transport.call('mcp.offered', { projectDir })));
  const lookNow = look.run;
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is taken and what is free changes with the servers
  useEffect(() => void lookNow(), [lookNow, projectDir, app.mcpServers]);
  if (look.error !== null) return <ErrorText error={look.error} />;
  if (offered?.file === undefined || offered.offers.length === 0) return null;
  return (
    <section className="stack" aria-labelledby="mcp-offered">
      <h3 id="mcp-offered">{t('mcp.offered')}</h3>
      <p className="hint">{t('mcp.offered.hint', { file: offered.file })}</p>
      <List className="stack" aria-labelledby="mcp-offered">
        {offered.offers.map((offer, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: names that are secrets are all shown alike
          <OfferRow key={`${offer.name} ${index}`} offer={offer} projectDir={projectDir} />
        ))}
      </List>
    </section>
  );
}

function OfferRow({ offer, projectDir }: { offer: McpOffer; projectDir: string }) {
  const t = useT();
  const { transport } = useServices();
  const { name } = offer;
  const take = useAction(async () => {
    if (offer.state !== 'free') return;
    await transport.call('mcp.set', { scope: { kind: 'project', projectDir }, name, transport: offer.transport });
  });
  return (
    <li className="credential">
      <div className="credential-text">
        <p className="variable-line">
          <strong>{name}</strong>{' '}
          {offer.state === 'free' && <code className="variable-shown">{targetOf(offer.transport)}</code>}
        </p>
        {offer.state === 'taken' && <p className="hint">{t('mcp.offered.taken')}</p>}
        <ErrorText error={offer.state === 'refused' ? offer.error : take.error} />
      </div>
      {offer.state === 'free' && (
        <div className="row credential-actions">
          <Button
            look="quiet"
            onClick={() => take.run()}
            disabled={take.pending}
            aria-label={t('mcp.offered.take.named', { name })}
          >
            {t('mcp.offered.take')}
          </Button>
        </div>
      )}
    </li>
  );
}
