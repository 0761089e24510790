import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '#kernel/root.ts'

/** What `signCall` of docs/standards.md takes. */
export type Call = {
  key: string
  keyid: string
  method: string
  address: string
  body: string | Uint8Array | null
  idempotencyKey?: string
  now?: number
}

/** The headers of a signed call, by the very function that docs/standards.md gives to callers. */
export async function signCall(call: Call): Promise<Record<string, string>> {
  const page = readFileSync(join(ROOT, 'docs/standards.md'), 'utf8')
  const code = [...page.matchAll(/```js\n([\s\S]*?)```/g)].find(([, code]) => code!.includes('function signCall'))![1]!
  return (await import(`data:text/javascript,${encodeURIComponent(code)}`)).signCall(call)
}
