// Letters by e-mail through the mail server that is set. One letter to one person, as plain text; what stands in it and when it
// goes out is delivery/'s.
import { createTransport } from 'nodemailer';

export interface Letter {
  to: string;
  subject: string;
  text: string;
  /** The same in every try, so that mail programs know a repetition. */
  id?: string | undefined;
  /** Address that stops such letters without a login. */
  stop?: string | undefined;
}
/** refused: the server will never take it for this address; later: not now, but it may (4xx, greylisting).
 *  Throws where the server itself cannot be reached or will not talk to us. */
export type Send = (letter: Letter) => Promise<'sent' | 'refused' | 'later'>;

/** A plain address, as people have them: neither quotes nor comments, so that nothing hides in it. */
export const isMailAddress = (text: string): boolean =>
  text.length <= 200 && /^[A-Za-z0-9._%+-]+@([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}$/.test(text);

const loopback = /^(localhost|127\.\d+\.\d+\.\d+|::1)$/;

/** `url`: smtp://user:password@host:587?from=books@example.cn, or smtps: for a port that speaks TLS at once. */
export function openMail(url: string, public_url: string): Send {
  const { hostname, port, protocol, username, password, searchParams } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  const user = decodeURIComponent(username);
  const auth = user === '' ? null : { user, pass: decodeURIComponent(password) };
  const from = searchParams.get('from') ?? (isMailAddress(user) ? user : `mingzhang@${new URL(public_url).hostname}`);
  const transport = createTransport({
    host, secure: protocol === 'smtps:', disableFileAccess: true, disableUrlAccess: true,
    port: port === '' ? (protocol === 'smtps:' ? 465 : 587) : Number(port),
    connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 20_000,
    ...(auth === null ? {} : { auth }),
    // A password does not go over an open line.
    requireTLS: auth !== null && !loopback.test(host),
  });
  const domain = from.slice(from.indexOf('@') + 1);
  return async ({ to, subject, text, id, stop }) => {
    try {
      await transport.sendMail({
        from: { name: '明账 Mingzhang', address: from }, to: { name: '', address: to }, subject, text,
        // No out-of-office answers to a machine.
        headers: { 'Auto-Submitted': 'auto-generated' },
        ...(id === undefined ? {} : { messageId: `<${id}@${domain}>` }), ...(stop === undefined ? {} : { list: { unsubscribe: stop } }),
      });
      return 'sent';
    } catch (error) {
      const answer = aboutTheLetter(error);
      if (answer === null) throw error;
      return answer;
    }
  };
}

/** What the server said of this one letter (after RCPT or DATA): 5xx is for good, 4xx for now. Null: it is about the server. */
function aboutTheLetter(error: unknown): 'refused' | 'later' | null {
  const { code, responseCode = 0 } = error as { code?: string; responseCode?: number };
  if ((code !== 'EENVELOPE' && code !== 'EMESSAGE') || responseCode === 421) return null;
  if (responseCode >= 500) return 'refused';
  return responseCode >= 400 ? 'later' : null;
}
