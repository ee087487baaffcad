// The page that says no: what is wrong, in a sentence with the figures, and what to do next.
import type { JSX } from 'preact';
import type { Locale } from '../kernel/locale.ts';
import { LocaleContext, useTexts } from './context.ts';
import type { Problem } from './errors.ts';
import { pathOf } from './links.ts';
import { ActionLink, type LinkTo } from './parts.tsx';
import { page, type PageProps } from './shell.tsx';

type Words = { zh: string; en: string };
const words = {
  home: { zh: '回到小区首页', en: "Go to the estate's first page" },
  start: { zh: '回到首页', en: 'Go to the first page' },
  again: { zh: '再试一次', en: 'Try again' },
  sign_in: { zh: '去登录', en: 'Log in' },
} satisfies Record<string, Words>;

const nextSteps: Record<number, Words> = {
  400: {
    zh: '返回上一页，您填的内容还在；改正后再提交。',
    en: 'Go back one page: what you typed is still there. Correct it and send again.',
  },
  401: { zh: '登录后会回到这里。', en: 'After signing in you come back here.' },
  403: {
    zh: '如果这是您的职责，请换用有相应职务的账号登录，或请业委会、物业登记您的任职。',
    en: 'If this is your duty, sign in with an account that holds the office, or ask the committee or the property company to register your term.',
  },
  404: {
    zh: '检查地址，或从首页重新进入。公示文件永久保留，在“公示”栏目里可以找到。',
    en: 'Check the address, or start from the first page. Disclosures are kept for ever under "Disclosures".',
  },
  409: {
    zh: '有人先一步办理了，或这次提交重复了。请打开记录看现在的状态，再决定。',
    en: 'Somebody was faster, or this was sent twice. Look at the record as it is now, then decide.',
  },
  413: {
    zh: '把照片压缩，或把文件分成几份，再上传。',
    en: 'Make pictures smaller or split the file, then upload again.',
  },
  422: {
    zh: '返回上一页，按上面的说明改正后再提交。',
    en: 'Go back one page, correct as said above, and send again.',
  },
  429: {
    zh: '稍等片刻再试，不用重新填写。',
    en: 'Wait a little and try again; nothing has to be typed anew.',
  },
  500: {
    zh: '稍后再试。已经记下的账不会丢。若仍不行，请把下面的请求编号告诉管理员。',
    en: 'Try again later. Nothing that was booked is lost. If it persists, give the request number below to the administrator.',
  },
  503: { zh: '等一两分钟再试。', en: 'Try again in a minute or two.' },
};

function linksOf({ problem, locale, here }: ProblemPageProps): LinkTo[] {
  const code = /^\/e\/([^/?#]+)/.exec(pathOf(here))?.[1];
  const home =
    code === undefined
      ? { href: '/', label: words.start[locale] }
      : { href: `/e/${code}`, label: words.home[locale] };
  if (problem.status === 401) {
    return [
      { href: `/login?next=${encodeURIComponent(here)}`, label: words.sign_in[locale] },
      home,
    ];
  }
  if (problem.status === 429 || problem.status >= 500)
    return [{ href: here, label: words.again[locale] }, home];
  return [home];
}

export interface ProblemPageProps extends Partial<
  Omit<PageProps, 'locale' | 'here' | 'title' | 'body'>
> {
  problem: Problem;
  locale: Locale;
  here: string;
}

function ProblemBody({ props }: { props: ProblemPageProps }): JSX.Element {
  const t = useTexts();
  const { problem, locale } = props;
  const next = nextSteps[problem.status];
  return (
    <>
      <div class={`card notice ${problem.status >= 500 ? 'alarm' : 'amber'}`} role="alert">
        <p>{problem.detail}</p>
      </div>
      {next !== undefined && (
        <section class="card">
          <h2>{t.what_next}</h2>
          <p>{next[locale]}</p>
        </section>
      )}
      <div class="buttons">
        {linksOf(props).map((link, index) => (
          <ActionLink href={link.href} kind={index === 0 ? 'primary' : 'alt'}>
            {link.label}
          </ActionLink>
        ))}
      </div>
      <p class="hint">
        {problem.status} · {t.problem_code} <code>{problem.code}</code> · {t.request_id}{' '}
        <code>{problem.request_id}</code>
      </p>
    </>
  );
}

export function problemPage(props: ProblemPageProps): string {
  const body = (
    <LocaleContext.Provider value={props.locale}>
      <ProblemBody props={props} />
    </LocaleContext.Provider>
  );
  return page({ ...props, title: props.problem.title, body, flash: undefined });
}
