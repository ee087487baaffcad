// The verifier for everybody: on the page /verify, as the single file verify.html, and once more as the worker of both.
import { startVerifier } from './verifier-view.tsx';
import { serve } from './verifier-work.ts';

if (typeof document === 'undefined') serve();
else {
  const place = document.getElementById('verifier');
  if (place !== null) startVerifier(place, { alone: place.dataset['alone'] !== undefined });
}
