// Notices (消息), phone first: what a person was told, newest first, and where it may be mailed to.
import type { JSX } from 'preact';
import { fill, type Bilingual } from '../kernel/locale.ts';
import type { Notice } from '../kernel/notice.ts';
import { useLocale } from '../web/context.ts';
import { Button, ButtonRow, Form, TextField } from '../web/forms.tsx';
import { formatInstant, pick } from '../web/locale.ts';
import { Card, Chip, EmptyState, type LinkTo } from '../web/parts.tsx';

export const texts = {
  title: { zh: '消息', en: 'Notices' },
  lede: {
    zh: '等您签批的、您提的单有了结果的、各方人数不够的，都在这里。同一件事只提醒您一次。',
    en: 'What waits for your signature, what became of your proposals, bodies that are too small. The same thing is told you once.',
  },
  none: { zh: '还没有消息', en: 'No notices yet' },
  none_text: { zh: '有单子等您签超过两天，这里会提醒您。', en: 'When something has waited two days for your signature, it is told here.' },
  unread_title: { zh: '{count} 条未读', en: '{count} unread' },
  all_read: { zh: '全部已读', en: 'All read' },
  unread: { zh: '未读', en: 'unread' },
  mark_all: { zh: '全部标为已读', en: 'Mark all as read' },
  earlier: { zh: '更早的消息', en: 'Earlier notices' },
  newest: { zh: '回到最新的消息', en: 'Back to the newest' },
  mail_title: { zh: '提醒发到邮箱', en: 'Notices by e-mail' },
  mail_lede: {
    zh: '填了邮箱，新消息会同时发一封邮件，里面有链接；邮箱只用来发提醒，不公开，也不进账本。',
    en: 'With an address, new notices are mailed to you as well, with links. The address is used for nothing else; it is not public and not in the books.',
  },
  mail_off: {
    zh: '本站还没有设置发邮件的服务器，消息只在这里显示。',
    en: 'This site has no mail server set up: notices are shown here only.',
  },
  email: { zh: '邮箱', en: 'E-mail address' },
  save: { zh: '保存', en: 'Save' },
  choices: { zh: '选择什么事发邮件、什么时候发；订阅公示', en: 'Choose what is mailed and when; follow disclosures in a reader' },
  remove: { zh: '删除邮箱', en: 'Remove the address' },
} as const satisfies Record<string, Bilingual>;

export interface NoticesShown {
  code: string;
  csrf: string | undefined;
  notices: readonly Notice[];
  unread: number;
  earlier: LinkTo['href'] | null;
  /** Not the first page of the list. */
  further: boolean;
  /** Null where no mail server is set. */
  mail: { email: string | null; typed: string | undefined; errors: Readonly<Record<string, string>> } | null;
}

function NoticeList({ code, notices }: Pick<NoticesShown, 'code' | 'notices'>): JSX.Element {
  const locale = useLocale();
  const t = pick(texts, locale);
  return (
    <ul class="rows">
      {notices.map((notice) => (
        <li>
          <a class="row" href={`/e/${code}/notices/${notice.notice_id}`}>
            <span class="row-label">{notice[locale]}</span>
            <small class="hint">
              {formatInstant(notice.created_at, locale)}
              {notice.read_at === null && <>{' '}<Chip tone="amber">{t.unread}</Chip></>}
            </small>
          </a>
        </li>
      ))}
    </ul>
  );
}

function MailCard({ code, csrf, mail }: Pick<NoticesShown, 'code' | 'csrf' | 'mail'>): JSX.Element {
  const t = pick(texts, useLocale());
  if (mail === null) return <Card title={t.mail_title}><p class="hint">{t.mail_off}</p></Card>;
  return (
    <Card title={t.mail_title}>
      <p>{t.mail_lede}</p>
      <Form action={`/e/${code}/notices/email`} csrf={csrf} id="email" values={{ email: mail.typed ?? mail.email ?? '' }} errors={mail.errors}>
        <TextField name="email" type="email" label={t.email} autocomplete="email" />
        <ButtonRow>
          <Button name="step" value="save">{t.save}</Button>
          {mail.email !== null && <Button name="step" value="remove" kind="alt">{t.remove}</Button>}
        </ButtonRow>
      </Form>
    </Card>
  );
}

export function NoticesPage(shown: NoticesShown): JSX.Element {
  const { code, csrf, notices, unread, earlier, further } = shown;
  const t = pick(texts, useLocale());
  const heading = unread > 0 ? fill(t.unread_title, { count: unread }) : t.all_read;
  return (
    <>
      <Card title={notices.length === 0 && !further ? undefined : heading}>
        {unread > 0 && (
          <Form action={`/e/${code}/notices/read`} csrf={csrf} id="read">
            <ButtonRow><Button kind="alt">{t.mark_all}</Button></ButtonRow>
          </Form>
        )}
        {notices.length === 0 ? <EmptyState title={t.none} text={t.none_text} /> : <NoticeList code={code} notices={notices} />}
        {earlier !== null && <p><a class="tap" href={earlier}>{t.earlier}</a></p>}
        {further && <p><a class="tap" href={`/e/${code}/notices`}>{t.newest}</a></p>}
      </Card>
      <p><a class="tap" href={`/e/${code}/notices/choices`}>{t.choices}</a></p>
      <MailCard code={code} csrf={csrf} mail={shown.mail} />
    </>
  );
}
