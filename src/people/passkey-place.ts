// Where passkeys work. A passkey belongs to one host name (rp_id): the browser lets no other page use it, and
// takes neither a bare IP address nor an unprotected page. Ours is the host of the public address; while
// developing it is localhost as well, on whatever port. What the request says of its host chooses
// between the two and is never believed beyond that.
import type { House } from '../kernel/house.ts';

type Settings = Pick<House['settings'], 'production' | 'public_url'>;

const LOCALHOST = 'localhost';
const isAddress = (host: string): boolean => /^[\d.]+$/.test(host) || host.startsWith('[');

/** The public address, where passkeys can work there. */
function ownPlace({ public_url }: Settings): URL | null {
  const url = new URL(public_url);
  const guarded = url.protocol === 'https:' || url.hostname === LOCALHOST;
  return guarded && !isAddress(url.hostname) ? url : null;
}

const asked = (host: string): URL | null =>
  URL.canParse(`http://${host}`) ? new URL(`http://${host}`) : null;

/** Host name that passkeys are bound to at this house; null: its address is none they work at. `host`: of
 *  the request. */
export function rpIdOf(settings: Settings, host = ''): string | null {
  if (!settings.production && asked(host)?.hostname === LOCALHOST) return LOCALHOST;
  return ownPlace(settings)?.hostname ?? (settings.production ? null : LOCALHOST);
}

/** Whether a page of this origin may use a passkey bound to `rp_id` here. */
export function isOwnOrigin(settings: Settings, rp_id: string, origin: unknown): origin is string {
  if (typeof origin !== 'string') return false;
  if (!settings.production && rp_id === LOCALHOST && /^http:\/\/localhost(:\d{1,5})?$/.test(origin))
    return true;
  const own = ownPlace(settings);
  return own !== null && own.hostname === rp_id && own.origin === origin;
}

export interface Place {
  /** Whether passkeys work on a page opened at this host. */
  works: boolean;
  /** Where they work: here, or elsewhere; null: nowhere yet, because the house has no public address with a
   *  name. */
  address: string | null;
}

export function placeOf(settings: Settings, host: string): Place {
  const here = asked(host);
  const port = here === null || here.port === '' ? '' : `:${here.port}`;
  const local = `http://${LOCALHOST}${port}`;
  if (!settings.production && here?.hostname === LOCALHOST) return { works: true, address: local };
  const own = ownPlace(settings);
  // A proxy may hide from us the host that people see: in production the script on the page looks.
  if (own !== null)
    return {
      works: settings.production || here?.hostname === own.hostname,
      address: own.origin,
    };
  return { works: false, address: settings.production ? null : local };
}
