// The verifier as one HTML file (verify.html).
export const verifierPage = (): Promise<Buffer> => Promise.resolve(Buffer.from('<!doctype html>\n<title>verify</title>\n'));
