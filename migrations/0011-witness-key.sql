-- One device is one witness. The name before a public key is chosen by whoever enrols it, and a cosignature does not
-- cover that name: under two names one device would count for two sides, and a policy with one key twice is none.
-- The last 44 characters of a verifier key are the algorithm and the public key (witness_vkey_shape).
CREATE UNIQUE INDEX witness_public_key ON witness (estate_id, right(vkey, 44));
