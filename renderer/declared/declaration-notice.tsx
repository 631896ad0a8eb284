import type { DeclarationView, DeclaredEndpoint } from '../../shared/model/declaration.ts';
import { useSlices, useT } from '../context/services.tsx';
import { ErrorText } from '../failure/error-text.tsx';
import { providerName } from '../stores/select.ts';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import { Contents, News, Problems } from './contents.tsx';
import './declared.css';
import { useTrust } from './use-trust.ts';

/** Asks the user about the working directory's `perch.toml`; shows nothing while there is no question. */
export function DeclarationNotice() {
  const { declaration } = useSlices('declaration');
  switch (declaration?.state) {
    case 'untrusted':
    case 'changed':
      return <AskTrust declaration={declaration} />;
    case 'invalid':
      return <NotUnderstood declaration={declaration} />;
    case 'in-effect':
      return <Endpoints declaration={declaration} />;
    case 'distrusted':
    case undefined:
      return null;
  }
}

function AskTrust({ declaration }: { declaration: DeclarationView }) {
  const t = useT();
  const { trust, distrust } = useTrust(declaration);
  const { state, file, content, news } = declaration;
  const pending = trust.pending || distrust.pending;
  return (
    <section aria-label={t(`declared.ask.${state}`)}>
      <Banner
        tone="warn"
        title={t(`declared.ask.${state}`)}
        actions={
          <>
            <Button look="primary" disabled={pending} onClick={() => trust.run()}>
              {t('declared.trust')}
            </Button>
            <Button look="quiet" disabled={pending} onClick={() => distrust.run()}>
              {t('declared.distrust')}
            </Button>
          </>
        }
      >
        <p>{t(`declared.ask.${state}.hint`, { file })}</p>
        <News news={news} />
        {content && <Contents content={content} />}
        <ErrorText error={trust.error ?? distrust.error} />
      </Banner>
    </section>
  );
}

function NotUnderstood({ declaration: { file, problems } }: { declaration: DeclarationView }) {
  const t = useT();
  return (
    <section aria-label={t('declared.invalid')}>
      <Banner tone="error" title={t('declared.invalid')}>
        <p>{t('declared.invalid.hint', { file })}</p>
        <Problems problems={problems} />
      </Banner>
    </section>
  );
}

function Endpoints({ declaration }: { declaration: DeclarationView }) {
  const open = declaration.content?.endpoints.filter(({ confirmed }) => !confirmed) ?? [];
  return open.map((endpoint) => (
    <ConfirmEndpoint key={endpoint.providerId} declaration={declaration} endpoint={endpoint} />
  ));
}

function ConfirmEndpoint({ declaration, endpoint }: { declaration: DeclarationView; endpoint: DeclaredEndpoint }) {
  const t = useT();
  const app = useSlices('providers');
  const { confirm } = useTrust(declaration);
  const { providerId, origin } = endpoint;
  const provider = providerName(app, providerId);
  return (
    <section aria-label={t('declared.confirm', { provider })}>
      <Banner
        tone="warn"
        title={t('declared.confirm', { provider })}
        actions={
          <Button disabled={confirm.pending} onClick={() => confirm.run(providerId, origin)}>
            {t('declared.confirm.submit')}
          </Button>
        }
      >
        <p>
          {t('declared.confirm.hint', { provider })} <code>{origin}</code>
        </p>
        <ErrorText error={confirm.error} />
      </Banner>
    </section>
  );
}
