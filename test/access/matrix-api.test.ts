import t from 'tap';
import { holdMatrix } from './matrix.ts';

await holdMatrix(t, 'interface.txt', (url) => url.startsWith('/api/'));
