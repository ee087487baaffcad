// Pages of people, by subject: coming in, my account and keys, the bodies of an estate, notices.
import type { FastifyInstance } from 'fastify';
import type { House } from '../kernel/house.ts';
import { accountPageRoutes } from './account-page-routes.tsx';
import { bodyPageRoutes, type PeoplePageParts } from './body-page-routes.tsx';
import { erasurePageRoutes } from './erasure-page-routes.tsx';
import { loginPageRoutes } from './login-page-routes.tsx';
import { oneTimeCodePageRoutes } from './one-time-code-page-routes.tsx';
import { passkeyPageRoutes } from './passkey-page-routes.tsx';
import { noticeRoutes } from './notice-page-routes.tsx';

export function peoplePageRoutes(app: FastifyInstance, house: House, parts: PeoplePageParts = {}): void {
  loginPageRoutes(app, house);
  accountPageRoutes(app, house);
  passkeyPageRoutes(app, house);
  oneTimeCodePageRoutes(app, house);
  bodyPageRoutes(app, house, parts);
  noticeRoutes(app, house);
  erasurePageRoutes(app, house);
}
