// @vitest-environment happy-dom
import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createLocation } from '../context/location.ts';
import { ServicesProvider } from '../context/services.tsx';
import { useAction } from '../context/use-action.ts';
import { createFakeTransport } from '../dev/fake-transport.ts';
import { STATE } from '../dev/fixtures.ts';
import { createAppStore } from '../stores/app-store.ts';
import { FormFrame } from './form-frame.tsx';
import { FormTitle } from './form-title.tsx';
import { useDraft } from './use-draft.ts';

/** A form as the settings have them. Its saving ends when the test says so. */
function Form({ save }: { save: (name: string) => Promise<unknown> }) {
  const { draft, change, replace } = useDraft({ name: '', kept: 'kept' }, () => action.clear());
  const action = useAction(async () => {
    await save(draft.name);
    replace((current) => ({ ...current, name: '' }));
  });
  return (
    <FormFrame
      title="Heading"
      className="more"
      action={action}
      ready={draft.name !== ''}
      onSubmit={() => action.run()}
      submit="Save"
      buttons={<button type="button">Cancel</button>}
      after={<output>{draft.kept}</output>}
    >
      <input value={draft.name} onChange={(event) => change({ name: event.target.value })} />
      <button type="button" onClick={() => change({ name: 'typed' })}>
        Type
      </button>
    </FormFrame>
  );
}

let place: HTMLElement;
let root: ReturnType<typeof createRoot>;
let saved: string[];
let answer: PromiseWithResolvers<void>;
beforeEach(() => {
  place = document.createElement('div');
  document.body.append(place);
  root = createRoot(place);
  saved = [];
  answer = Promise.withResolvers();
  const save = (name: string) => {
    saved.push(name);
    return answer.promise;
  };
  const { transport } = createFakeTransport(STATE, { kind: 'open' });
  const timers = { now: () => 0, after: () => () => {} };
  const services = { transport, appStore: createAppStore(transport), location: createLocation(window), timers };
  flushSync(() =>
    root.render(
      <ServicesProvider services={services}>
        <Form save={save} />
      </ServicesProvider>,
    ),
  );
});
afterEach(() => {
  root.unmount();
  place.remove();
});

const form = () => place.querySelector('form') as HTMLFormElement;
const submitButton = () => place.querySelector('[type=submit]') as HTMLButtonElement;
const press = (name: string) =>
  flushSync(() => [...place.querySelectorAll('button')].find(({ textContent }) => textContent === name)?.click());
const submit = () => {
  const event = new Event('submit', { bubbles: true, cancelable: true });
  flushSync(() => form().dispatchEvent(event));
  return event;
};
test('a form is named by its heading, and shows its parts in their order', () => {
  expect(form().className).toBe('card form more');
  const heading = place.querySelector('h3');
  expect(form().getAttribute('aria-labelledby')).toBe(heading?.id);
  const parts = [...form().children].map(({ tagName }) => tagName);
  expect(parts).toEqual(['H3', 'INPUT', 'BUTTON', 'DIV', 'OUTPUT']);
  expect([...place.querySelectorAll('.row button')].map(({ textContent }) => textContent)).toEqual(['Save', 'Cancel']);
});

test('an incomplete form is not submitted, and the browser never sends it', () => {
  expect(submitButton().disabled).toBe(true);
  expect(submit().defaultPrevented).toBe(true);
  expect(saved).toEqual([]);
});

test('it is submitted once at a time; other values keep their place when one is replaced', async () => {
  press('Type');
  expect(submitButton().disabled).toBe(false);
  submit();
  submit();
  expect(saved).toEqual(['typed']);
  expect(submitButton().disabled).toBe(true);
  answer.resolve();
  await vi.waitFor(() => expect(place.querySelector('input')?.value).toBe(''));
  expect(place.querySelector('output')?.textContent).toBe('kept');
});

test('a failure is shown above the buttons, keeps the draft, and goes with the next edit', async () => {
  press('Type');
  submit();
  answer.reject(new Error('broken'));
  const alert = await vi.waitUntil(() => place.querySelector('[role=alert]'));
  expect(alert.nextElementSibling?.className).toBe('row');
  expect(place.querySelector('input')?.value).toBe('typed');
  press('Type');
  expect(place.querySelector('[role=alert]')).toBeNull();
});

test('a form that replaces something says what, and can be left', () => {
  const left = vi.fn();
  const title = (replaced: string | null) => (
    <FormTitle replaced={replaced} onStopReplacing={left}>
      Add
    </FormTitle>
  );
  flushSync(() => root.render(title(null)));
  expect(place.innerHTML).toBe('<h3>Add</h3>');
  flushSync(() => root.render(title('Replace X')));
  expect(place.querySelector('h3')?.textContent).toBe('Replace X');
  press('keep');
  expect(left).toHaveBeenCalledOnce();
});
