// Pages before one is in: the first page, logging in, joining with a code. Big type and few words:
// the readers are retired people with a phone.
import type { JSX } from 'preact';
import { fill } from '../kernel/locale.ts';
import { useLocale } from '../web/context.ts';
import { Button, ButtonRow, Form, HiddenToken, TextField } from '../web/forms.tsx';
import { pick } from '../web/locale.ts';
import { ActionLink, Card, DescriptionList, EmptyState, RowList } from '../web/parts.tsx';
import { CODE_DIGITS } from './code.ts';
import { texts } from './texts.ts';

type Values = Readonly<Record<string, string | undefined>>;
export interface FormFacts {
  values?: Values | undefined;
  errors?: Values | undefined;
  csrf?: string | undefined;
}
export interface EstateName {
  code: string;
  name_zh: string;
  name_en: string;
}

const useText = () => pick(texts, useLocale());
const useEstateName = () => {
  const locale = useLocale();
  return ({ name_zh, name_en }: Pick<EstateName, 'name_zh' | 'name_en'>): string =>
    locale === 'en' ? name_en : name_zh;
};

export function LoginPage({ values, errors, next }: FormFacts & { next: string }): JSX.Element {
  const t = useText();
  return (
    <>
      <Card>
        <Form action="/login" values={values} errors={errors}>
          <HiddenToken name="next" value={next} />
          <TextField
            name="login"
            label={t.login_name}
            hint={t.login_hint}
            required
            autocomplete="username"
          />
          <TextField
            name="password"
            type="password"
            label={t.password}
            required
            autocomplete="current-password"
          />
          <ButtonRow>
            <Button>{t.log_in}</Button>
          </ButtonRow>
        </Form>
      </Card>
      <Card
        title={t.no_login}
        actions={
          <ActionLink href="/join" kind="alt">
            {t.join_by_code}
          </ActionLink>
        }
      >
        <p>{t.no_login_text}</p>
      </Card>
      <Card title={t.forgot}>
        <p>{t.forgot_text}</p>
      </Card>
    </>
  );
}

export function LandingPage(): JSX.Element {
  const t = useText();
  return (
    <>
      <Card>
        <ButtonRow>
          <ActionLink href="/login">{t.log_in}</ActionLink>
          <ActionLink href="/join" kind="alt">
            {t.join_by_code}
          </ActionLink>
        </ButtonRow>
      </Card>
      <Card title={t.promise_read}>
        <p>{t.promise_read_text}</p>
      </Card>
      <Card title={t.promise_keys}>
        <p>{t.promise_keys_text}</p>
      </Card>
      <Card title={t.promise_month}>
        <p>{t.promise_month_text}</p>
      </Card>
      <Card title={t.promise_stay}>
        <p>{t.promise_stay_text}</p>
      </Card>
    </>
  );
}

export function EstatesPage({ estates }: { estates: readonly EstateName[] }): JSX.Element {
  const t = useText();
  const nameOf = useEstateName();
  if (estates.length === 0) {
    return (
      <Card>
        <EmptyState
          title={t.no_estate}
          text={t.no_estate_text}
          action={{ href: '/join', label: t.join_by_code }}
        />
      </Card>
    );
  }
  return (
    <Card>
      <RowList
        rows={estates.map((estate) => ({ label: nameOf(estate), href: `/e/${estate.code}` }))}
        more={{ href: '/join', label: t.add_home }}
      />
    </Card>
  );
}

/** First step: the digits of the sheet. */
export function CodePage({ values, errors, csrf }: FormFacts): JSX.Element {
  const t = useText();
  return (
    <Card>
      <Form action="/join/code" values={values} errors={errors} csrf={csrf}>
        <TextField
          name="code"
          label={t.code}
          hint={fill(t.code_hint, { digits: CODE_DIGITS })}
          required
          input_mode="numeric"
          autocomplete="off"
        />
        <ButtonRow>
          <Button>{t.next}</Button>
        </ButtonRow>
      </Form>
    </Card>
  );
}

export interface JoinFacts extends FormFacts {
  code: string;
  estate: EstateName;
  unit: string;
  minimum: number;
  /** Name of whoever is logged in: adds the dwelling to that account. */
  actor_name?: string | undefined;
}

function NewLogin(props: JoinFacts): JSX.Element {
  const t = useText();
  const back = `/join?code=${props.code}`;
  return (
    <Card>
      <Form action="/join" values={props.values} errors={props.errors}>
        <HiddenToken name="code" value={props.code} />
        <TextField
          name="login"
          label={t.choose_login}
          hint={t.choose_login_hint}
          required
          autocomplete="username"
        />
        <TextField
          name="name"
          label={t.choose_name}
          hint={t.choose_name_hint}
          autocomplete="nickname"
        />
        <TextField
          name="password"
          type="password"
          label={t.choose_password}
          required
          autocomplete="new-password"
          hint={fill(t.choose_password_hint, { minimum: props.minimum })}
        />
        <TextField
          name="repeat_password"
          type="password"
          label={t.repeat_password}
          required
          autocomplete="new-password"
        />
        <p class="hint">{t.privacy}</p>
        <ButtonRow>
          <Button>{t.join}</Button>
        </ButtonRow>
      </Form>
      <p>
        <a class="tap" href={`/login?next=${encodeURIComponent(back)}`}>
          {t.have_login}
        </a>
      </p>
    </Card>
  );
}

/** Second step: whose sheet it is, then a login, or the one at hand. */
export function JoinPage(props: JoinFacts): JSX.Element {
  const t = useText();
  const nameOf = useEstateName();
  return (
    <>
      <Card title={t.join_unit} tone="ok">
        <DescriptionList
          items={[
            { term: t.join_estate, value: <strong>{nameOf(props.estate)}</strong> },
            { term: t.join_dwelling, value: <strong>{props.unit}</strong> },
          ]}
        />
        <p class="hint">{t.join_wrong_unit}</p>
      </Card>
      {props.actor_name === undefined ? (
        <NewLogin {...props} />
      ) : (
        <Card>
          <Form action="/join" errors={props.errors} csrf={props.csrf}>
            <HiddenToken name="code" value={props.code} />
            <ButtonRow>
              <Button>{fill(t.join_as, { name: props.actor_name })}</Button>
            </ButtonRow>
          </Form>
        </Card>
      )}
    </>
  );
}
