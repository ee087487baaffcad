// What the interface says of a text that was erased.
import { Type } from 'typebox';

export const ErasureShape = Type.Object({
  ground: Type.String({ description: 'request, left, error or law', examples: ['error'] }),
  body: Type.Union([Type.String(), Type.Null()], { description: 'Body whose officer erased it; null: whoever wrote it asked for it.' }),
  erased_at: Type.String(),
});
/** Of every text that may have been erased: null while it is there. */
export const Erased = Type.Union([ErasureShape, Type.Null()], { description: 'What became of the text; null while it is there.' });
