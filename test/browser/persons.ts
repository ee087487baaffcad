// Persons at a browser, for the tests of the whole: a house that listens, and people who see, click
// and type. They find things by what is written there, as a person does; nothing is called directly.
import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { FastifyInstance } from 'fastify';
import { buildApp } from '../../src/app.ts';
import { closePrinter } from '../../src/disclosure/publish.ts';
import { addMonths, lastDay, periodOf, systemClock, today } from '../../src/kernel/dates.ts';
import { launchBrowser } from '../helpers/browser.ts';
import { PASSWORD, testHouse, type TestHouse, type TestHouseOptions } from '../helpers/house.ts';
import type { Ending } from '../helpers/postgres.ts';

export const phone = { width: 390, height: 844 };
export const desk = { width: 1280, height: 900 };

/** The last month of 31 days that is over. */
export function longMonth(): string {
  let period = addMonths(periodOf(today(systemClock)), -1);
  while (!lastDay(period).endsWith('-31')) period = addMonths(period, -1);
  return period;
}

export interface Place extends TestHouse {
  app: FastifyInstance;
  address: string;
  browser: Browser;
  /** A new browser of somebody; its complaints are gathered in `complaints`. */
  person(options?: {
    viewport?: { width: number; height: number };
    locale?: 'zh-CN' | 'en-GB';
    script?: boolean;
  }): Promise<{ context: BrowserContext; page: Page }>;
  complaints: string[];
}

/** A house with an empty estate, listening on a free port, and a Chromium beside it. */
export async function openPlace(t: Ending, options: TestHouseOptions = {}): Promise<Place> {
  const house = await testHouse(t, options);
  const app = await buildApp(house.house);
  t.teardown(async () => {
    await app.close();
    await closePrinter();
  });
  const address = await app.listen({ host: '127.0.0.1', port: 0 });
  const browser = await launchBrowser();
  t.teardown(() => browser.close());
  const complaints: string[] = [];
  const person: Place['person'] = async ({ viewport = desk, locale = 'zh-CN', script = true } = {}) => {
    const context = await browser.newContext({
      baseURL: address,
      viewport,
      locale,
      javaScriptEnabled: script,
    });
    context.setDefaultTimeout(15_000);
    const page = await context.newPage();
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) {
        complaints.push(`${page.url()}: ${message.text()}`);
      }
    });
    page.on('pageerror', (error) => complaints.push(`${page.url()}: ${error.message}`));
    return { context, page };
  };
  return { ...house, app, address, browser, person, complaints };
}

/** Logs in by the form, from the address of the estate. */
export async function logIn(page: Page, login: string, password = PASSWORD): Promise<void> {
  await page.goto('/e/test');
  await page.getByLabel('登录名', { exact: true }).fill(login);
  await page.getByLabel('登录密码', { exact: true }).fill(password);
  await page.getByRole('button', { name: '登录' }).click();
  await page.waitForURL(/\/e\/test$/);
}

/** Opens a section of the estate from the bar of sections (or, on a phone, from all sections). */
export async function goTo(page: Page, section: string): Promise<void> {
  const bar = page.getByRole('navigation', { name: '主要栏目' });
  const link = bar.getByRole('link', { name: section, exact: true });
  if (await link.isVisible()) await link.click();
  else {
    await bar.getByRole('link', { name: '全部', exact: true }).click();
    await page
      .getByRole('navigation', { name: '全部栏目' })
      .getByRole('link', { name: section, exact: true })
      .click();
  }
}

/** What a flash or a notice says after a form. */
export const said = (page: Page): Promise<string> =>
  page.getByRole('status').filter({ hasText: /\S/ }).first().innerText();
