import { randomInt } from 'node:crypto'
import type { TestApp } from './app.ts'

/** Makes every request come from another address, so that what is tested is not the limit of requests. */
export function strangers({ platform }: Pick<TestApp, 'platform'>): () => Record<string, string> {
  const config = platform.config as { HAMSAFAR_PROXY: boolean }
  config.HAMSAFAR_PROXY = true
  return () => ({ 'x-forwarded-for': Array.from({ length: 4 }, () => randomInt(1, 255)).join('.') })
}
