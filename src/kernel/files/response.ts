import { Readable } from 'node:stream'
import type { Ctx } from '../context.ts'
import { readFile, type StoredFile } from './files.ts'

/**
 * The headers with which a browser saves a body as a file and never runs it: of the stated type, under this name
 * (RFC 6266: browsers take the second, Cyrillic one), kept by nobody.
 */
export const attachment = (type: string, name: string): Record<string, string> => ({
  'Content-Type': type.startsWith('text/') ? `${type}; charset=utf-8` : type,
  'Content-Disposition': `attachment; filename="${asciiName(name)}"; filename*=UTF-8''${encodeName(name)}`,
  'X-Content-Type-Options': 'nosniff',
  'Cache-Control': 'no-store',
})

/** The answer that saves a kept file, streamed from the store. Who may have it was asked by getFile(). */
export async function fileResponse(ctx: Ctx, file: StoredFile): Promise<Response> {
  const content = await readFile(ctx, file)
  return new Response(Readable.toWeb(Readable.from(content)) as ReadableStream<Uint8Array<ArrayBuffer>>, {
    headers: { ...attachment(file.type, file.name), 'Content-Length': String(file.size) },
  })
}

const asciiName = (name: string) => {
  const [, stem = '', ending = ''] = /^(.*?)(\.\w{1,8})?$/s.exec(name) ?? []
  return stem.replace(/[^\w.-]+/g, '_').slice(0, 80) + ending
}
const encodeName = (name: string) =>
  encodeURIComponent(name.toWellFormed()).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
