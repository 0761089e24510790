import { expect, test } from 'vitest'
import { oprf, voprf } from './oprf-key.ts'
import { outputOf } from './tags.ts'

// RFC 9497, appendix A.1: ristretto255-SHA512.
const hex = (text: string) => new Uint8Array(Buffer.from(text, 'hex'))
const shown = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
const SEED = hex('a3'.repeat(32))
const INFO = new TextEncoder().encode('test key')
const BLIND = hex('64d37aed22a27f5191de1c1d69fadb899d8862b58eb4220029e036ec4c1f6706')

test('A.1.1: the base mode', () => {
  const { secretKey } = oprf.deriveKeyPair(SEED, INFO)
  expect(shown(secretKey)).toBe('5ebcea5ee37023ccb9fc2d2019f9d7737be85591ae8652ffa9ef0f4d37063b0e')
  const evaluated = oprf.blindEvaluate(
    secretKey,
    hex('609a0ae68c15a3cf6903766461307e5c8bb2f95e7e6550e1ffa2dc99e412803c'),
  )
  expect(shown(evaluated)).toBe('7ec6578ae5120958eb2db1745758ff379e77cb64fe77b0b2d8cc917ea0869c7e')
  expect(shown(oprf.finalize(hex('00'), BLIND, evaluated))).toBe(
    '527759c3d9366f277d8c6020418d96bb393ba2afb20ff90df23fb7708264e2f3ab9135e3bd69955851de4b1f9fe8a0973396719b7912ba9ee8aa7d0b5e24bcf6',
  )
})

test('A.1.2: the verifiable mode', () => {
  const { secretKey, publicKey } = voprf.deriveKeyPair(SEED, INFO)
  expect(shown(secretKey)).toBe('e6f73f344b79b379f1a0dd37e07ff62e38d9f71345ce62ae3a9bc60b04ccd909')
  expect(shown(publicKey)).toBe('c803e2cc6b05fc15064549b5920659ca4a77b2cca6f04f6b357009335476ad4e')
  const blinded = hex('863f330cc1a1259ed5a5998a23acfd37fb4351a793a5b3c090b642ddc439b945')
  const { evaluated, proof } = voprf.blindEvaluate(secretKey, publicKey, blinded)
  expect(shown(evaluated)).toBe('aa8fa048764d5623868679402ff6108d2521884fa138cd7f9c7669a9a014267e')
  expect(shown(voprf.finalize(hex('00'), BLIND, evaluated, blinded, publicKey, proof))).toBe(
    'b58cfbe118e0cb94d79b5fd6a6dafb98764dff49c14e1770b566e42402da1a7da4d8527693914139caee5bd03903af43a491351d23b430948dd50cde10d32b3c',
  )
})

test('what we make with the secret key in hand is what a carrier gets, blinded and verified; another key is found out', () => {
  const { secretKey, publicKey } = voprf.generateKeyPair()
  const input = new TextEncoder().encode('document A12345678 19900214')
  const { blind, blinded } = voprf.blind(input)
  const { evaluated, proof } = voprf.blindEvaluate(secretKey, publicKey, blinded)
  expect(shown(voprf.finalize(input, blind, evaluated, blinded, publicKey, proof))).toBe(
    shown(outputOf(secretKey, 'document A12345678 19900214')),
  )
  const other = voprf.generateKeyPair()
  expect(() => voprf.finalize(input, blind, evaluated, blinded, other.publicKey, proof)).toThrow()
})
