import t from 'tap';
import { holdMatrix } from './matrix.ts';

await holdMatrix(t, 'pages.txt', (url) => !url.startsWith('/api/'));
