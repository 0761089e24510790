import { brotliDecompressSync } from 'node:zlib'
import { Hono } from 'hono'
import { expect, test } from 'vitest'
import { asset, serveAssets } from './assets.ts'

const app = new Hono().get('/assets/*', serveAssets())
app.onError((_error, c) => c.text('', 404))

test('a style sheet has a name made of its content, is packed, and may be kept for a year', async () => {
  const url = asset('public.css')
  expect(url).toMatch(/^\/assets\/public-\w{8}\.css$/)
  const plain = await app.request(url)
  expect(plain.headers.get('content-type')).toBe('text/css; charset=utf-8')
  expect(plain.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
  const packed = await app.request(url, { headers: { 'accept-encoding': 'gzip, br' } })
  expect(packed.headers.get('content-encoding')).toBe('br')
  expect(brotliDecompressSync(new Uint8Array(await packed.arrayBuffer())).toString()).toBe(await plain.text())
})

test.each(['/assets/nothing.css', '/assets/manifest.json', '/assets/../manifest.json', '/assets/%2e%2e/package.json'])(
  'nothing else is served: %s',
  async (path) => {
    expect((await app.request(path)).status).toBe(404)
  },
)

test('an unknown name is a fault where it is written', () => {
  expect(() => asset('pubic.css')).toThrow(/There is no asset pubic\.css/)
})
