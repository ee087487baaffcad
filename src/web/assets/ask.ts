// Asking the server from a page's script: JSON there, JSON back.

/** What the server answered; a problem document (RFC 9457) has a detail in the page's language. */
export class Refused extends Error {
  readonly field: string | undefined;
  constructor(detail: string, field?: string) {
    super(detail);
    this.field = field;
  }
}

/** The answer. Refused where the server says no; a TypeError where it cannot be reached. */
export async function ask<T>(address: string, body: object): Promise<T> {
  const answer = await fetch(address, {
    method: 'POST', headers: { 'content-type': 'application/json', accept: 'application/json' }, body: JSON.stringify(body),
  });
  const said = (await answer.json()) as T & { detail?: string; field?: string };
  if (!answer.ok) throw new Refused(said.detail ?? String(answer.status), said.field);
  return said;
}
