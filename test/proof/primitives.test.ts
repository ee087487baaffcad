// Two sets of primitives, one answer: the published examples, the cases at which libraries are known to differ, and
// keys and signatures bent at random.
import { createHash, generateKeyPairSync, sign as signWith } from 'node:crypto';
import fc from 'fast-check';
import { ed25519 } from '@noble/curves/ed25519.js';
import { p256 } from '@noble/curves/nist.js';
import t from 'tap';
import { browser, browserInputs, flipped, libraries } from './both.ts';

const [[, node]] = libraries as unknown as [[string, typeof browser]];
const hex = (text: string): Uint8Array => node.bytesOfHex(text);

t.test('a browser gets the browser\'s primitives, and nothing of Node', async (t) => {
  t.ok(browserInputs.includes('src/proof/primitives-browser.ts'));
  t.notOk(browserInputs.includes('src/proof/primitives-node.ts'));
  t.same(browserInputs.filter((path) => path.startsWith('node:')), []);
});

for (const [name, proof] of libraries) {
  t.test(`${name}: SHA-256 of FIPS 180-4`, async (t) => {
    t.equal(proof.hexOf(proof.sha256(proof.utf8('abc'))), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    t.equal(proof.hexOf(proof.sha256(new Uint8Array(1_000_000).fill(0x61))), 'cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0');
  });

  // RFC 8032 §7.1: secret, public key, message, signature.
  t.test(`${name}: Ed25519 of RFC 8032`, async (t) => {
    const examples = [
      ['9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a', '',
        'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b'],
      ['4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb', '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c', '72',
        '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00'],
      ['c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7', 'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025', 'af82',
        '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a'],
    ].map((row) => row.map(hex)) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array][];
    for (const [secret, public_key, message, signature] of examples) {
      t.same(proof.ed25519Public(secret), public_key);
      t.same(proof.ed25519Sign(secret, message), signature);
      t.ok(proof.ed25519Verify(public_key, message, signature));
      t.same([...flipped(signature)].filter((bent) => proof.ed25519Verify(public_key, message, bent)), []);
      t.same([...flipped(public_key, 8)].filter((bent) => proof.ed25519Verify(bent, message, signature)), []);
      t.notOk(proof.ed25519Verify(public_key, Uint8Array.of(...message, 0), signature));
    }
    const pair = proof.ed25519Key();
    t.same([pair.secret.length, pair.public_key.length], [32, 32]);
    t.same(proof.ed25519Public(pair.secret), pair.public_key);
    t.throws(() => proof.ed25519Sign(new Uint8Array(31), new Uint8Array(0)));
  });

  // novifinancial/ed25519-speccheck (Chalkias, Garillot, Nikolaenko: Taming the many EdDSAs), cases.json
  t.test(`${name}: the cases of Ed25519 in which libraries differ`, async (t) => {
    const mixed = 'cdb267ce40c5cd45306fa5d2f29731459387dbf9eb933b7bd5aed9a765b88d4d';
    const plain = 'f7badec5b8abeaf699583992219b7b223f1df3fbbea919844e3f7c554a43dd43';
    const small = 'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa';
    const other = '442aad9f089ad9e14647b1ef9099a1ff4798d78589e66f28eca69c11f582a623';
    const zeros = '00'.repeat(32);
    const cases: [boolean, string, string, string][] = [
      [false, '8c93255d71dcab10e8f379c26200f3c7bd5f09d9bc3068d3ef4edeb4853022b6', small, `c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a${zeros}`],
      [false, '9bd9f44f4dcc75bd531b56b2cd280b0bb38fc1cd6d1230e14861d861de092e79', small, `${plain}a5bb704786be79fc476f91d3f3f89b03984d8068dcf1bb7dfc6637b45450ac04`],
      // R of small order: OpenSSL 3.5 refuses it, others do not, so neither of ours asks any further.
      [false, 'aebf3f2601a0c8c5d39cc7d8911642f740b78168218da8471772b35f9d35b9ab', plain, `${small}8c4bd45aecaca5b24fb97bc10ac27ac8751a7dfe1baff8b953ec9f5833ca260e`],
      [true, '9bd9f44f4dcc75bd531b56b2cd280b0bb38fc1cd6d1230e14861d861de092e79', mixed,
        '9046a64750444938de19f227bb80485e92b83fdb4b6506c160484c016cc1852f87909e14428a7a1d62e9f22f3d3ad7802db02eb2e688b6c52fcd6648a98bd009'],
      // The equation holds only when multiplied by eight.
      [false, 'e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec4011eaccd55b53f56c', mixed,
        '160a1cb0dc9c0258cd0a7d23e94d8fa878bcb1925f2c64246b2dee1796bed5125ec6bc982a269b723e0668e540911a9a6a58921d6925e434ab10aa7940551a09'],
      [false, 'e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec4011eaccd55b53f56c', mixed,
        '21122a84e0b5fca4052f5b1235c80a537878b38f3142356b2c2384ebad4668b7e40bc836dac0f71076f9abe3a53f9c03c1ceeeddb658d0030494ace586687405'],
      // s is not below the order.
      [false, '85e241a07d148b41e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec40', other,
        'e96f66be976d82e60150baecff9906684aebb1ef181f67a7189ac78ea23b6c0e547f7690a0e2ddcd04d87dbc3490dc19b3b3052f7ff0538cb68afb369ba3a514'],
      [false, '85e241a07d148b41e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec40', other,
        '8ce5b96c8f26d0ab6c47958c9e68b937104cd36e13c33566acd2fe8d38aa19427e71f98a473474f2f13f06f97c20d58cc3f54b8bd0d272f42b695dd7e89a8c22'],
      // R in another spelling of a point.
      [false, 'fdaebc429f4a735932a160da1301080c13280eea8bc280d1b392c6b9e6ba3a5a', plain, `ed${'ff'.repeat(30)}7f454d370c8d9fc323a41450f8d513eafeb5b0697390c1e505a0d4ddc71f566607`],
      [false, '84b698d39be126ff55fe45079e6c8bf64a0d7db6994560b4e96b7021eb39c1a1', plain, `ed${'ff'.repeat(30)}7f084d5b99c2a9463d9c8bd5026916996984eeec87ddf1d3be329006ace1b37b09`],
    ];
    for (const [i, [holds, message, key, signature]] of cases.entries()) t.equal(proof.ed25519Verify(hex(key), hex(message), hex(signature)), holds, `case ${i}`);
    // All eight points of small order, under either sign, and every y that is not below 2^255 − 19.
    const { Point } = ed25519;
    const torsion = Point.fromBytes(hex(small));
    for (let i = 0; i < 8; i += 1) {
      const point = torsion.multiplyUnsafe(BigInt(i)).toBytes();
      t.notOk(proof.isEd25519Key(point), `point ${i}`);
      point[31]! ^= 0x80;
      t.notOk(proof.isEd25519Key(point), `point ${i} with the other sign`);
    }
    for (let low = 0xed; low <= 0xff; low += 1) t.notOk(proof.isEd25519Key(Uint8Array.of(low, ...new Uint8Array(30).fill(255), 0x7f)));
    t.ok(proof.isEd25519Key(Uint8Array.of(0xeb, ...new Uint8Array(30).fill(255), 0x7f)));
    const kept = hex(plain);
    proof.isEd25519Key(Buffer.from(kept.buffer));
    t.same(kept, hex(plain), 'looking at a key leaves it as it was');
  });
}

t.test('keys and signatures with every part of small order: both say the same', async (t) => {
  const { Point } = ed25519;
  const order = Point.Fn.ORDER;
  const numberIn = (bytes: Uint8Array): bigint => bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  const bytesIn = (number: bigint): Uint8Array => hex(number.toString(16).padStart(64, '0')).reverse();
  const eighth = Point.fromBytes(hex('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa'));
  const secret = 1234567n;
  const found = { held: 0, small: 0 };
  for (const nonce of [0n, 77n]) {
    for (let of = 0; of < 64; of += 1) {
      const [t1, t2] = [BigInt(of >> 3), BigInt(of & 7)];
      const key = Point.BASE.multiplyUnsafe(secret).add(eighth.multiplyUnsafe(t1)).toBytes();
      const r = Point.BASE.multiplyUnsafe(nonce).add(eighth.multiplyUnsafe(t2)).toBytes();
      // A message with which the equation holds without the cofactor: −k·t1 = t2, modulo eight.
      for (let i = 0; i < 64; i += 1) {
        const message_bytes = Uint8Array.of(of, i);
        const k = numberIn(createHash('sha512').update(r).update(key).update(message_bytes).digest()) % order;
        if ((k * t1 + t2) % 8n !== 0n) continue;
        const signature = node.joined(r, bytesIn((nonce + k * secret) % order));
        const answers = libraries.map(([, proof]) => proof.ed25519Verify(key, message_bytes, signature));
        t.same(answers, nonce === 0n ? [false, false] : [true, true], `${nonce} ${t1} ${t2}`);
        found[nonce === 0n ? 'small' : 'held'] += 1;
        break;
      }
    }
  }
  t.ok(found.held > 30 && found.small > 30);
});

// ── What passkeys sign with ──────────────────────────────────────────────────────────────────────

const message = node.utf8('付款 1,380.00 元');
const { privateKey: ec, publicKey: ec_public } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const { x, y } = ec_public.export({ format: 'jwk' });
const point = { x: node.bytesOfBase64url(x!), y: node.bytesOfBase64url(y!) };
const es256 = new Uint8Array(signWith('sha256', message, ec));
const { privateKey: rsa, publicKey: rsa_public } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const { n, e } = rsa_public.export({ format: 'jwk' });
const numbers = { n: node.bytesOfBase64url(n!), e: node.bytesOfBase64url(e!) };
const rs256 = new Uint8Array(signWith('sha256', message, rsa));

/** r and s as DER, however large; lengths and signs as given. */
const derOf = (r: bigint, s: bigint, padded = 0): Uint8Array => {
  const number = (value: bigint): number[] => {
    const digits = value.toString(16);
    const bytes = [...hex(digits.length % 2 === 0 ? digits : `0${digits}`)];
    return [2, bytes.length + padded + (bytes[0]! >= 0x80 ? 1 : 0), ...new Uint8Array(padded), ...(bytes[0]! >= 0x80 ? [0] : []), ...bytes];
  };
  const body = [...number(r), ...number(s)];
  return Uint8Array.of(0x30, body.length, ...body);
};

for (const [name, proof] of libraries) {
  t.test(`${name}: ECDSA on P-256`, async (t) => {
    const holds = (signature: Uint8Array, key = point): boolean => proof.es256Verify(key, message, signature);
    t.ok(holds(es256));
    t.same([...flipped(es256)].filter((bent) => holds(bent)), []);
    t.same([...flipped(point.x, 5)].filter((bent) => holds(es256, { ...point, x: bent })), []);
    t.notOk(proof.es256Verify(point, proof.utf8('付款 1,380.01 元'), es256));
    const raw = proof.rawOfDer(es256)!;
    const r = proof.numberOf(raw.subarray(0, 32));
    const s = proof.numberOf(raw.subarray(32));
    const order = p256.Point.Fn.ORDER;
    t.ok(holds(derOf(r, s)));
    t.ok(holds(derOf(r, order - s)), 'devices may give either s');
    const wrong = { 'r 0': derOf(0n, s), 's 0': derOf(r, 0n), 'r the order': derOf(order, s), 'r beyond': derOf(r + order, s), 's beyond': derOf(r, s + order), 'a zero before': derOf(r, s, 1),
      cut: es256.subarray(0, -1), longer: Uint8Array.of(...es256, 0), empty: new Uint8Array(0), raw };
    for (const [what, signature] of Object.entries(wrong)) t.notOk(holds(signature), what);
    t.notOk(proof.isP256Key({ x: point.x, y: point.x }));
    t.notOk(proof.isP256Key({ x: new Uint8Array(32), y: new Uint8Array(32) }));
    t.notOk(proof.isP256Key({ x: point.x.subarray(1), y: point.y }));
    t.notOk(proof.isP256Key({ x: new Uint8Array(32).fill(255), y: point.y }));
  });

  t.test(`${name}: RSA PKCS #1 v1.5 with SHA-256`, async (t) => {
    const holds = (signature: Uint8Array, key = numbers): boolean => proof.rs256Verify(key, message, signature);
    t.ok(holds(rs256));
    t.same([...flipped(rs256, 37)].filter((bent) => holds(bent)), []);
    t.same([...flipped(numbers.n, 97)].filter((bent) => holds(rs256, { ...numbers, n: bent })), []);
    t.notOk(proof.rs256Verify(numbers, proof.utf8('x'), rs256));
    t.notOk(holds(rs256.subarray(1)));
    t.notOk(holds(Uint8Array.of(0, ...rs256)));
    const above = (proof.numberOf(rs256) + proof.numberOf(numbers.n)).toString(16);
    t.notOk(holds(hex(above.padStart(514, '0').slice(-512))), 'the same number beyond the modulus');
    const small = generateKeyPairSync('rsa', { modulusLength: 1024 });
    const its = small.publicKey.export({ format: 'jwk' });
    const short = { n: proof.bytesOfBase64url(its.n!), e: proof.bytesOfBase64url(its.e!) };
    t.notOk(proof.rs256Verify(short, message, new Uint8Array(signWith('sha256', message, small.privateKey))), 'a key of 1024 bits');
    t.notOk(proof.rs256Verify(numbers, message, new Uint8Array(signWith('sha512', message, rsa))), 'another hash');
    const even = new Uint8Array(numbers.n);
    even[even.length - 1]! &= 0xfe;
    for (const key of [{ ...numbers, e: Uint8Array.of(1) }, { ...numbers, e: Uint8Array.of(4) }, { ...numbers, e: Uint8Array.of(0, 1, 0, 1) }, { ...numbers, e: new Uint8Array(0) },
      { ...numbers, e: new Uint8Array(5).fill(1) }, { ...numbers, n: even }, { ...numbers, n: Uint8Array.of(0, ...numbers.n) }, { ...numbers, n: new Uint8Array(0) }]) {
      t.notOk(proof.isRsaKey(key));
    }
  });
}

t.test('a forged RSA signature with room behind the hash (Bleichenbacher 2006, exponent 3) is refused by both', async (t) => {
  // Any modulus of 3072 bits does: the cube never reaches it.
  const modulus = (1n << 3071n) + 1n;
  const key = { n: hex(modulus.toString(16)), e: Uint8Array.of(3) };
  const info = `3031300d060960864801650304020105000420${createHash('sha256').update(message).digest('hex')}`;
  const target = BigInt(`0x0001${'ff'.repeat(8)}00${info}${'00'.repeat(384 - 11 - info.length / 2)}`);
  let low = 0n;
  let high = 1n << 1100n;
  while (low < high) {
    const middle = (low + high) / 2n;
    if (middle ** 3n < target) low = middle + 1n;
    else high = middle;
  }
  const forged = hex(low.toString(16).padStart(768, '0'));
  t.match((low ** 3n).toString(16).padStart(768, '0'), new RegExp(`^0001f{16}00${info}`), 'it begins like a signature');
  for (const [name, proof] of libraries) t.notOk(proof.rs256Verify(key, message, forged), name);
});

t.test('bent at random, both say the same', async (t) => {
  const bytes = (most: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ minLength: 0, maxLength: most });
  /** The good one, or with bytes replaced, or anything. */
  const like = (good: Uint8Array): fc.Arbitrary<Uint8Array> => fc.oneof(
    fc.constant(good), bytes(good.length + 2),
    fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 3 }).map((changes) => {
      const copy = new Uint8Array(good);
      for (const [at, byte] of changes) copy[at] = byte;
      return copy;
    }),
  );
  const secret = new Uint8Array(32).fill(9);
  const key = node.ed25519Public(secret);
  const signature = node.ed25519Sign(secret, message);
  fc.assert(fc.property(like(key), like(message), like(signature), (a, b, c) => node.ed25519Verify(a, b, c) === browser.ed25519Verify(a, b, c)), { numRuns: 400 });
  fc.assert(fc.property(like(point.x), like(point.y), like(es256), (a, b, c) =>
    node.es256Verify({ x: a, y: b }, message, c) === browser.es256Verify({ x: a, y: b }, message, c)), { numRuns: 600 });
  fc.assert(fc.property(like(numbers.n), like(numbers.e), like(rs256), (a, b, c) =>
    node.rs256Verify({ n: a, e: b }, message, c) === browser.rs256Verify({ n: a, e: b }, message, c)), { numRuns: 200 });
  t.pass();
});
