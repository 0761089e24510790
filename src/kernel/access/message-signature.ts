import { createHash, createPublicKey, verify } from 'node:crypto'

/** A request as far as its signature can speak of it. `target`: its whole address, as the caller wrote it. */
export type SignedRequest = { method: string; target: string; header(name: string): string | undefined }

/** What a request states of its signature, before anything is verified. */
export type MessageSignature = {
  keyid: string
  /** Seconds since 1970. */
  created: number
  /** What is signed: names of headers, and derived components such as `@method`. */
  covered: string[]
  /** As written, for the last line of what is signed. */
  params: string
  signature: Buffer
}

const INPUT =
  /^([a-z][a-z0-9_.-]*)=(\(((?:"[a-z0-9@-]+"(?: "[a-z0-9@-]+")*)?)\)((?:;[a-z]+=(?:"[\x20-\x21\x23-\x5b\x5d-\x7e]*"|\d{1,12}))*))$/

/** Reads the one signature of a request (RFC 9421, of Ed25519). Null where there is none, several, or one of another kind. */
export function readSignature({ header }: SignedRequest): MessageSignature | null {
  const [, label, params, list, rest] = INPUT.exec(header('signature-input') ?? '') ?? []
  if (!label || params === undefined) return null
  const value = header('signature') ?? ''
  const bytes = value.startsWith(`${label}=:`) && value.endsWith(':') ? value.slice(label.length + 2, -1) : ''
  const given = new Map(Array.from(rest!.matchAll(/;([a-z]+)=(?:"([^"]*)"|(\d+))/g), ([, k, s, n]) => [k!, s ?? n!]))
  if (!given.get('keyid') || !given.get('created') || (given.get('alg') ?? 'ed25519') !== 'ed25519') return null
  return {
    keyid: given.get('keyid')!,
    created: Number(given.get('created')),
    covered: list ? list.slice(1, -1).split('" "') : [],
    params,
    signature: Buffer.from(bytes, 'base64'),
  }
}

/** Whether this key (32 bytes, Ed25519) has signed this of the request. Nothing is said of its age or its body. */
export function verifySignature(request: SignedRequest, { covered, params, signature }: MessageSignature, key: Buffer) {
  if (new Set(covered).size !== covered.length) return false
  const lines = covered.map((name) => [name, componentOf(request, name)] as const)
  if (lines.some(([, value]) => value === undefined)) return false
  const base = [...lines, ['@signature-params', params]].map(([name, value]) => `"${name}": ${value}`).join('\n')
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: key.toString('base64url') }
  return verify(null, Buffer.from(base), createPublicKey({ key: jwk, format: 'jwk' }), signature)
}

/** The header that binds a body to its signature (RFC 9530). */
export const contentDigest = (body: Uint8Array): string =>
  `sha-256=:${createHash('sha256').update(body).digest('base64')}:`

function componentOf({ method, target, header }: SignedRequest, name: string): string | undefined {
  const { host, pathname, search } = new URL(target)
  const derived: Record<string, string> = {
    '@method': method,
    '@target-uri': target,
    '@authority': host,
    '@path': pathname,
    '@query': search || '?',
  }
  return name.startsWith('@') ? derived[name] : header(name)?.trim()
}
