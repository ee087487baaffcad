// Choices about notices and the address of one's feed, phone first.
import type { JSX } from 'preact';
import { fill } from '../kernel/locale.ts';
import { topicNames, topics, ways, type LetterChoice } from '../kernel/notice-choice.ts';
import { Button, ButtonRow, CheckField, Form, SelectField } from '../web/forms.tsx';
import type { Frame } from '../web/frame.ts';
import { formatInstant, pick } from '../web/locale.ts';
import { Card, Chip, Notice, RowList } from '../web/parts.tsx';
import { page } from '../web/shell.tsx';
import type { LetterRow } from './feed.ts';
import { problemText, texts } from './texts.ts';

export interface ChoicesShown {
  code: string;
  choice: LetterChoice;
  values: Readonly<Record<string, string>> | null;
  errors: Readonly<Record<string, string>>;
  /** Whether a mail server is set, and whether this person gave an address. */
  mail: { server: boolean; address: boolean };
  /** Whether they may sign anything here. */
  signs: boolean;
  lives_here: boolean;
  letters: readonly LetterRow[];
  feed: { made_at: Date | null; url: string | null };
}

function FeedCard({ shown, frame }: { shown: ChoicesShown; frame: Frame }): JSX.Element {
  const t = pick(texts, frame.locale);
  const { code, feed: { made_at, url } } = shown;
  return (
    <Card title={t.feed_title} id="feed">
      <p>{t.feed_text}</p>
      {url !== null && <Notice tone="ok" title={t.feed_once}><p><code class="hash">{url}</code></p></Notice>}
      {url === null && made_at !== null && <p class="hint">{fill(t.feed_since, { at: formatInstant(made_at, frame.locale) })}</p>}
      <Form action={`/e/${code}/notices/feed`} id="feed-form" csrf={frame.session?.csrf}>
        <ButtonRow>
          <Button kind="alt" name="step" value="make">{made_at === null ? t.feed_make : t.feed_renew}</Button>
          {made_at !== null && <Button kind="alt" name="step" value="end">{t.feed_end}</Button>}
        </ButtonRow>
      </Form>
    </Card>
  );
}

export function choicesPage(frame: Frame, shown: ChoicesShown): string {
  const { locale } = frame;
  const t = pick(texts, locale);
  const { code, choice, mail, letters } = shown;
  const yes = (on: boolean): string => (on ? 'yes' : '');
  const values = shown.values ?? {
    mail: yes(choice.mail), bills: yes(choice.bills), queue: yes(choice.queue), ...Object.fromEntries(topicNames.map((topic) => [topic, choice.ways[topic]])),
  };
  const tones = { waiting: 'amber', sent: 'ok', failed: 'red' } as const;
  return page({
    ...frame, title: t.choices_title, lede: t.choices_lede,
    body: (
      <>
        {!mail.server && <Notice tone="info">{t.no_mail}</Notice>}
        {mail.server && !mail.address && <Notice tone="amber" action={{ href: `/e/${code}/notices#email`, label: t.give_address }}>{t.no_address}</Notice>}
        <Card>
          <Form action={`/e/${code}/notices/choices`} id="choices" csrf={frame.session?.csrf} values={values} errors={shown.errors}>
            <CheckField name="mail" label={t.mail} value="yes" />
            {shown.signs && <CheckField name="queue" label={t.queue} value="yes" />}
            {topicNames.filter((topic) => shown.signs || !['sign', 'outcome'].includes(topic)).map((topic) => (
              <SelectField name={topic} label={topics[topic][locale]} required empty={false} options={ways.map((way) => ({ value: way, label: t[`way_${way}`] }))} />
            ))}
            {shown.lives_here && <CheckField name="bills" label={t.bills} value="yes" />}
            <p class="hint">{t.keys_always}</p>
            <ButtonRow><Button>{t.save}</Button></ButtonRow>
          </Form>
        </Card>
        {letters.length > 0 && (
          <Card title={t.letters}>
            <RowList rows={letters.map((letter) => ({
              label: t[`letter_${letter.channel}`], value: formatInstant(letter.at, locale),
              chip: <Chip tone={tones[letter.state as keyof typeof tones]}>{t[`state_${letter.state as keyof typeof tones}`]}</Chip>,
              note: letter.problem === null || letter.state === 'sent' ? undefined : problemText(letter.problem, locale),
            }))} />
          </Card>
        )}
        <FeedCard shown={shown} frame={frame} />
      </>
    ),
  });
}
