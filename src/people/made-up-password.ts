// A password that nobody chose: for persons who are entered by others. It is shown once, to be handed over
// on paper, and to be changed by its owner.
import { randomInt } from 'node:crypto';

const words =
  'apple amber autumn bamboo basin breeze bridge candle canyon cedar cherry cloud copper coral cotton dawn delta desert dune eagle ember falcon fern field flint forest garden garnet ginger glade granite harbor hazel heron indigo island ivory jade juniper lagoon lantern laurel lemon lily lotus maple marble meadow mint moss mulberry nectar oasis ocean olive onyx opal orchid osprey pebble pepper pine plum pond poplar quartz quince rain raven reed river robin rose saffron sage sand shell silk silver snow spruce stone summer swan tea thistle tiger topaz tulip valley velvet violet walnut willow winter wren'.split(
    ' ',
  );

/** Four words and a number: about 40 bits, easy to read out and to type on a phone. */
export const madeUpPassword = (): string =>
  [
    ...Array.from({ length: 4 }, () => words[randomInt(words.length)]!),
    String(randomInt(1000, 10_000)),
  ].join('-');
