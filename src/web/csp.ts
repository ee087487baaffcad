// What a page may load: only from this server, no inline script, no inline style. Handed to
// @fastify/helmet in app.ts as { useDefaults: false, directives: contentSecurityPolicy }.
export const contentSecurityPolicy = {
  'default-src': ["'none'"],
  'script-src': ["'self'"],
  'style-src': ["'self'"],
  // blob: is the picture a person has just chosen, shown before it is uploaded.
  'img-src': ["'self'", 'blob:'],
  'font-src': ["'self'"],
  'connect-src': ["'self'"],
  'manifest-src': ["'self'"],
  // The voucher beside an approval is a PDF of this server in a frame.
  'frame-src': ["'self'"],
  'frame-ancestors': ["'self'"],
  'form-action': ["'self'"],
  'base-uri': ["'none'"],
  'object-src': ["'none'"],
};
