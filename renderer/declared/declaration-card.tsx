import type { DeclarationView } from '../../shared/model/declaration.ts';
import { useSlices, useT } from '../context/services.tsx';
import { ErrorText } from '../failure/error-text.tsx';
import { Button } from '../ui/button.tsx';
import { Contents } from './contents.tsx';
import './declared.css';
import { useTrust } from './use-trust.ts';

/** The working directory's `perch.toml` where the user has decided on it, with the way back. What is open is asked at home. */
export function DeclarationCard() {
  const { declaration } = useSlices('declaration');
  const isSettled = declaration?.state === 'in-effect' || declaration?.state === 'distrusted';
  return isSettled ? <Settled declaration={declaration} /> : null;
}

function Settled({ declaration }: { declaration: DeclarationView }) {
  const t = useT();
  const { trust, distrust } = useTrust(declaration);
  const { state, file, content } = declaration;
  const action = state === 'in-effect' ? distrust : trust;
  return (
    <section className="card" aria-label={t(`declared.${state}`)}>
      <h3>{t(`declared.${state}`)}</h3>
      <p className="hint">{t(`declared.${state}.hint`, { file })}</p>
      {content && <Contents content={content} />}
      <div className="row">
        <Button disabled={action.pending} onClick={() => action.run()}>
          {t(state === 'in-effect' ? 'declared.takeBack' : 'declared.trust')}
        </Button>
      </div>
      <ErrorText error={action.error} />
    </section>
  );
}
