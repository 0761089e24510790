/** What a content is, and the ending its name should have. */
export type Sniffed = { type: string; extension: string | null }

/**
 * The type that the content itself shows; what its name or the browser says counts for nothing. Text without a mark of
 * its own is `text/plain`, everything unknown `application/octet-stream`.
 */
export async function sniff(content: Uint8Array): Promise<Sniffed> {
  const { fileTypeFromBuffer } = await import('file-type')
  const found = await fileTypeFromBuffer(content).catch(() => undefined)
  if (found) return { type: found.mime, extension: found.ext }
  return isText(content)
    ? { type: 'text/plain', extension: null }
    : { type: 'application/octet-stream', extension: null }
}

function isText(content: Uint8Array): boolean {
  if (content.includes(0)) return false
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(content)
    return true
  } catch {
    return false
  }
}

/**
 * A name that may be shown and saved: without folders, control signs and signs that turn text around; with the ending
 * that the content has, so that a picture called `list.exe` is saved as `list.jpg`.
 */
export function tidyName(name: string, extension: string | null): string {
  const last = name
    .toWellFormed()
    .split(/[\\/]/)
    .at(-1)!
    .replace(/[\p{Cc}\p{Cf}]/gu, '')
    .trim()
  const cut = (text: string, most: number) => text.slice(0, most).toWellFormed()
  if (!extension) return cut(last, 150) || 'file'
  const stem = last.replace(/\.[\p{L}\p{N}]{1,8}$/u, '')
  return `${cut(stem, 140) || 'file'}.${extension}`
}
