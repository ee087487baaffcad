// What a device asks the server for when it checks a log: checkpoint, keys, consistency proof. Nothing of it is
// believed before witness-check.ts has judged it.

/** The server did not answer, or answered with a refusal that has a text of its own. */
export class NoAnswer extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, detail: string) {
    super(detail);
    this.status = status;
    this.code = code;
  }
}

async function refused(answer: Response): Promise<NoAnswer> {
  const said = (await answer.json().catch(() => ({}))) as { code?: string; detail?: string };
  return new NoAnswer(answer.status, said.code ?? '', said.detail ?? '');
}

async function ask(address: string, init: RequestInit = {}): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetch(address, { cache: 'no-store', ...init });
  } catch {
    throw new NoAnswer(0, 'offline', '');
  }
  if (!answer.ok) throw await refused(answer);
  return answer;
}

const json = { accept: 'application/json' };
const asks = async <T>(address: string): Promise<T> => (await ask(address, { headers: json })).json() as Promise<T>;

async function post<T>(address: string, body: object): Promise<T> {
  const headers = { ...json, 'content-type': 'application/json' };
  return (await ask(address, { method: 'POST', headers, body: JSON.stringify(body) })).json() as Promise<T>;
}

export interface OwnWitness { witness_id: number; side: string; vkey: string; retired_at: string | null; size: number | null }
export interface Listed { size: number; witnesses: Record<string, number> }

export class LogServer {
  readonly #base: string;
  constructor(estate: string) {
    this.#base = `/api/v1/estates/${encodeURIComponent(estate)}`;
  }

  async checkpoint(size?: number): Promise<string> {
    return (await ask(`${this.#base}/log/checkpoint${size === undefined ? '' : `?size=${size}`}`)).text();
  }

  async keys(): Promise<string[]> {
    const { items } = await asks<{ items: { vkey: string }[] }>(`${this.#base}/log/keys`);
    return items.map(({ vkey }) => vkey).reverse();
  }

  async consistency(from: number, to: number): Promise<string[]> {
    return (await asks<{ proof: string[] }>(`${this.#base}/log/proof/consistency?from=${from}&to=${to}`)).proof;
  }

  async ownWitnesses(): Promise<OwnWitness[]> {
    return (await asks<{ items: OwnWitness[] }>(`${this.#base}/witnesses?mine=true`)).items;
  }

  /** Latest checkpoint that anybody cosigned. */
  async lastWitnessed(): Promise<Listed | null> {
    return (await asks<{ items: Listed[] }>(`${this.#base}/checkpoints?witnessed=true&limit=1`)).items[0] ?? null;
  }

  async enrol(side: string, vkey: string): Promise<number> {
    return (await post<{ witness_id: number }>(`${this.#base}/witnesses`, { side, vkey })).witness_id;
  }

  async handIn(size: number, witness: number, line: string): Promise<void> {
    await post(`${this.#base}/checkpoints/${size}/cosignatures`, { witness, line });
  }
}
