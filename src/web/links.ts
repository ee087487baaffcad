// Addresses of the page one is on: the same page with another filter or cursor, and its CSV twin.
const BASE = 'http://page.invalid';

/** Sets query fields of a page's address; null removes one. Always a path of this server. */
export function withQuery(here: string, fields: Readonly<Record<string, string | null>>): string {
  const url = new URL(`/${here.replace(/^[/\\]+/, '')}`, BASE);
  for (const [name, value] of Object.entries(fields)) {
    if (value === null) url.searchParams.delete(name);
    else url.searchParams.set(name, value);
  }
  // "/a/..//evil.example" would come out as an address of another host.
  return url.pathname.replace(/^\/+/, '/') + url.search;
}

export const pathOf = (here: string): string => here.replace(/[?#].*$/, '');

/** '/e/x/journal?fund=02' → '/e/x/journal.csv?fund=02': what the page shows, as a table file. */
export function csvTwin(here: string): string {
  const url = withQuery(here, { lang: null, done: null });
  const path = pathOf(url);
  return `${path}.csv${url.slice(path.length)}`;
}

/** A link a person typed or a record holds goes on the page only if it leads to a page:
 *  a path of this server, or http(s). "javascript:" and the like become "#". */
export function safeHref(href: string): string {
  if (/^(?:\/(?!\/)|[?#])/.test(href) || /^https?:\/\//i.test(href)) return href;
  return '#';
}
