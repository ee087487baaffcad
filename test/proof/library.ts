// All of src/proof under one name, so that it can be taken twice: as it runs here, and as a browser gets it.
export * from '../../src/proof/assertion.ts';
export * from '../../src/proof/bytes.ts';
export * from '../../src/proof/checkpoint.ts';
export * from '../../src/proof/cosignature.ts';
export * from '../../src/proof/keys.ts';
export * from '../../src/proof/note.ts';
export * from '../../src/proof/policy.ts';
export * from '../../src/proof/record.ts';
export * from '../../src/proof/signatures.ts';
export * from '../../src/proof/tile.ts';
export * from '../../src/proof/tlog-proof.ts';
export * from '../../src/proof/tree.ts';
export * from '#primitives';
