import { expect, test } from 'vitest'
import { contentDigest, readSignature, type SignedRequest, verifySignature } from './message-signature.ts'

// RFC 9421, appendix B.1.4 and B.2.6.
const KEY = Buffer.from('JrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=', 'base64')
const HEADERS: Record<string, string> = {
  host: 'example.com',
  date: 'Tue, 20 Apr 2021 02:07:55 GMT',
  'content-type': 'application/json',
  'content-length': '18',
  'signature-input':
    'sig-b26=("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519"',
  signature: 'sig-b26=:wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==:',
}
const request = (change: Record<string, string> = {}, method = 'POST'): SignedRequest => ({
  method,
  target: 'https://example.com/foo?param=Value&Pet=dog',
  header: (name) => ({ ...HEADERS, ...change })[name],
})
const holds = (one: SignedRequest) => {
  const signature = readSignature(one)
  return signature !== null && verifySignature(one, signature, KEY)
}

test("the standard's own example is verified", () => {
  expect(readSignature(request())).toMatchObject({ keyid: 'test-key-ed25519', created: 1618884473 })
  expect(holds(request())).toBe(true)
})

test.each([
  ['another method', request({}, 'PUT')],
  ['another header', request({ 'content-length': '19' })],
  ['another time', request({ 'signature-input': HEADERS['signature-input']!.replace('4473', '4474') })],
  ['fewer components', request({ 'signature-input': HEADERS['signature-input']!.replace('"date" ', '') })],
  ['a component twice', request({ 'signature-input': HEADERS['signature-input']!.replace('"date"', '"date" "date"') })],
  [
    'a component that is not there',
    request({ 'signature-input': HEADERS['signature-input']!.replace('date', 'etag') }),
  ],
  ['two signatures', request({ 'signature-input': `${HEADERS['signature-input']}, ${HEADERS['signature-input']}` })],
  ['another label', request({ signature: HEADERS.signature!.replace('sig-b26', 'sig1') })],
  ['no signature', request({ signature: '' })],
  ['another algorithm', request({ 'signature-input': `${HEADERS['signature-input']};alg="rsa-pss-sha512"` })],
])('not with %s', (_, altered) => expect(holds(altered)).toBe(false))

test('the digest of a body is that of RFC 9530', () =>
  expect(contentDigest(Buffer.from('{"hello": "world"}'))).toBe(
    'sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:',
  ))
